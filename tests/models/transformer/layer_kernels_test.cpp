#include "models/transformer/layer_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/transformer/flops.hpp"
#include "models/transformer/parameters.hpp"
#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double exact = 1e-12;  // relative: sums of the same products in another order

Precisions bf16_plan() {
  Precisions plan;
  plan.gemm = plan.dispatch = Precision::bf16;
  return plan;
}

Slice slice_of(const Shard& shard, double sequences = 2, int length = 4096) {
  return {.shard = shard, .batch = {whole_sequences(sequences, length)}, .precision = {}};
}

std::set<Block> distinct_blocks(const Llm& llm) {
  std::set<Block> blocks;
  for (const Block block : blocks_of_model(llm)) blocks.insert(block);
  if (llm.mtp_layers > 0) blocks.insert(Block::mtp_projection);
  return blocks;
}

Flops flops_of(const Llm& llm, const Slice& slice, Block block, Phase phase) {
  return matrix_flops(kernels(llm, slice, block, phase));
}

bool is_gemm(const Kernel& kernel) {
  return kernel.kind == Kernel::Kind::gemm || kernel.kind == Kernel::Kind::grouped_gemm;
}

Flops gemm_flops(const std::vector<Kernel>& list) {
  Flops sum;
  for (const Kernel& kernel : list)
    if (is_gemm(kernel)) sum += kernel.flops;
  return sum;
}

std::vector<std::string_view> names(const std::vector<Kernel>& list) {
  std::vector<std::string_view> words;
  for (const Kernel& kernel : list) words.push_back(kernel.name);
  return words;
}

Bytes bytes_of(const std::vector<Kernel>& list) {
  Bytes sum;
  for (const Kernel& kernel : list) sum += kernel.bytes;
  return sum;
}

/// Calls `check(llm, block)` for each kind of block of each published shape.
template <class Check>
void for_each_block(Check check) {
  for (const Llm& llm : all_shapes())
    for (const Block block : distinct_blocks(llm)) {
      SCOPED_TRACE(llm.name + " block " + std::to_string(static_cast<int>(block)));
      check(llm, block);
    }
}

TEST(Kernels, ForwardComputeTheModelsFlops) {
  for_each_block([](const Llm& llm, Block block) {
    const Slice slice = slice_of({});
    const Flops expected = slice.tokens() * forward_flops_per_token(llm, block, 4096, Counting::causal);
    EXPECT_NEAR(flops_of(llm, slice, block, Phase::forward).in(FLOP), expected.in(FLOP),
                expected.in(FLOP)*exact);
  });
}

TEST(Kernels, OfEachBackwardPhaseRepeatTheForwardGemms) {
  for_each_block([](const Llm& llm, Block block) {
    const Slice slice = slice_of({});
    const double forward = gemm_flops(kernels(llm, slice, block, Phase::forward)).in(FLOP);
    for (const Phase phase : {Phase::backward_input, Phase::backward_weight})
      EXPECT_NEAR(gemm_flops(kernels(llm, slice, block, phase)).in(FLOP), forward, forward * exact);
  });
}

TEST(Kernels, OfAllRanksTogetherAreThoseOfOne) {
  // Shards that every shape divides evenly, so that nothing is copied: 4 key and value heads at the least.
  // Each context rank makes the keys and values of all tokens from their latent vectors, which are what it
  // gathers, unless an indexer picks.
  const Shard cut{.tensor = 4, .context = 2};
  for_each_block([&](const Llm& llm, Block block) {
    double again = 0;
    if (const auto* mla = std::get_if<Mla>(&llm.attention);
        mla && mla->index_topk == 0 && block == Block::attention)
      again = 2 * slice_of({}).tokens() * mla->kv_lora_rank * mla->heads *
              (mla->qk_nope_head_dim + mla->v_head_dim);
    for (const Phase phase : {Phase::forward, Phase::backward_input, Phase::backward_weight}) {
      const double whole = flops_of(llm, slice_of({}), block, phase).in(FLOP) + again;
      EXPECT_NEAR(8 * flops_of(llm, slice_of(cut), block, phase).in(FLOP), whole, whole * exact);
    }
  });
}

TEST(Kernels, OfTheExpertsDoNotDependOnHowTheExpertsAreCut) {
  const Llm v3 = deepseek_v3();
  const double whole = flops_of(v3, slice_of({}), Block::routed_experts, Phase::forward).in(FLOP);
  for (const Shard& cut : {Shard{.expert = 64}, Shard{.expert = 8, .expert_tensor = 4}})
    EXPECT_NEAR(flops_of(v3, slice_of(cut), Block::routed_experts, Phase::forward).in(FLOP), whole,
                whole * exact);
}

