#include "models/transformer/parameters.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

/// Cards state two or three digits: half of the last digit, or 1 % for what the count leaves out, whichever
/// is more.
struct Card {
  Llm llm;
  double total, active, half_digit_of_active;  ///< in units of 10^9
  bool active_includes_embedding;              ///< the makers differ
  double half_digit_of_total = 0;
};

/// The report's total counts experts in all 61 layers; the first of its configuration is dense (1,026 G).
Llm kimi_k2_of_its_report() {
  Llm llm = kimi_k2();
  llm.moe->first_dense_layers = 0;
  return llm;
}

std::vector<Card> cards() {
  return {
      {deepseek_v3(), 671, 37, 0.5, false},           // arXiv 2412.19437; 36.7 in the notes on its weights
      {deepseek_v32(), 671, 37, 0.5, false},          // its indexer (0.85) is in neither figure
      {deepseek_v4_pro(), 1600, 49, 0.5, false, 50},  // arXiv 2606.19348: 1.6 T has two digits, ours is 1,573
      {deepseek_v4_flash(), 284, 13, 0.5, false},     //
      {kimi_k2_of_its_report(), 1040, 32.6, 0.05, true},  // arXiv 2507.20534: 1.04 T and 32.6 G
      {qwen3_235b(), 235, 22, 0.5, true},                 // 235B-A22B
      {pangu_ultra_moe(), 718, 39, 0.5, false},           // arXiv 2505.04519
      {llama3_8b(), 8.03, 8.03, 0.005, true},             // dense: all weights, embedding included
      {llama3_70b(), 70.6, 70.6, 0.05, true},             //
      {llama3_405b(), 405, 405, 0.5, true},               // arXiv 2407.21783
      {gpt3_175b(), 175, 175, 0.5, false},                // tied: the head's matrix is the embedding
      {gpt_530b(), 530, 530, 0.5, false},                 // arXiv 2104.04473
      {gpt_1t(), 1008, 1008, 0.5, false}};                //
}

TEST(Parameters, AgreeWithTheModelCards) {
  for (const Card& card : cards()) {
    const double total = total_parameters(card.llm) / 1e9;
    const double embedding =
        card.active_includes_embedding ? parameters(card.llm, Block::embedding) / 1e9 : 0;
    const double active = active_parameters(card.llm) / 1e9 + embedding;
    EXPECT_NEAR(total, card.total, std::max(0.01 * card.total, card.half_digit_of_total)) << card.llm.name;
    EXPECT_NEAR(active, card.active, std::max(0.01 * card.active, card.half_digit_of_active))
        << card.llm.name;
  }
}

TEST(Parameters, OfDeepSeekV3AreThoseOfItsConfiguration) {
  const Llm v3 = deepseek_v3();
  // 7168 * (1536 + 512 + 64) + 1536 * 128 * 192 + 512 * 128 * 256 + 7168 * 128 * 128, and norms 7168 + 1536 +
  // 512.
  EXPECT_EQ(parameters(v3, Block::attention), 15138816. + 37748736 + 16777216 + 117440512 + 9216);
  // 256 experts of three 7168 x 2048 matrices.
  EXPECT_EQ(parameters(v3, Block::routed_experts), 256 * 3 * 7168. * 2048);
  EXPECT_EQ(parameters(v3, Block::dense_ffn), 3 * 7168. * 18432 + 7168);
}

TEST(Parameters, OfDeepSeekV4ProAreThoseOfItsConfiguration) {
  const Llm pro = deepseek_v4_pro();
  // Every layer: 7168 * (1536 + 512) + 1536 * 128 * 512 + 128 * 512 * 1024 + 16 * 1024 * 7168, norms 7168 +
  // 1536
  // + 512. Compressors: 30 layers of 7168 * 4 * 512, 31 of 7168 * 2 * 512, and norms of 512. Indexers: 7168 *
  // 4 * 128 + 1536 * 64 * 128 + 7168 * 64, and norms of 128.
  const double every = 14680064. + 100663296 + 67108864 + 117440512 + 9216;
  const double all =
      61 * every + 30 * 14680064. + 31 * 7340032. + 61 * 512 + 30 * (3670016. + 12582912 + 458752 + 128);
  EXPECT_NEAR(61 * parameters(pro, Block::attention), all, all * 1e-12);
  // 1.6 T is 1.57 rounded to two digits: within 2 %.
  EXPECT_NEAR(total_parameters(pro), 1.6e12, 0.02 * 1.6e12);
}

