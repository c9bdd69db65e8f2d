// How many tokens the timed rank's experts get.

#include "scenarios/tables/expert_load.hpp"

#include <gtest/gtest.h>

namespace superpod::scenarios {
namespace {

constexpr double exact = 1e-12;

TEST(BalancedLoad, ManyTokensAreSharedEvenly) {
  for (const int ranks : {1, 2, 8, 64, 256}) {
    const ExpertLoad load = balanced_load({.tokens = 4096, .top_k = 8, .experts = 256, .ranks = ranks});
    EXPECT_EQ(load.experts, 256.0 / ranks);
    EXPECT_EQ(load.rows, 4096.0 * 8 / ranks);
  }
}

TEST(BalancedLoad, FewTokensMeetFewExperts) {
  // Stride 32: token 0 chooses experts 0, 32, 64, ...; the first of 8 ranks owns 0 to 31, so it has one of
  // them.
  const ExpertLoad one = balanced_load({.tokens = 1, .top_k = 8, .experts = 256, .ranks = 8});
  EXPECT_EQ(one.experts, 1);
  EXPECT_EQ(one.rows, 1);
  // 16 tokens are two experts apart: of 128 ranks with two experts each, the first sees one token.
  EXPECT_EQ(balanced_load({.tokens = 16, .top_k = 8, .experts = 256, .ranks = 128}).rows, 1);
  EXPECT_EQ(balanced_load({.tokens = 32, .top_k = 8, .experts = 256, .ranks = 128}).rows, 2);
}

TEST(BalancedLoad, OneRankHasAllRows) {
  for (const double tokens : {1.0, 3.0, 17.0, 100.0, 1000.0, 4097.0})
    for (const double top_k : {1.0, 6.0, 8.0})
      EXPECT_EQ(balanced_load({.tokens = tokens, .top_k = top_k, .experts = 128, .ranks = 1}).rows,
                tokens * top_k);
}

TEST(RandomLoad, IsTheExpectation) {
  const ExpertLoad one = random_load({.tokens = 1, .top_k = 6, .experts = 64, .ranks = 1});
  EXPECT_NEAR(one.experts, 6, 6 * exact);
  EXPECT_NEAR(one.rows, 6, 6 * exact);
  // Two tokens meet 6 + 6 * 58/64 experts.
  const ExpertLoad two = random_load({.tokens = 2, .top_k = 6, .experts = 64, .ranks = 1});
  EXPECT_NEAR(two.experts, 6 + 6 * 58.0 / 64, 12 * exact);
}

TEST(PowerLawLoad, OneRankHasAllRows) {
  for (const double tokens : {1.0, 32.0, 33.0, 1024.0, 524288.0})
    for (const double alpha : {0.6, 1.0, 1.2})
      EXPECT_NEAR(power_law_load({.tokens = tokens, .top_k = 8, .experts = 256, .ranks = 1}, alpha).rows,
                  tokens * 8, tokens * 8 * exact);
}

TEST(PowerLawLoad, TheBusiestRankHasMoreThanItsShareAndASteeperLawMore) {
  double before = 0;
  for (const double alpha : {0.6, 0.8, 1.01, 1.2}) {
    const ExpertLoad load = power_law_load({.tokens = 4096, .top_k = 8, .experts = 256, .ranks = 32}, alpha);
    EXPECT_GT(load.rows, 4096.0 * 8 / 32);
    EXPECT_GT(load.rows, before);
    EXPECT_LE(load.experts, 8);
    before = load.rows;
  }
}

TEST(PowerLawLoad, FewTokensDoNotMeetOnOneRank) {
  // 24 choices among 384 experts are mostly handed out one by one, and each of 16 ranks gets its share of
  // them.
  const ExpertLoad load = power_law_load({.tokens = 4, .top_k = 6, .experts = 384, .ranks = 16}, 1.2);
  EXPECT_GE(load.rows, 24.0 / 16);
  EXPECT_LE(load.rows, 6);
}

TEST(PowerLawLoad, NoExpertGetsATokenTwice) {
  for (const double tokens : {2.0, 64.0, 65536.0}) {
    const ExpertLoad load = power_law_load({.tokens = tokens, .top_k = 8, .experts = 16, .ranks = 16}, 1.2);
    EXPECT_LE(load.rows, tokens);
  }
}

TEST(PowerLawLoad, IsTheSameEachTime) {
  const Routing routing{.tokens = 512, .top_k = 8, .experts = 256, .ranks = 8};
  EXPECT_EQ(power_law_load(routing, 1.2).rows, power_law_load(routing, 1.2).rows);
}

}  // namespace
}  // namespace superpod::scenarios