TEST(Kernels, OfTwiceTheSequencesTakeTwiceTheFlops) {
  for_each_block([](const Llm& llm, Block block) {
    for (const Phase phase : {Phase::forward, Phase::backward_input, Phase::backward_weight}) {
      const double once = flops_of(llm, slice_of({}, 1), block, phase).in(FLOP);
      EXPECT_NEAR(flops_of(llm, slice_of({}, 2), block, phase).in(FLOP), 2 * once, 2 * once * exact);
    }
  });
}

TEST(Kernels, OfTheWeightGradientWriteEachMatrixOfTheRankOnce) {
  // What is left are the norms, which are whole on each rank: the same for every shard.
  for (const Shard& cut : {Shard{}, Shard{.tensor = 4, .expert = 16, .expert_tensor = 2}})
    for_each_block([&](const Llm& llm, Block block) {
      if (block == Block::embedding) return;  // a lookup has no GEMM
      double written = 0;
      for (const Kernel& kernel : kernels(llm, slice_of(cut), block, Phase::backward_weight))
        if (is_gemm(kernel)) written += kernel.matrix.groups * kernel.matrix.m * kernel.matrix.n;
      const auto [dense, expert] = parameters_on_rank(llm, block, cut);
      const auto whole = parameters_on_rank(llm, block, {});
      const double norms = whole.dense + whole.expert - active_matrix_parameters(llm, block);
      if (block == Block::routed_experts)
        EXPECT_EQ(written, expert);
      else
        EXPECT_NEAR(written, dense - norms, dense * exact);
    });
}

TEST(Kernels, OfAttentionBackwardTakeTwoAndAHalfTimesForward) {
  const Slice slice = slice_of({});
  const auto core = [&](const Llm& llm, Phase phase) {
    const auto list = kernels(llm, slice, Block::attention, phase);
    return std::ranges::find(list, "core attention", &Kernel::name)->flops;
  };
  EXPECT_NEAR(core(llama3_8b(), Phase::backward_input) / core(llama3_8b(), Phase::forward), 2.5, exact);
  // Keys of 192, values of 128: (3 * 192 + 2 * 128) / (192 + 128).
  EXPECT_NEAR(core(deepseek_v3(), Phase::backward_input) / core(deepseek_v3(), Phase::forward), 2.6,
              3 * exact);
}

TEST(Kernels, OfAttentionBackwardReadResultAndGradientAndRoundTheQuerysGradient) {
  // 4,096 tokens, 128 heads, keys of 192 and values of 128. Row sums: O and dO in BF16; one sum and the
  // cleared gradient of the query in FP32. Then that gradient is read and written in BF16.
  const auto list = kernels(deepseek_v3(), slice_of({}, 1), Block::attention, Phase::backward_input);
  const auto bytes = [&](const char* name) {
    return std::ranges::find(list, name, &Kernel::name)->bytes.in(unit::B);
  };
  const double rows = 4096. * 128;
  EXPECT_EQ(bytes("row sums"), rows * (2 * 128 * 2 + 4 + 192 * 4));
  EXPECT_EQ(bytes("query gradient"), rows * 192 * (4 + 2));
}

TEST(Kernels, OfLatentAttentionWriteTheSharedPartOfAKeyForEachHead) {
  // Forward: 128 keys of 128 and one of 64 are read for each token, 128 of 192 are written; backward the same
  // way back.
  for (const Phase phase : {Phase::forward, Phase::backward_input}) {
    const auto list = kernels(deepseek_v3(), slice_of({}, 1), Block::attention, phase);
    const auto keys = std::ranges::find(list, "keys of all heads", &Kernel::name);
    ASSERT_NE(keys, list.end());
    EXPECT_EQ(keys->bytes.in(unit::B), 4096. * 2 * (128 * 128 + 64 + 128 * 192));
  }
}

TEST(Kernels, BackwardRunTheLastLayerFirst) {
  const auto backward = names(kernels(deepseek_v3(), slice_of({}), Block::attention, Phase::backward_input));
  EXPECT_EQ(backward.front(), "attention residual");
  EXPECT_EQ(backward.back(), "attention norm");
  EXPECT_LT(std::ranges::find(backward, "output projection"), std::ranges::find(backward, "core attention"));
}

