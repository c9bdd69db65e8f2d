#include "models/transformer/routing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <random>
#include <stdexcept>

#include "models/transformer/dispatch.hpp"
#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

constexpr double rounding = 1e-12;

std::vector<int> in_order(int experts, int parts) {
  std::vector<int> part;
  for (int e = 0; e < experts; ++e) part.push_back(e / (experts / parts));
  return part;
}

std::vector<double> random_popularity(int experts, std::mt19937_64& random) {
  std::vector<double> popularity;
  for (int e = 0; e < experts; ++e)
    popularity.push_back(std::ldexp(1.0, static_cast<int>(random() % 64) / 16));
  return popularity;
}

/// The same by writing down every choice of groups and experts.
struct Counted {
  double all = 0;
  std::vector<double> chosen, visited;  // [expert], [part]

  Counted(const Moe& moe, const std::vector<double>& popularity, const std::vector<int>& part, int parts)
      : chosen(popularity.size()), visited(static_cast<std::size_t>(parts)) {
    const auto experts = static_cast<unsigned>(moe.routed_experts);
    const auto of_group = experts / static_cast<unsigned>(moe.groups);
    for (unsigned groups = 0; groups < 1U << static_cast<unsigned>(moe.groups); ++groups) {
      if (std::popcount(groups) != moe.groups_per_token) continue;
      for (unsigned set = 0; set < 1U << experts; ++set) {
        if (std::popcount(set) != moe.top_k) continue;
        double product = 1;
        std::vector<bool> hit(visited.size());
        bool allowed = true;
        for (unsigned e = 0; e < experts; ++e) {
          if ((set >> e & 1U) == 0) continue;
          allowed = allowed && (groups >> (e / of_group) & 1U) == 1;
          product *= popularity[e];
          hit[static_cast<std::size_t>(part[e])] = true;
        }
        if (!allowed) continue;
        all += product;
        for (unsigned e = 0; e < experts; ++e)
          if ((set >> e & 1U) == 1) chosen[e] += product;
        for (std::size_t p = 0; p < hit.size(); ++p)
          if (hit[p]) visited[p] += product;
      }
    }
  }
};

TEST(Routing, OfEquallyPopularExpertsVisitsAsManyPartsAsBalancedRouting) {
  for (const Moe& moe : {*deepseek_v3().moe, *kimi_k2().moe, *qwen3_235b().moe})
    for (const int parts : {2, 4, 8, 16, 64, 128}) {
      const std::vector<double> alike(static_cast<std::size_t>(moe.routed_experts), 1.0);
      const auto visits = visit_probabilities(moe, alike, in_order(moe.routed_experts, parts), parts);
      const double sum = std::accumulate(visits.begin(), visits.end(), 0.0);
      EXPECT_NEAR(sum, expected_distinct_parts(moe, parts), rounding * sum) << parts << " parts";
    }
}

TEST(Routing, HasTheProbabilitiesOfAllChoicesWrittenDown) {
  std::mt19937_64 random{4};
  for (const auto& [experts, top_k, groups, groups_per_token] :
       {std::array{12, 3, 4, 2}, std::array{12, 4, 1, 1}, std::array{10, 2, 5, 3}, std::array{12, 5, 2, 2}}) {
    const Moe moe{experts, top_k, 0, 1, 0, groups, groups_per_token};
    const auto popularity = random_popularity(experts, random);
    const auto part = in_order(experts, experts / 2);
    const Counted counted{moe, popularity, part, experts / 2};
    const auto chosen = choice_probabilities(moe, popularity);
    for (std::size_t e = 0; e < chosen.size(); ++e)
      EXPECT_NEAR(chosen[e], counted.chosen[e] / counted.all, rounding) << "expert " << e;
    const auto visits = visit_probabilities(moe, popularity, part, experts / 2);
    for (std::size_t p = 0; p < visits.size(); ++p)
      EXPECT_NEAR(visits[p], counted.visited[p] / counted.all, rounding) << "part " << p;
  }
}

TEST(Routing, SendsEachTokenToTopKExperts) {
  std::mt19937_64 random{5};
  for (const Moe& moe : {*deepseek_v3().moe, *kimi_k2().moe}) {
    const auto chosen = choice_probabilities(moe, random_popularity(moe.routed_experts, random));
    EXPECT_NEAR(std::accumulate(chosen.begin(), chosen.end(), 0.0), moe.top_k, 1e-11);
  }
}

TEST(Routing, FindsThePopularitiesThatGiveLoads) {
  std::mt19937_64 random{6};
  for (const Moe& moe : {*deepseek_v3().moe, *kimi_k2().moe}) {
    // Loads of some popularities exist; theirs are found again.
    std::vector<double> load = choice_probabilities(moe, random_popularity(moe.routed_experts, random));
    for (double& of_expert : load) of_expert *= static_cast<double>(moe.routed_experts) / moe.top_k;
    const auto chosen = choice_probabilities(moe, popularities(moe, load));
    for (std::size_t e = 0; e < load.size(); ++e)
      EXPECT_NEAR(chosen[e], load[e] * moe.top_k / moe.routed_experts, 1e-10 * chosen[e]);
  }
}

TEST(Routing, SendsNothingToAnExpertWithoutLoad) {
  const Moe moe = *deepseek_v3().moe;
  std::vector<double> load(256, 256.0 / 255);
  load[3] = 0;
  EXPECT_EQ(choice_probabilities(moe, popularities(moe, load))[3], 0);
}

TEST(Routing, OfMoreThanOneCopyOfEachTokenIsAMistake) {
  const Moe moe = *deepseek_v3().moe;  // at most 256 / 8 times the mean
  std::vector<double> load(256, (256.0 - 33) / 255);
  load[7] = 33;
  EXPECT_THROW(popularities(moe, load), std::invalid_argument);
}

TEST(Routing, ThatTheGroupsOfATokenForbidIsAMistake) {
  // Each token stays in one of 8 groups and takes 4 of its 8 experts: one expert of a group cannot get far
  // more than the rest.
  const Moe moe{64, 4, 0, 1, 0, 8, 1};
  std::vector<double> load(64, (64.0 - 8) / 63);
  load[0] = 8;
  EXPECT_THROW(popularities(moe, load), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models
