// What serving asks of a model's layers: chunks of prefills, steps of decoding, and both in one batch.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "models/kernels/family.hpp"
#include "models/transformer/compression.hpp"
#include "models/transformer/flops.hpp"
#include "models/transformer/kv_cache.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double exact = 1e-9;  // relative: differences of squares of up to 2^34 pairs

constexpr CachePrecision bf16_cache{Precision::bf16, Precision::bf16, Precision::bf16};

Slice decoder(std::vector<Sequences> batch, const CachePrecision& cache = bf16_cache) {
  Slice slice;
  slice.batch = std::move(batch);
  slice.cache = cache;
  return slice;
}

std::vector<Kernel> attention_of(const Llm& llm, const Slice& slice) {
  return kernels(llm, slice, Block::attention, Phase::forward);
}

template <class Keep>
std::vector<Kernel> those(std::vector<Kernel> list, Keep keep) {
  std::erase_if(list, [&](const Kernel& kernel) { return !keep(kernel); });
  return list;
}

bool is_attention(const Kernel& kernel) { return kernel.kind == Kernel::Kind::attention; }

Bytes bytes_of(const std::vector<Kernel>& list) {
  Bytes sum;
  for (const Kernel& kernel : list) sum += kernel.bytes;
  return sum;
}

bool has(const std::vector<Kernel>& list, std::string_view name) {
  return std::ranges::any_of(list, [&](const Kernel& kernel) { return kernel.name == name; });
}

TEST(ChunkedPrefill, AddsUpToTheFlopsOfTheWhole) {
  for (const Llm& llm : all_shapes())
    for (const Block block : blocks_of_model(llm))
      for (const Counting counting : {Counting::causal, Counting::full}) {
        const double whole = forward_flops(llm, block, {2, 131072, 0}, counting).in(FLOP);
        double sum = 0;
        for (double seen = 0; seen < 131072; seen += 8192)
          sum += forward_flops(llm, block, {2, 8192, seen}, counting).in(FLOP);
        EXPECT_NEAR(sum, whole, exact * whole) << llm.name;
      }
}

TEST(ChunkedPrefill, RunsKernelsWhoseAttentionAddsUpToThatOfTheWhole) {
  for (const Llm& llm : all_shapes()) {
    const auto flops = [&](double fresh, double seen) {
      return matrix_flops(those(attention_of(llm, decoder({{1, fresh, seen}})), is_attention)).in(FLOP);
    };
    double sum = 0;
    for (double seen = 0; seen < 32768; seen += 4096) sum += flops(4096, seen);
    EXPECT_NEAR(sum, flops(32768, 0), exact * sum) << llm.name;
  }
}

TEST(ForwardFlops, OfWholeSequencesAreThoseOfTheirTokens) {
  for (const Llm& llm : all_shapes())
    for (const Block block : blocks_of_model(llm)) {
      const double of_token = forward_flops_per_token(llm, block, 4096, Counting::causal).in(FLOP);
      EXPECT_NEAR(forward_flops(llm, block, whole_sequences(3, 4096)).in(FLOP), 3 * 4096 * of_token,
                  3 * 4096 * of_token * exact);
    }
}

TEST(Decoding, OfOneTokenReadsTheKeysAndValuesOfWhatWasSeen) {
  constexpr double seen = 65536;
  for (const CachePrecision& cache : {bf16_cache, CachePrecision{}})
    for (const Llm& llm : {llama3_8b(), qwen3_235b(), deepseek_v3()}) {
      const auto core = those(attention_of(llm, decoder({{16, 1, seen}}, cache)), is_attention);
      ASSERT_EQ(core.size(), 1U) << llm.name;
      const double kept = 16 * layer_cache_on_rank(llm, 1, seen + 1, cache).in(B);
      // And nothing else that matters beside them: the query, the result and its log-sum-exp.
      EXPECT_GE(core.front().bytes.in(B), kept * (1 - exact)) << llm.name;
      EXPECT_LE(core.front().bytes.in(B), kept * 1.01) << llm.name;
    }
}

TEST(Decoding, BehindAnIndexerReadsTheIndexAndTheChosenKeysOnly) {
  constexpr double seen = 131072;
  const Llm llm = deepseek_v32();
  const auto& mla = std::get<Mla>(llm.attention);
  const auto core = those(attention_of(llm, decoder({{1, 1, seen}})), is_attention);
  ASSERT_EQ(core.size(), 2U);
  EXPECT_EQ(core[0].name, "index scores");
  EXPECT_EQ(core[0].attention.keys, seen + 1);
  EXPECT_EQ(core[1].attention.keys, mla.index_topk);
  // A chunk of so many tokens chooses all of them between its queries.
  EXPECT_EQ(those(attention_of(llm, decoder({{1, 8192, seen}})), is_attention)[1].attention.keys,
            8192 + seen);
}