TEST(Kernels, InBf16QuantiseNothing) {
  for_each_block([](const Llm& llm, Block block) {
    Slice slice = slice_of({});
    slice.precision = bf16_plan();
    for (const Phase phase : {Phase::forward, Phase::backward_input, Phase::backward_weight})
      for (const Kernel& kernel : kernels(llm, slice, block, phase)) {
        EXPECT_FALSE(kernel.name.starts_with("quantise") || kernel.name.starts_with("transpose"))
            << kernel.name;
        EXPECT_TRUE(kernel.kind == Kernel::Kind::vector || kernel.precision == Precision::bf16)
            << kernel.name;
      }
  });
}

TEST(Kernels, DoTheSameArithmeticInAnyPrecision) {
  for_each_block([](const Llm& llm, Block block) {
    Slice slice = slice_of({});
    const Flops fp8 = flops_of(llm, slice, block, Phase::forward);
    slice.precision = bf16_plan();
    EXPECT_EQ(flops_of(llm, slice, block, Phase::forward), fp8);
  });
}

TEST(Kernels, OfTheHeadGatingAndCoreAttentionStayInBf16) {
  // DeepSeek-V3, arXiv 2412.19437, section 3.3.1: embedding, output head, gating, norms and attention keep
  // their precision.
  const auto precision_of = [](Block block, std::string_view name) {
    const auto list = kernels(deepseek_v3(), slice_of({}), block, Phase::forward);
    return std::ranges::find(list, name, &Kernel::name)->precision;
  };
  EXPECT_EQ(precision_of(Block::head, "output head"), Precision::bf16);
  EXPECT_EQ(precision_of(Block::router, "gating"), Precision::bf16);
  EXPECT_EQ(precision_of(Block::attention, "core attention"), Precision::bf16);
  EXPECT_EQ(precision_of(Block::attention, "output projection"), Precision::fp8);
  EXPECT_EQ(precision_of(Block::routed_experts, "down projection"), Precision::fp8);
}

TEST(Kernels, OfBalancedExpertsShareOutTheTokens) {
  // 2 * 4,096 tokens on each of 64 ranks, 8 experts each, 4 experts on a rank: 16,384 rows for each expert.
  const auto list = kernels(deepseek_v3(), slice_of({.expert = 64}), Block::routed_experts, Phase::forward);
  const auto& up = std::ranges::find(list, "gate and up projection", &Kernel::name)->matrix;
  EXPECT_EQ(up.groups, 4);
  EXPECT_EQ(up.m, 16384);
  EXPECT_EQ(up.n, 4096);
  EXPECT_EQ(up.k, 7168);
}

TEST(Kernels, BehindAnIndexerSkipTheKeyUpProjection) {
  const auto list = names(kernels(deepseek_v32(), slice_of({}), Block::attention, Phase::forward));
  EXPECT_EQ(std::ranges::count(list, "kv up-projection"), 0);
  EXPECT_EQ(std::ranges::count(list, "index scores"), 1);
}

TEST(Recomputation, OfNothingRunsNothing) {
  for_each_block([](const Llm& llm, Block block) {
    EXPECT_TRUE(kernels_recomputed(llm, slice_of({}), block, Recompute::none).empty());
  });
}

TEST(Recomputation, OfAllRunsTheForwardPassAgain) {
  for_each_block([](const Llm& llm, Block block) {
    const auto again = kernels_recomputed(llm, slice_of({}), block, Recompute::full);
    if (block == Block::embedding || block == Block::head)
      EXPECT_TRUE(again.empty());
    else
      EXPECT_EQ(names(again), names(kernels(llm, slice_of({}), block, Phase::forward)));
  });
}

TEST(Recomputation, SelectiveRunsNormsUpProjectionsAndActivationFunctions) {
  const auto again = [](Block block) {
    return names(kernels_recomputed(deepseek_v3(), slice_of({}), block, Recompute::selective));
  };
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(again(Block::attention),
            (Names{"attention norm", "latent norm", "quantise input", "q up-projection", "quantise input",
                   "kv up-projection", "rotary embedding", "keys of all heads"}));
  EXPECT_EQ(again(Block::router), Names{"FFN norm"});
  EXPECT_EQ(again(Block::routed_experts), Names{"SwiGLU"});
}

