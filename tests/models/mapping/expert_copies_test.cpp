#include "models/mapping/expert_copies.hpp"

#include <gtest/gtest.h>

#include "models/transformer/dispatch.hpp"
#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

constexpr double rounding = 1e-12;  // relative

TEST(ExpertCopies, SentDirectReachEachPartOnce) {
  const Moe moe = *deepseek_v3().moe;
  const ExpertCopies copies = expert_copies(moe, 4096, {64, 8}, Algorithm::direct);
  EXPECT_NEAR(copies.to_rank * 64, 4096 * expected_distinct_parts(moe, 64), 4096 * 64 * rounding);
  EXPECT_FALSE(copies.hierarchical);
  EXPECT_EQ(copies.to_node, 0);
  EXPECT_EQ(copies.within_node, 0);
}

TEST(ExpertCopies, SentHierarchicallyCrossToEachNodeOnceAndAreAsManyInTheEnd) {
  const Moe moe = *deepseek_v3().moe;
  const ExpertCopies direct = expert_copies(moe, 4096, {64, 8}, Algorithm::direct);
  const ExpertCopies copies = expert_copies(moe, 4096, {64, 8}, Algorithm::hierarchical);
  // A token goes to 4 of 8 groups of experts, which are the 8 nodes.
  EXPECT_NEAR(copies.to_node * 8, 4096 * expected_distinct_parts(moe, 8), 4096 * 8 * rounding);
  EXPECT_LE(copies.to_node * 8, 4096 * moe.groups_per_token);
  // The 8 ranks of a node get what 64 get direct: 8 nodes' tokens come by way of each.
  EXPECT_NEAR(copies.within_node * 8, direct.to_rank * 64, direct.to_rank * 64 * rounding);
}

TEST(ExpertCopies, OnOneNodeAreSentDirect) {
  const Moe moe = *deepseek_v3().moe;
  EXPECT_FALSE(expert_copies(moe, 1, {8, 1}, Algorithm::hierarchical).hierarchical);
}

}  // namespace
}  // namespace superpod::models