TEST(Decoding, OfCompressedAttentionReadsWindowsAndBlocks) {
  const Llm llm = deepseek_v4_pro();
  const auto& compressed = std::get<Compressed>(llm.attention);
  const double seen = (1 << 20) - 1;
  const auto core = those(attention_of(llm, decoder({{1, 1, seen}})), is_attention);
  const double vectors = compressed.window + 1 +
                         share_of_sparse_layers(compressed, llm.layers) * compressed.index_topk +
                         share_of_dense_layers(compressed, llm.layers) * (seen + 1) / compressed.dense_ratio;
  EXPECT_NEAR(core.back().attention.keys, vectors, exact * seen);
}

TEST(Decoding, OfLatentAttentionWorksOnTheLatents) {
  const auto decoding = attention_of(deepseek_v3(), decoder({{32, 1, 4096}}));
  EXPECT_TRUE(has(decoding, "q to latent"));
  EXPECT_FALSE(has(decoding, "kv up-projection"));
  EXPECT_EQ(family_of(those(decoding, is_attention).front()).form, KernelFamily::Form::mla_decode);
  const auto prefill = attention_of(deepseek_v3(), decoder({{1, 2048, 4096}}));
  EXPECT_FALSE(has(prefill, "q to latent"));
  EXPECT_EQ(family_of(those(prefill, is_attention).front()).form, KernelFamily::Form::mla_prefill);
  // The heads of all keys are made again, those of seen tokens too.
  EXPECT_EQ(std::ranges::find(prefill, "kv up-projection", &Kernel::name)->matrix.m, 2048 + 4096);
  const auto grouped = attention_of(llama3_8b(), decoder({{32, 1, 4096}}));
  EXPECT_EQ(family_of(those(grouped, is_attention).front()).form, KernelFamily::Form::attention_decode);
}

TEST(MixedBatch, RunsEachLinearLayerOnceAndAttentionForEachKind) {
  const Sequences decoding{64, 1, 8192}, chunk{1, 1024, 2048};
  for (const Llm& llm : {llama3_8b(), qwen3_235b()}) {
    const auto both = attention_of(llm, decoder({decoding, chunk}));
    const auto first = attention_of(llm, decoder({decoding})), second = attention_of(llm, decoder({chunk}));
    EXPECT_EQ(those(both, is_attention).size(), 2U);
    EXPECT_EQ(both.size(), first.size() + 1);
    const double apart = (matrix_flops(first) + matrix_flops(second)).in(FLOP);
    EXPECT_NEAR(matrix_flops(both).in(FLOP), apart, exact * apart);
    EXPECT_LT(bytes_of(both), bytes_of(first) + bytes_of(second));  // weights are read once
  }
}

TEST(MixedBatch, OfSequencesThatAreAlikeIsOneOfThemAll) {
  for (const Llm& llm : all_shapes()) {
    const auto parted = attention_of(llm, decoder({{3, 1, 8192}, {5, 1, 8192}}));
    const auto whole = attention_of(llm, decoder({{8, 1, 8192}}));
    const double flops = matrix_flops(whole).in(FLOP);
    EXPECT_NEAR(matrix_flops(parted).in(FLOP), flops, exact * flops);
    EXPECT_NEAR(bytes_of(parted).in(B), bytes_of(whole).in(B), exact * bytes_of(whole).in(B));
  }
}

TEST(DecodingExperts, AreReadWhereATokenVisitsThem) {
  const Llm llm = deepseek_v3();
  const auto groups = [&](double sequences) {
    const auto list = kernels(llm, decoder({{sequences, 1, 4096}}), Block::routed_experts, Phase::forward);
    return std::ranges::find(list, "down projection", &Kernel::name)->matrix.groups;
  };
  EXPECT_NEAR(groups(1), 8, 8 * exact);  // top_k of 256
  EXPECT_LT(groups(32), 256 * 0.64);     // 1 - (1 - 1/32)^32 = 0.638
  EXPECT_GT(groups(32), 256 * 0.63);
  EXPECT_EQ(groups(4096), 256);
}

TEST(DecodersCache, GrowsByTheNewTokens) {
  for (const Llm& llm : {llama3_8b(), deepseek_v3()}) {
    const auto list = attention_of(llm, decoder({{7, 3, 4096}}));
    const auto append = std::ranges::find(list, "append to cache", &Kernel::name);
    ASSERT_NE(append, list.end());
    // Read in the state's BF16, and written in that of the cache.
    EXPECT_NEAR(append->bytes.in(B), 2 * layer_cache_on_rank(llm, 1, 21, bf16_cache).in(B), 1e-3);
  }
}

TEST(DecodersCache, OfSharedHeadsIsSharedOut) {
  EXPECT_NEAR(8 * layer_cache_on_rank(llama3_8b(), 8, 100, bf16_cache) /
                  layer_cache_on_rank(llama3_8b(), 1, 100, bf16_cache),
              1, exact);
  EXPECT_EQ(layer_cache_on_rank(deepseek_v3(), 8, 100, bf16_cache),
            layer_cache_on_rank(deepseek_v3(), 1, 100, bf16_cache));
}

}  // namespace
}  // namespace superpod::models
