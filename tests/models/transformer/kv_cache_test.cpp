#include "models/transformer/kv_cache.hpp"

#include <gtest/gtest.h>

#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double million = 1 << 20;
constexpr CachePrecision all_bf16{Precision::bf16, Precision::bf16, Precision::bf16};
constexpr CachePrecision of_v4{.index = Precision::fp4};  // arXiv 2606.19348, section 2.3.4

TEST(KvCache, OfOneTokenIsWhatItsMakersPublish) {
  // arXiv 2505.09343, Table 1, BF16: DeepSeek-V3 70.272 KB, LLaMA-3.1 405B 516.096 KB.
  EXPECT_NEAR(kv_cache_size(deepseek_v3(), 1, all_bf16).in(B), 70272, 1e-6);
  EXPECT_NEAR(kv_cache_size(llama3_405b(), 1, all_bf16).in(B), 516096, 1e-6);
}

TEST(KvCache, OfCompressedAttentionHasTheEntriesOfItsLayers) {
  // Pro, 2^20 tokens: 61 windows of 128 vectors, 30 layers of 2^18 blocks with index keys, 31 of 2^13 blocks.
  const double vectors = 61 * 128 + 30 * 262144. + 31 * 8192, index_keys = 30 * 262144.;
  EXPECT_NEAR(kv_cache_size(deepseek_v4_pro(), million, all_bf16).in(B),
              2 * (512 * vectors + 128 * index_keys), 1);
}

TEST(KvCache, OfDeepSeekV4IsThePublishedShareOfThatOfV32) {
  // arXiv 2606.19348, Figure 1, at a million tokens: 9.5 and 13.7 times smaller. V4 keeps a byte of scale for
  // 64 elements where we count two: 590 B for a vector instead of 584, 1 %; and half a digit.
  const Bytes v32 = kv_cache_size(deepseek_v32(), million);
  EXPECT_NEAR(v32 / kv_cache_size(deepseek_v4_pro(), million, of_v4), 9.5, 0.015 * 9.5);
  EXPECT_NEAR(v32 / kv_cache_size(deepseek_v4_flash(), million, of_v4), 13.7, 0.015 * 13.7);
}

TEST(KvCache, OfAShortSequenceIsWithinTheWindow) {
  const Llm flash = deepseek_v4_flash();
  const Bytes one = kv_cache_size(flash, 1), in_window = kv_cache_size(flash, 128),
              beyond = kv_cache_size(flash, 256);
  EXPECT_NEAR(in_window / one, 128, 128e-12);
  EXPECT_LT(beyond / in_window, 1.5);
}

}  // namespace
}  // namespace superpod::models
