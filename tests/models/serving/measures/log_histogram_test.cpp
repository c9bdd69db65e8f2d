#include "models/serving/measures/log_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/random/random.hpp"

namespace superpod::models {
namespace {

constexpr double half_a_bin = 1.0014;  // 2^(1/512)

TEST(LogHistogram, KnowsQuantilesToHalfABin) {
  Random random{3};
  LogHistogram histogram;
  std::vector<double> times;
  for (int i = 0; i < 20000; ++i) times.push_back(std::exp(3 * random.normal()) * 1e-2);
  for (const double time : times) histogram.add(time * unit::s);
  std::ranges::sort(times);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = times[static_cast<std::size_t>(std::ceil(share * 20000)) - 1];
    EXPECT_LE(histogram.quantile(share) / (exact * unit::s), half_a_bin) << share;
    EXPECT_GE(histogram.quantile(share) / (exact * unit::s), 1 / half_a_bin) << share;
  }
  EXPECT_EQ(histogram.quantile(1), times.back() * unit::s);
  EXPECT_EQ(LogHistogram{}.quantile(0.5), Seconds{});
}

TEST(LogHistogram, OfAProgressionIsThatOfItsTerms) {
  Random random{4};
  for (int round = 0; round < 200; ++round) {
    const Seconds first = random.uniform() * 1e-2 * unit::s;
    const Seconds growth = round % 4 == 0 ? Seconds{} : std::pow(10, -9 + 7 * random.uniform()) * unit::s;
    const auto count = static_cast<std::int64_t>(1 + random.below(3000));
    LogHistogram together, each;
    together.add_progression(first, growth, count, 3);
    for (std::int64_t i = 0; i < count; ++i) each.add(first + static_cast<double>(i) * growth, 3);
    EXPECT_NEAR(together.mean() / each.mean(), 1, 1e-12);
    EXPECT_EQ(together.count(), each.count());
    const auto a = together.bins(), b = each.bins();
    ASSERT_EQ(a.size(), b.size()) << round;
    double moved = 0;  // a term on the edge of two bins may be rounded into the other
    for (std::size_t i = 0; i < a.size(); ++i) moved += std::abs(a[i].count - b[i].count);
    EXPECT_LE(moved, 2 * 3.0) << round;
  }
}

TEST(LogHistogram, OfTwoIsThatOfAll) {
  LogHistogram some, others, all;
  for (int i = 1; i <= 1000; ++i) {
    (i % 3 == 0 ? some : others).add(i * unit::ms);
    all.add(i * unit::ms);
  }
  some.add(others);
  EXPECT_EQ(some.count(), 1000);
  EXPECT_NEAR(some.mean().in(unit::ms), 500.5, 1e-9);
  for (const double share : {0.0, 0.1, 0.5, 0.95, 1.0})
    EXPECT_EQ(some.quantile(share), all.quantile(share)) << share;
}

}  // namespace
}  // namespace superpod::models
