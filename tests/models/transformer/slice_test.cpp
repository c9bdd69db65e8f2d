#include "models/transformer/slice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Slice, SharesOutTokensOverContextAndTensorRanks) {
  const Slice slice{.shard = {.tensor = 4, .context = 2},
                    .batch = {{3, 4096}},
                    .precision = {}};
  EXPECT_EQ(slice.tokens(), 3 * 2048);
  EXPECT_EQ(slice.own_tokens(), 3 * 512);
}

TEST(Misfits, AreNoneWhenAllCutsAreEven) {
  EXPECT_THAT(misfits(deepseek_v3(), {.tensor = 8, .expert = 64}), IsEmpty());
  EXPECT_THAT(misfits(qwen3_235b(), {.tensor = 8, .expert = 128}),
              IsEmpty());  // 4 key and value heads, copied
}

TEST(Misfits, SayWhatCannotBeCut) {
  EXPECT_THAT(misfits(deepseek_v3(), {.expert = 48}),
              ElementsAre("256 routed experts cannot be cut into 48 equal shares"));
  EXPECT_THAT(misfits(llama3_8b(), {.expert = 2}), ElementsAre("a dense model has no experts to cut"));
  EXPECT_THAT(misfits(llama3_8b(), {.tensor = 12}),
              ElementsAre("32 heads cannot be cut into 12 equal shares",
                          "8 key and value heads cannot be copied evenly to 12 ranks",
                          "14336 columns of the FFN cannot be cut into 12 equal shares"));
  EXPECT_THAT(misfits(llama3_8b(), {.tensor = 0}),
              ElementsAre("each direction of the cut needs at least one rank"));
}

TEST(Misfits, OfCompressedAttentionAreItsGroupsAndKindsOfLayers) {
  Llm flash = deepseek_v4_flash();
  EXPECT_THAT(misfits(flash, {.tensor = 8, .expert = 64}), IsEmpty());
  EXPECT_THAT(misfits(flash, {.tensor = 16}),
              ElementsAre("8 groups of heads cannot be cut into 16 equal shares"));
  flash.layers = 40;
  EXPECT_THAT(misfits(flash, {}), ElementsAre("41 sparse and dense layers are more than all 40"));
}

TEST(MatrixPrecisions, OfTheDefaultPlanAreFp8AndBf16) {
  EXPECT_THAT(matrix_precisions({}), ElementsAre(Precision::fp8, Precision::bf16));
}

}  // namespace
}  // namespace superpod::models
