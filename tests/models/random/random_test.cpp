#include "models/random/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace superpod::models {
namespace {

TEST(Random, IsTheSameOnEveryMachine) {
  // The 10000th number from the standard's own seed is given by the C++ standard, [rand.predef].
  Random standard{std::mt19937_64::default_seed};
  for (int i = 1; i < 10'000; ++i) standard.bits();
  EXPECT_EQ(standard.bits(), 9981545732273789042U);
}

TEST(Random, NumbersBelowAnEndAreEquallyLikely) {
  Random random{3};
  constexpr int end = 7, count = 70'000;
  std::vector<int> seen(end);
  for (int i = 0; i < count; ++i) ++seen.at(random.below(end));
  for (const int times : seen) EXPECT_NEAR(times, count / end, 5 * 92.6);  // sqrt(70000 * 1/7 * 6/7)
}

TEST(Random, NormalNumbersHaveTheirMoments) {
  Random random{5};
  constexpr int count = 200'000;
  double sum = 0, squares = 0, cubes = 0, fourths = 0;
  for (int i = 0; i < count; ++i) {
    const double z = random.normal();
    sum += z;
    squares += z * z;
    cubes += z * z * z;
    fourths += z * z * z * z;
  }
  // Five standard errors; the moments' variances are 1, 2, 15 and 96.
  EXPECT_NEAR(sum / count, 0, 5 * std::sqrt(1.0 / count));
  EXPECT_NEAR(squares / count, 1, 5 * std::sqrt(2.0 / count));
  EXPECT_NEAR(cubes / count, 0, 5 * std::sqrt(15.0 / count));
  EXPECT_NEAR(fourths / count, 3, 5 * std::sqrt(96.0 / count));
}

TEST(Random, AShuffleHasEachOnceAndFollowsFromTheSeed) {
  std::vector<int> one(100);
  std::iota(one.begin(), one.end(), 0);
  std::vector<int> two = one, other = one;
  Random{1}.shuffle(one);
  Random{1}.shuffle(two);
  Random{2}.shuffle(other);
  EXPECT_EQ(one, two);
  EXPECT_NE(one, other);
  std::ranges::sort(one);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(one[static_cast<std::size_t>(i)], i);
}

TEST(Random, NormalQuantileIsTheInverseOfTheTail) {
  for (double tail = 1e-15; tail < 1; tail *= 1.7) {
    EXPECT_NEAR(0.5 * std::erfc(normal_quantile(tail) / std::sqrt(2)), tail, 1e-8 * tail);
    EXPECT_NEAR(normal_quantile(tail), -normal_quantile(1 - tail),
                1e-9 + 1e-15 / tail);  // 1 - tail is rounded
  }
}

TEST(Random, RandomNumbersAreUniformAndOfNoOrder) {
  constexpr int count = 100'000;
  const std::uint64_t first = stream(7, 0), second = stream(7, 1);
  double sum = 0, squares = 0, neighbours = 0, streams = 0;
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::uint64_t>(i);
    const double x = random_number(first, at) - 0.5;
    sum += x;
    squares += x * x;
    neighbours += x * (random_number(first, at + 1) - 0.5);
    streams += x * (random_number(second, at) - 0.5);
  }
  const double four_sigma =
      4 / std::sqrt(12.0 * count);  // of the mean; of a product 1/12 in place of 1/sqrt(12)
  EXPECT_NEAR(sum / count, 0, four_sigma);
  EXPECT_NEAR(squares / count, 1.0 / 12, four_sigma);
  EXPECT_NEAR(neighbours / count, 0, four_sigma / std::sqrt(12));
  EXPECT_NEAR(streams / count, 0, four_sigma / std::sqrt(12));
}

}  // namespace
}  // namespace superpod::models
