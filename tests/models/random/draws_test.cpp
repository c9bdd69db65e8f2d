#include "models/random/draws.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace superpod::models {
namespace {

std::vector<std::int64_t> drawn(std::int64_t seed, std::uint32_t purpose, std::int64_t size, int count) {
  const std::array words{purpose, 0U};
  Draws draws{Random{seed, words}, size};
  std::vector<std::int64_t> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(draws.next().value());
  return numbers;
}

TEST(Draws, DrawEachNumberOnceAndThenNoMore) {
  for (const std::int64_t size : {1, 2, 7, 100}) {
    Draws draws{Random{1, std::array{1U}}, size};
    std::set<std::int64_t> seen;
    while (const auto number = draws.next()) {
      EXPECT_GE(*number, 0);
      EXPECT_LT(*number, size);
      EXPECT_TRUE(seen.insert(*number).second) << *number;
    }
    EXPECT_EQ(static_cast<std::int64_t>(seen.size()), size);
  }
}

TEST(Draws, FollowFromTheSeedAndThePurpose) {
  EXPECT_EQ(drawn(5, 1, 1000, 20), drawn(5, 1, 1000, 20));
  EXPECT_NE(drawn(5, 1, 1000, 20), drawn(6, 1, 1000, 20));
  EXPECT_NE(drawn(5, 1, 1000, 20), drawn(5, 2, 1000, 20));
}

TEST(Draws, AreTheSameOnEveryMachine) {
  // Ours, written down once.
  EXPECT_EQ(drawn(2026, 3, 1'006'720, 4), (std::vector<std::int64_t>{124217, 264040, 332082, 469883}));
}

TEST(Draws, AreCheapWhateverTheSize) {
  const auto numbers = drawn(1, 1, std::int64_t{1} << 62, 1000);
  EXPECT_EQ(std::set<std::int64_t>(numbers.begin(), numbers.end()).size(), 1000U);
}

TEST(Draws, TakeEachNumberEquallyOften) {
  constexpr int size = 6, rounds = 6000;
  std::array<int, size> first{}, last{};
  for (int seed = 0; seed < rounds; ++seed) {
    const auto order = drawn(seed, 1, size, size);
    ++first[static_cast<std::size_t>(order.front())];
    ++last[static_cast<std::size_t>(order.back())];
  }
  constexpr double five_sigma = 5 * 28.9;  // of a binomial: sqrt(6000 * 1/6 * 5/6)
  for (std::size_t n = 0; n < size; ++n) {
    EXPECT_NEAR(first[n], rounds / size, five_sigma) << n;
    EXPECT_NEAR(last[n], rounds / size, five_sigma) << n;
  }
}

}  // namespace
}  // namespace superpod::models