TEST(Recomputation, SelectiveIsCheap) {
  for_each_block([](const Llm& llm, Block block) {
    const Slice slice = slice_of({});
    EXPECT_LE(bytes_of(kernels_recomputed(llm, slice, block, Recompute::selective)),
              bytes_of(kernels(llm, slice, block, Phase::forward)));
  });
}

/// DeepSeek published a profile of its training: one forward and backward pass over 4 MoE layers on H800s,
/// expert parallel over 64, no tensor parallelism, 4,096 tokens (deepseek-ai/profile-data, `train.json`;
/// kernels summed by name).
class DeepSeekProfile : public testing::Test {
 protected:
  static constexpr int layers = 4;

  /// Kernels of one MoE layer in all passes, selective recomputation included, that `wanted` picks.
  template <class Wanted>
  static std::vector<Kernel> pick(Wanted wanted, std::initializer_list<Phase> phases) {
    const Slice slice = slice_of({.expert = 64}, 1);
    std::vector<Kernel> picked;
    const auto take = [&](const std::vector<Kernel>& list) {
      std::ranges::copy_if(list, std::back_inserter(picked), wanted);
    };
    for (const Block block : blocks_of_layer(deepseek_v3(), 60)) {
      for (const Phase phase : phases) take(kernels(deepseek_v3(), slice, block, phase));
      if (phases.size() > 1) take(kernels_recomputed(deepseek_v3(), slice, block, Recompute::selective));
    }
    return picked;
  }

  static double tflops(const std::vector<Kernel>& of_one_layer, double microseconds) {
    return layers * matrix_flops(of_one_layer).in(TFLOP) / (microseconds * 1e-6);
  }
};

TEST_F(DeepSeekProfile, HasAsManyKernelsAsWeRun) {
  const auto dense_fp8 = [](const Kernel& kernel) {
    return kernel.kind == Kernel::Kind::gemm && kernel.precision == Precision::fp8;
  };
  const auto grouped = [](const Kernel& kernel) { return kernel.kind == Kernel::Kind::grouped_gemm; };
  // 64 dense FP8 GEMMs: 7 forward, 7 for the input's gradient and 2 recomputed up-projections in each layer.
  EXPECT_EQ(layers * pick(dense_fp8, {Phase::forward, Phase::backward_input}).size(), 64);
  EXPECT_EQ(layers * pick(grouped, {Phase::forward, Phase::backward_input}).size(), 16);
  // 60 weight gradients: 7 dense, and one for each of 4 experts and 2 matrices, which we run as two groups of
  // 4.
  double products = 0;
  for (const Kernel& kernel :
       pick([&](const Kernel& k) { return dense_fp8(k) || grouped(k); }, {Phase::backward_weight}))
    products += kernel.matrix.groups;
  EXPECT_EQ(layers * products, 60);
}

TEST_F(DeepSeekProfile, NeverBeatsThePeakOfTheChip) {
  // H800: 1,979 TFLOP/s FP8 and 989 TFLOP/s BF16, of which 112 of 132 cores compute. An error of a factor of
  // two in our FLOPs would leave these windows: large Hopper kernels reach 0.3 to 1 of what their cores can
  // do.
  constexpr double fp8 = 1979. * 112 / 132, bf16 = 989. * 112 / 132;
  const auto is = [](Kernel::Kind kind) {
    return [kind](const Kernel& kernel) { return kernel.kind == kind; };
  };
  const auto dense_fp8 = [](const Kernel& kernel) {
    return kernel.kind == Kernel::Kind::gemm && kernel.precision == Precision::fp8;
  };
  const auto expect_share_of = [](double peak, double rate) {
    EXPECT_GT(rate, 0.3 * peak);
    EXPECT_LT(rate, peak);
  };
  expect_share_of(bf16, tflops(pick(is(Kernel::Kind::attention), {Phase::forward}), 4948));
  expect_share_of(bf16, tflops(pick(is(Kernel::Kind::attention), {Phase::backward_input}), 15115));
  expect_share_of(
      fp8, tflops(pick(is(Kernel::Kind::grouped_gemm), {Phase::forward, Phase::backward_input}), 22926));
  expect_share_of(fp8, tflops(pick(dense_fp8, {Phase::forward, Phase::backward_input}), 18838));
  const auto weight =
      pick([&](const Kernel& k) { return dense_fp8(k) || k.kind == Kernel::Kind::grouped_gemm; },
           {Phase::backward_weight});
  expect_share_of(fp8, tflops(weight, 32756));
}

}  // namespace
}  // namespace superpod::models
