#include "models/mapping/model_flaws.hpp"

#include <gtest/gtest.h>

#include <string>

namespace superpod::models {
namespace {

Llm model() {
  Llm llm;
  llm.layers = 4, llm.hidden = 1024, llm.vocab = 1000, llm.ffn_intermediate = 4096;
  llm.attention = Gqa{8, 4, 128};
  llm.moe =
      Moe{.routed_experts = 64, .top_k = 8, .expert_intermediate = 512, .groups = 8, .groups_per_token = 4};
  return llm;
}

/// The key of the only flaw; none of several.
std::string key_of_flaw(const Llm& llm) {
  const auto found = flaws(llm);
  return found.size() == 1 ? found[0].key : std::to_string(found.size()) + " flaws";
}

TEST(ModelFlaws, AModelWhoseCountsFitHasNone) { EXPECT_TRUE(flaws(model()).empty()); }

TEST(ModelFlaws, ExpertsFormEqualGroups) {
  Llm llm = model();
  llm.moe->groups = 7;
  EXPECT_EQ(key_of_flaw(llm), "model.moe.groups");
}

TEST(ModelFlaws, ATokenVisitsNoMoreGroupsThanThereAre) {
  Llm llm = model();
  llm.moe->groups_per_token = 9;
  EXPECT_EQ(key_of_flaw(llm), "model.moe.groups_per_token");
}

TEST(ModelFlaws, ATokenChoosesNoMoreExpertsThanItsGroupsHave) {
  Llm llm = model();
  llm.moe->top_k = 33;
  EXPECT_EQ(key_of_flaw(llm), "model.moe.top_k");
}

TEST(ModelFlaws, DenseLayersAreSomeOfAllAndHaveAWidth) {
  Llm llm = model();
  llm.moe->first_dense_layers = 5;
  EXPECT_EQ(key_of_flaw(llm), "model.moe.first_dense_layers");
  llm.moe->first_dense_layers = 1, llm.ffn_intermediate = 0;
  EXPECT_EQ(key_of_flaw(llm), "model.ffn_intermediate");
  llm.moe->first_dense_layers = 0;
  EXPECT_TRUE(flaws(llm).empty());
}

TEST(ModelFlaws, HeadsShareKeysEvenly) {
  Llm llm = model();
  llm.attention = Gqa{8, 3, 128};
  EXPECT_EQ(key_of_flaw(llm), "model.attention.kv_heads");
}

TEST(ModelFlaws, AnIndexerIsThereWithAllOfItsFigures) {
  Llm llm = model();
  Mla mla{8, 256, 128, 64, 32, 64};
  llm.attention = mla;
  EXPECT_TRUE(flaws(llm).empty());
  mla.index_heads = 4, mla.index_head_dim = 64;
  llm.attention = mla;
  EXPECT_EQ(key_of_flaw(llm), "model.attention");
}

}  // namespace
}  // namespace superpod::models
