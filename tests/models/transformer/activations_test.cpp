#include "models/transformer/activations.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double exact = 1e-12;  // relative: closed forms agree to rounding

Slice bf16_slice(const Shard& shard, double sequences, int length) {
  Slice slice{.shard = shard, .batch = {whole_sequences(sequences, length)}, .precision = {}};
  slice.precision.gemm = slice.precision.dispatch = Precision::bf16;
  return slice;
}

Bytes of_layer(const Llm& llm, const Slice& slice, Recompute recompute) {
  Bytes sum;
  for (const Block block : blocks_of_layer(llm, llm.layers - 1))
    sum += saved_activations(llm, slice, block, recompute);
  return sum;
}

TEST(SavedActivations, OfAGptLayerAreThoseOfKorthikanti) {
  // arXiv 2205.05198, section 4.1: sbh (34 + 5 a s / h) bytes. Without dropout two masks (2 sbh) go; fused
  // attention keeps, instead of the quadratic term, one FP32 log-sum-exp (4 bytes) for each head and token:
  // inputs of norms 4, of qkv 2, q k v 6, of the output projection 2, of the FFN 2, of GELU 8, of the down
  // projection 8.
  constexpr double s = 2048, b = 4, h = 12288, a = 96;
  for (const int tensor : {1, 8}) {  // section 4.2.2: tensor and sequence parallelism divide all of it
    const Bytes layer = of_layer(gpt3_175b(), bf16_slice({.tensor = tensor}, b, 2048), Recompute::none);
    const double expected = (32 * s * b * h + 4 * a * s * b) / tensor;
    EXPECT_NEAR(layer.in(B), expected, expected * exact);
  }
}

TEST(SavedActivations, OfTheHeadAreThoseOfKorthikanti) {
  // Section 4.3: 4 sbh (1 + v/h): inputs of the norm and of the output layer, and FP32 logits.
  constexpr double s = 2048, b = 4, h = 12288, v = 50257;
  const Bytes head = saved_activations(gpt3_175b(), bf16_slice({}, b, 2048), Block::head, Recompute::none);
  EXPECT_NEAR(head.in(B), 4 * s * b * h * (1 + v / h), 4 * s * b * h * (1 + v / h) * exact);
}

TEST(SavedActivations, WithFullRecomputationAreTheLayersInput) {
  constexpr double s = 2048, b = 4, h = 12288;  // Korthikanti, section 5: 2 sbh
  EXPECT_EQ(of_layer(gpt3_175b(), bf16_slice({}, b, 2048), Recompute::full), Bytes{2 * s * b * h});
}

TEST(SavedActivations, OfDeepSeekV3AreWhatItsReportKeeps) {
  const Slice one_token{
      .shard = {.expert = 64}, .batch = {{1, 1}}, .precision = {}};
  constexpr double fp8 = 1 + 1. / 32;  // with its share of the scales
  // Attention: input and latents in BF16, result of 128 heads of 128, 128 log-sum-exps. Norms and
  // up-projections again.
  const double attention = 2 * 7168 + 2 * (1536 + 512 + 64) + 2 * 128 * 128 + 4 * 128;
  // Router: FFN input in BF16, 256 FP32 scores. Experts: 8 dispatched copies and SwiGLU's two inputs, shared
  // one as well.
  const double router = 2 * 7168 + 4 * 256;
  const double experts = fp8 * (8 * (7168 + 2 * 2048) + 2 * 2048);
  EXPECT_NEAR(of_layer(deepseek_v3(), one_token, Recompute::selective).in(B), attention + router + experts,
              (attention + router + experts) * exact);
}

TEST(SavedActivations, ShrinkWithRecomputation) {
  for (const Llm& llm : all_shapes()) {
    const Slice slice{.shard = {}, .batch = {{1, 4096}}, .precision = {}};
    EXPECT_LT(of_layer(llm, slice, Recompute::selective), of_layer(llm, slice, Recompute::none)) << llm.name;
    EXPECT_LT(of_layer(llm, slice, Recompute::full), of_layer(llm, slice, Recompute::selective)) << llm.name;
  }
}

TEST(SavedActivations, AreTheSumOfTheirList) {
  for (const Llm& llm : all_shapes())
    for (const Block block : blocks_of_layer(llm, llm.layers - 1)) {
      const Slice slice{.shard = {}, .batch = {{2, 4096}}, .precision = {}};
      Bytes sum;
      std::set<std::string_view> names;
      for (const SavedTensor& tensor : saved_tensors(llm, slice, block, Recompute::none)) {
        EXPECT_GT(tensor.bytes, Bytes{}) << llm.name << ": " << tensor.name;
        EXPECT_TRUE(names.insert(tensor.name).second) << llm.name << " keeps '" << tensor.name << "' twice";
        sum += tensor.bytes;
      }
      EXPECT_EQ(sum, saved_activations(llm, slice, block, Recompute::none));
    }
}

TEST(SavedActivations, InFp8AreSmallerThanInBf16) {
  const Slice fp8{.shard = {}, .batch = {{1, 4096}}, .precision = {}};
  for (const Recompute recompute : {Recompute::none, Recompute::selective})
    EXPECT_LT(of_layer(deepseek_v3(), fp8, recompute),
              of_layer(deepseek_v3(), bf16_slice({}, 1, 4096), recompute));
}

}  // namespace
}  // namespace superpod::models