TEST(Parameters, OfTheMtpModuleAreElevenAndAHalfBillion) {
  // "11.5 B unique parameters" beside the shared embedding and head (notes on the DeepSeek-V3 weights), which
  // is the layer; the 7168 x 14336 projection adds 0.1.
  EXPECT_NEAR(mtp_parameters(deepseek_v3()), 11.5e9 + 7168. * 14336, 0.05e9);
}

TEST(Parameters, OfADenseModelAreAllActiveButTheEmbedding) {
  const Llm llm = llama3_405b();
  EXPECT_EQ(active_parameters(llm), total_parameters(llm) - parameters(llm, Block::embedding));
}

TEST(Parameters, OnAllExpertRanksAreAllExperts) {
  const Llm v3 = deepseek_v3();
  const Shard shard{.tensor = 4, .expert = 64, .expert_tensor = 2};
  EXPECT_EQ(parameters_on_rank(v3, Block::routed_experts, shard).expert * 64 * 2,
            parameters(v3, Block::routed_experts));
  EXPECT_EQ(parameters_on_rank(v3, Block::routed_experts, shard).dense, 0);
}

TEST(Parameters, OfNormsRouterAndDownProjectionsAreWholeOnEachRank) {
  const Llm v3 = deepseek_v3();
  const Shard shard{.tensor = 8};
  EXPECT_EQ(parameters_on_rank(v3, Block::router, shard).dense, parameters(v3, Block::router));
  const double whole = 7168. * (1536 + 512 + 64) + 9216;  // down-projections and norms
  EXPECT_EQ(parameters_on_rank(v3, Block::attention, shard).dense,
            whole + (parameters(v3, Block::attention) - whole) / 8);
}

TEST(Parameters, OfKeysAndValuesAreCopiedWhenRanksOutnumberTheirHeads) {
  const Llm qwen = qwen3_235b();  // 64 query heads, 4 key and value heads of 128
  EXPECT_EQ(parameters_on_rank(qwen, Block::attention, {.tensor = 8}).dense,
            4096. * 128 * (2 * 8 + 2 * 1) + 4096);
}

TEST(Parameters, OfATiedHeadAreItsNormButTheRankHoldsTheMatrix) {
  const Llm gpt3 = gpt3_175b();
  EXPECT_EQ(parameters(gpt3, Block::head), 12288);
  EXPECT_EQ(parameters_on_rank(gpt3, Block::head, {}).dense, 50257. * 12288 + 12288);
}

TEST(Blocks, OfDeepSeekV3AreThreeDenseLayersAndFiftyEightOfExperts) {
  const Llm v3 = deepseek_v3();
  const auto blocks = blocks_of_model(v3);
  EXPECT_EQ(std::ranges::count(blocks, Block::attention), 61);
  EXPECT_EQ(std::ranges::count(blocks, Block::dense_ffn), 3);
  EXPECT_EQ(std::ranges::count(blocks, Block::routed_experts), 58);
  EXPECT_FALSE(is_moe_layer(v3, 2));
  EXPECT_TRUE(is_moe_layer(v3, 3));
}

TEST(Blocks, WithoutSharedExpertsNameNone) {
  const auto blocks = blocks_of_layer(qwen3_235b(), 0);
  EXPECT_EQ(std::ranges::count(blocks, Block::shared_experts), 0);
}

}  // namespace
}  // namespace superpod::models
