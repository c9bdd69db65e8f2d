#include "models/transformer/dispatch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <stdexcept>
#include <vector>

#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

/// `count` of 0 .. n-1, without order; a shuffle of our own, because the standard's differs between
/// libraries.
std::vector<int> draw(int n, int count, std::mt19937_64& random) {
  std::vector<int> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  for (int i = 0; i < count; ++i) {
    const auto j = static_cast<std::size_t>(i) + random() % static_cast<std::size_t>(n - i);
    std::swap(all[static_cast<std::size_t>(i)], all[j]);
  }
  all.resize(static_cast<std::size_t>(count));
  return all;
}

int distinct_parts(const Moe& moe, int parts, std::mt19937_64& random) {
  const int of_group = moe.routed_experts / moe.groups;
  const std::vector<int> groups = draw(moe.groups, moe.groups_per_token, random);
  std::set<int> hit;
  for (const int pick : draw(moe.groups_per_token * of_group, moe.top_k, random)) {
    const int expert = groups[static_cast<std::size_t>(pick / of_group)] * of_group + pick % of_group;
    hit.insert(expert / (moe.routed_experts / parts));
  }
  return static_cast<int>(hit.size());
}

TEST(ExpectedDistinctParts, AgreeWithDrawnTokens) {
  constexpr int tokens = 40000;
  std::mt19937_64 random{20241227};
  for (const Moe& moe : {*deepseek_v3().moe, *kimi_k2().moe, *qwen3_235b().moe})
    for (const int parts : {2, 4, 8, 16, 64, 128}) {
      double sum = 0, squares = 0;
      for (int token = 0; token < tokens; ++token) {
        const double hit = distinct_parts(moe, parts, random);
        sum += hit;
        squares += hit * hit;
      }
      const double mean = sum / tokens, error = std::sqrt((squares / tokens - mean * mean) / tokens);
      EXPECT_NEAR(expected_distinct_parts(moe, parts), mean, 4 * error + 1e-9)  // 4 sigma; the seed is fixed
          << moe.routed_experts << " experts on " << parts << " parts";
    }
}

TEST(ExpectedDistinctParts, OfOnePartAreOne) {
  for (const Moe& moe : {*deepseek_v3().moe, *kimi_k2().moe})
    EXPECT_NEAR(expected_distinct_parts(moe, 1), 1, 1e-12);
}

TEST(ExpectedDistinctParts, OfOneExpertEachAreTopK) {
  for (const Moe& moe : {*deepseek_v3().moe, *kimi_k2().moe})
    EXPECT_NEAR(expected_distinct_parts(moe, moe.routed_experts), moe.top_k, 1e-12);
}

TEST(ExpectedDistinctParts, NeverExceedTheGroupsThatATokenMayVisit) {
  // DeepSeek-V3: at most 4 of 8 nodes (arXiv 2412.19437, section 2.1.2).
  EXPECT_LE(expected_distinct_parts(*deepseek_v3().moe, 8), 4);
  Moe unlimited = *deepseek_v3().moe;
  unlimited.groups_per_token = unlimited.groups;
  EXPECT_GT(expected_distinct_parts(unlimited, 8), 4);
}

TEST(ExpectedDistinctParts, AreAMistakeWhenTheExpertsCannotBeDealtEvenly) {
  EXPECT_THROW(expected_distinct_parts(*deepseek_v3().moe, 3), std::invalid_argument);
  EXPECT_THROW(expected_distinct_parts(*deepseek_v3().moe, 0), std::invalid_argument);
  Moe crooked = *deepseek_v3().moe;  // 12 groups of 20 on 16 parts of 15
  crooked.routed_experts = 240;
  crooked.groups = 12;
  EXPECT_THROW(expected_distinct_parts(crooked, 16), std::invalid_argument);
}

TEST(DispatchSize, IsFp8WithItsScalesOutAndBf16Back) {
  // 7,168 elements and 56 scales of 4 bytes; 7,168 * 2 bytes.
  EXPECT_EQ(dispatch_size(deepseek_v3(), {}), Bytes{7168 + 56 * 4});
  EXPECT_EQ(combine_size(deepseek_v3(), {}), Bytes{14336});
}

}  // namespace
}  // namespace superpod::models
