// Dates have the law that their load names.

#include "models/serving/requests/arrivals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace superpod::models {
namespace {

using unit::s, unit::Hz;

constexpr int many = 200'000;

template <class OpenLoad>
std::vector<double> dates(const OpenLoad& load, int count, std::uint64_t seed = 21) {
  Arrivals arrivals{load, Random{seed}};
  std::vector<double> all;
  for (int i = 0; i < count; ++i)
    if (const Seconds date = arrivals.next(); date < never) all.push_back(date.in(s));
  return all;
}

/// Of the gaps between requests: the mean, and the means of powers of what they are relative to it.
struct Gaps {
  double mean = 0, squares = 0, cubes = 0, neighbours = 0, above_mean = 0;
};

Gaps gaps(const std::vector<double>& dates) {
  const auto count = static_cast<double>(dates.size());
  Gaps of{.mean = dates.back() / count};
  double last = 0, before = 0;
  for (const double date : dates) {
    const double gap = (date - last) / of.mean - 1;
    of.squares += gap * gap / count;
    of.cubes += gap * gap * gap / count;
    of.neighbours += gap * before / count;
    of.above_mean += (gap > 0 ? 1 : 0) / count;
    last = date, before = gap;
  }
  return of;
}

TEST(Arrivals, PoissonGapsAreExponentialAndKnowNothingOfEachOther) {
  const Gaps of = gaps(dates(PoissonLoad{50 * Hz}, many));
  const double error = 5 / std::sqrt(many);  // five standard errors, times a standard deviation
  EXPECT_NEAR(of.mean, 0.02, 0.02 * error);
  EXPECT_NEAR(of.squares, 1, error * std::sqrt(8));  // fourth central moment 9
  EXPECT_NEAR(of.cubes, 2, error * std::sqrt(265 - 4));
  EXPECT_NEAR(of.neighbours, 0, error);
  EXPECT_NEAR(of.above_mean, std::exp(-1), error * std::sqrt(0.37 * 0.63));
}

TEST(Arrivals, TwiceTheRateIsHalfOfEachDate) {
  const auto once = dates(PoissonLoad{3 * Hz}, 1000), twice = dates(PoissonLoad{6 * Hz}, 1000);
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i], 2 * twice[i]);
}

/// Central moments of a gamma gap relative to its mean: cv^2, 2 cv^4, 3 cv^4 + 6 cv^6.
TEST(Arrivals, GammaGapsHaveTheirMoments) {
  for (const double cv : {0.2, 0.7, 1.0, 1.3, 2.5}) {
    const Gaps of = gaps(dates(GammaLoad{50 * Hz, cv}, many));
    const double error = 5 / std::sqrt(many), square = cv * cv;
    EXPECT_NEAR(of.mean, 0.02, 0.02 * error * cv) << cv;
    EXPECT_NEAR(of.squares, square, error * std::sqrt(2 * square * square + 6 * std::pow(square, 3))) << cv;
    EXPECT_NEAR(of.neighbours, 0, error * square) << cv;
    if (cv > 1) continue;  // the sixth moment leaves the third to chance
    EXPECT_NEAR(of.cubes, 2 * square * square, error * 16 * std::pow(cv, 3)) << cv;
  }
  EXPECT_NEAR(gaps(dates(GammaLoad{50 * Hz, 1}, many)).above_mean, std::exp(-1), 0.006);  // it is Poisson
}

TEST(Arrivals, WithoutVariationGapsAreEqual) {
  const auto even = dates(GammaLoad{4 * Hz, 0}, 100);
  for (std::size_t i = 0; i < even.size(); ++i) EXPECT_EQ(even[i], 0.25 * static_cast<double>(i + 1));
}

/// The requests that are expected until a date, for a rate that rises from 2 to 6 in 10 s, falls to 1 at
/// once, stays until 20 s and then begins again: 40 + 10 in a period.
double expected_until(double date) {
  const double periods = std::floor(date / 20), t = date - 20 * periods;
  return 50 * periods + (t < 10 ? 2 * t + 0.2 * t * t : 40 + (t - 10));
}

const RampLoad ramp{{{0 * s, 2 * Hz}, {10 * s, 6 * Hz}, {10 * s, 1 * Hz}}, 20 * s};

TEST(Arrivals, RampsArePoissonOnTheAxisOfWhatIsExpected) {
  EXPECT_DOUBLE_EQ(expected_requests(ramp), 50);
  const auto plain = dates(PoissonLoad{1 * Hz}, 20'000), ramped = dates(ramp, 20'000);
  for (std::size_t i = 0; i < plain.size(); ++i)
    ASSERT_NEAR(expected_until(ramped[i]), plain[i], 1e-8) << i;  // 400 periods, to rounding
}

TEST(Arrivals, RampsHaveAsManyInEachPartOfADayAsTheirIntegralSays) {
  std::vector<int> seen(20);
  for (const double date : dates(ramp, many)) ++seen[static_cast<std::size_t>(std::fmod(date, 20))];
  for (int second = 0; second < 20; ++second) {
    const double expected = many / 50.0 * (expected_until(second + 1) - expected_until(second));
    EXPECT_NEAR(seen[static_cast<std::size_t>(second)], expected, 5 * std::sqrt(expected));
  }
}

TEST(Arrivals, ARampThatStaysIsAPoissonProcess) {
  const auto plain = dates(PoissonLoad{8 * Hz}, 1000);
  for (const RampLoad& flat : {RampLoad{{{0 * s, 8 * Hz}}, std::nullopt}, RampLoad{{{0 * s, 8 * Hz}}, 3 * s},
                               RampLoad{{{0 * s, 8 * Hz}, {2 * s, 8 * Hz}}, std::nullopt}}) {
    const auto ramped = dates(flat, 1000);
    for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_NEAR(ramped[i], plain[i], 1e-11 * plain[i]);
  }
}

/// A triangle of 200 expected requests, and then none: their number is Poisson distributed.
TEST(Arrivals, ARampThatEndsGivesNoMore) {
  const RampLoad triangle{{{0 * s, 0 * Hz}, {10 * s, 20 * Hz}, {20 * s, 0 * Hz}}, std::nullopt};
  constexpr int times = 400;
  double sum = 0, squares = 0;
  for (int seed = 0; seed < times; ++seed) {
    const auto all = dates(triangle, 1000, static_cast<std::uint64_t>(seed));
    EXPECT_LE(all.back(), 20);
    const auto count = static_cast<double>(all.size());
    sum += count / times, squares += count * count / times;
  }
  EXPECT_NEAR(sum, 200, 5 * std::sqrt(200.0 / times));
  EXPECT_NEAR(squares - sum * sum, 200, 5 * 200 * std::sqrt(2.0 / times));
}

template <class OpenLoad>
void expect_order(const OpenLoad& load) {
  double last = 0;
  for (const double date : dates(load, 100'000)) {
    ASSERT_GE(date, last);
    last = date;
  }
  EXPECT_TRUE(std::isfinite(last));
}

TEST(Arrivals, NeverGoBackwards) {
  expect_order(PoissonLoad{1e15 * Hz});
  expect_order(GammaLoad{1e15 * Hz, 100});
  expect_order(GammaLoad{1e-9 * Hz, 1e-5});
  expect_order(ramp);
  expect_order(RampLoad{{{0 * s, 0 * Hz}, {1e-6 * s, 1e15 * Hz}}, 1e-6 * s});
  expect_order(RampLoad{{{0 * s, 1e-15 * Hz}, {1e-12 * s, 0 * Hz}}, 1e-12 * s});  // 1e27 periods a request
}

}  // namespace
}  // namespace superpod::models
