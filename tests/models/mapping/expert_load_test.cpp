// Hot experts: what ranks get.
#include "models/mapping/expert_load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

RoutedExperts routed(const ExpertLoad& load, int ranks, ExpertPlacement placement = {}) {
  return {*deepseek_v3().moe, load, placement, ranks};
}
ExpertLoad hot(int expert, double load) { return HotLoad{{{expert, load}}}; }

TEST(ExpertLoad, OfAHotExpertIsRelativeToEachOfTheOthers) {
  const RoutedExperts experts = routed(hot(17, 5), 64);
  EXPECT_NEAR(experts.load()[17] / experts.load()[16], 5, 1e-12);
  EXPECT_NEAR(std::accumulate(experts.load().begin(), experts.load().end(), 0.0), 256, 1e-10);
  // Its rank has three experts more: (5 + 3) / 4 of what a rank of the others has.
  const PartLoads ranks = experts.of_ranks();
  EXPECT_NEAR(ranks.load[4] / ranks.load[5], 2, 1e-12);
}

TEST(ExpertLoad, OfZipfWithExponentZeroIsBalanced) {
  EXPECT_TRUE(routed(ZipfLoad{0, {}}, 64).balanced());
  EXPECT_TRUE(routed(MeasuredLoad{std::vector<double>(256, 12), {}}, 64).balanced());
  EXPECT_TRUE(routed(hot(3, 1), 64).balanced());
  EXPECT_FALSE(routed(ZipfLoad{0.1, {}}, 64).balanced());
}

TEST(ExpertLoad, OfZipfFallsWithThePlaceAndIsDealtBySeed) {
  const auto by_number = routed(ZipfLoad{1, {}}, 64).load();
  EXPECT_TRUE(std::ranges::is_sorted(by_number, std::greater{}));
  auto dealt = routed(ZipfLoad{1, 7}, 64).load();
  EXPECT_NE(dealt, routed(ZipfLoad{1, 8}, 64).load());
  EXPECT_FALSE(std::ranges::is_sorted(dealt, std::greater{}));
}

TEST(ExpertLoad, KeepsEveryPairOfATokenAndAnExpert) {
  const Moe moe = *deepseek_v3().moe;
  for (const ExpertLoad& load : {ExpertLoad{ZipfLoad{0.8, 3}}, hot(17, 5), ExpertLoad{BalancedLoad{}}})
    for (const int ranks : {8, 32, 64, 256}) {
      const PartLoads of_ranks = routed(load, ranks).of_ranks();
      EXPECT_NEAR(std::accumulate(of_ranks.load.begin(), of_ranks.load.end(), 0.0), ranks, 1e-9 * ranks);
      for (std::size_t r = 0; r < of_ranks.load.size(); ++r) {
        const double pairs =
            of_ranks.load[r] * moe.top_k / ranks;  // of a token and one of the rank's experts
        EXPECT_LE(of_ranks.visits[r], 1);
        EXPECT_LE(of_ranks.visits[r], pairs * (1 + 1e-9));  // each visit is for one at least
        EXPECT_GE(of_ranks.visits[r] * std::min(moe.top_k, 256 / ranks),
                  pairs * (1 - 1e-9));  // and for so many at most
        if (ranks == 256) {
          EXPECT_NEAR(of_ranks.visits[r], pairs, 1e-10);
        }
      }
    }
}

TEST(ExpertLoad, ThatIsNearlyBalancedVisitsNearlyAsBalanced) {
  const PartLoads nearly = routed(hot(17, 1 + 1e-9), 64).of_ranks(),
                  exactly = routed(BalancedLoad{}, 64).of_ranks();
  for (std::size_t r = 0; r < 64; ++r) EXPECT_NEAR(nearly.visits[r], exactly.visits[r], 1e-9);
}

TEST(ExpertLoad, HangsNotOnTheOrderOfTheExpertsOfARank) {
  std::mt19937_64 random{1};
  std::vector<double> tokens;
  for (int e = 0; e < 256; ++e) tokens.push_back(1 + static_cast<double>(random() % 1000));
  const PartLoads before = routed(MeasuredLoad{tokens, {}}, 64).of_ranks();
  for (auto first = tokens.begin(); first != tokens.end(); first += 4)
    std::rotate(first, first + 1, first + 4);
  const PartLoads after = routed(MeasuredLoad{tokens, {}}, 64).of_ranks();
  for (std::size_t r = 0; r < 64; ++r) {
    EXPECT_NEAR(before.load[r], after.load[r], 1e-12 * before.load[r]);
    EXPECT_NEAR(before.visits[r], after.visits[r], 1e-10 * before.visits[r]);
  }
}

TEST(ExpertLoad, IsMoreEvenWhereTheHottestExpertsAreDealtFirst) {
  const ExpertLoad zipf = ZipfLoad{0.8, 3};
  const RoutedExperts in_order = routed(zipf, 64), greedy = routed(zipf, 64, ExpertPlacement::greedy);
  EXPECT_LT(std::ranges::max(greedy.of_ranks().load), std::ranges::max(in_order.of_ranks().load));
  for (int rank = 0; rank < 64; ++rank) EXPECT_EQ(std::ranges::count(greedy.rank_of(), rank), 4);
}

TEST(ExpertLoad, ThatFitsNoModelIsSaidToBeSo) {
  const Moe moe = *deepseek_v3().moe;
  const auto key = [&](const ExpertLoad& load) {
    const auto found = flaws(load, moe);
    return found.empty() ? "" : found.front().key;
  };
  EXPECT_EQ(key(hot(17, 5)), "");
  EXPECT_EQ(key(hot(256, 5)), "expert_load.experts.0.expert");
  EXPECT_EQ(key(HotLoad{{{1, 2}, {1, 3}}}), "expert_load.experts.1.expert");
  EXPECT_EQ(key(MeasuredLoad{{1, 2, 3}, {}}), "expert_load.tokens");
  EXPECT_EQ(key(MeasuredLoad{std::vector<double>(256), {}}), "expert_load.tokens");
  EXPECT_EQ(key(hot(0, 1000)), "expert_load");  // more than one copy of each token
}

}  // namespace
}  // namespace superpod::models
