// Each kernel of the device against a reference in double. Skipped where there is no device.

#include <gtest/gtest.h>

#include <string>

#include "models/kernels/cuda/device.hpp"

namespace superpod::models::cuda {
namespace {

constexpr std::uint64_t seed = 20250222;
constexpr Bytes bf16_result{2};

class Cuda : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = why_unavailable()) GTEST_SKIP() << *reason;
  }

  /// At least 80 for Ampere, 89 for FP8.
  static int capability() {
    const std::string text = notes().compute_capability;
    return std::stoi(text) * 10 + std::stoi(text.substr(text.find('.') + 1));
  }

  static void expect_right(const Kernel& kernel) {
    SCOPED_TRACE(std::string{kernel.name});
    const auto ready = prepare(kernel, seed);
    ASSERT_NE(ready, nullptr) << "there is no such kernel";
    EXPECT_LE(ready->error(), 1) << ready->implementation();
    EXPECT_GT(ready->run(3, Cache::warm), Seconds{});
    EXPECT_GT(ready->run(3, Cache::cold), Seconds{});
    EXPECT_LE(ready->error(), 1) << "after timing";
  }
};

Kernel attention_of(const AttentionShape& shape) { return attention("attention", Precision::bf16, shape); }

TEST_F(Cuda, NamesTheDevice) {
  const DeviceNotes device = notes();
  EXPECT_FALSE(device.name.empty());
  EXPECT_GT(device.multiprocessors, 0);
  EXPECT_GT(device.l2, Bytes{});
}

TEST_F(Cuda, DenseProductsAreRight) {
  expect_right(gemm("square", Precision::bf16, {1, 256, 256, 256}, bf16_result));
  expect_right(gemm("odd rows", Precision::bf16, {1, 77, 264, 520}, bf16_result));
  expect_right(gemm("integers", Precision::int8, Scaling::tensor, {1, 64, 128, 256}, Bytes{4}));
}

TEST_F(Cuda, ProductsInFp8AreRight) {
  if (capability() < 90) GTEST_SKIP() << "FP8 begins with Hopper here";
  for (const Scaling scaling : {Scaling::tensor, Scaling::block}) {
    expect_right(gemm("one tile", Precision::fp8, scaling, {1, 128, 128, 128}, bf16_result));
    expect_right(gemm("scales of several tiles", Precision::fp8, scaling, {1, 320, 384, 640}, bf16_result));
    expect_right(gemm("rows that no tile fills", Precision::fp8, scaling, {1, 52, 256, 1152}, bf16_result));
    expect_right(gemm("experts", Precision::fp8, scaling, {12, 48, 256, 512}, bf16_result));
  }
}

TEST_F(Cuda, GroupedProductsAreRight) {
  expect_right(gemm("experts", Precision::bf16, {12, 40, 256, 512}, bf16_result));
}

TEST_F(Cuda, CausalAttentionIsRight) {
  for (const double head : {64.0, 128.0})
    expect_right(attention_of({2, 8, 2, 300, 300, 300 * 301 / 2.0, head, head}));
  expect_right(attention_of({1, 4, 4, 300, 300, 300 * 301 / 2.0, 192, 128}));
  expect_right(attention_of({1, 4, 4, 100, 300, 100 * 300 - 100 * 99 / 2.0, 192, 128}));
}

TEST_F(Cuda, AttentionOfAllPairsIsRight) {
  expect_right(attention_of({2, 8, 8, 130, 70, 130 * 70, 128, 128}));
}

TEST_F(Cuda, DecodingIsRight) {
  expect_right(attention_of({2, 32, 8, 1, 5000, 5000, 128, 128}));
  expect_right(attention_of({64, 32, 8, 1, 200, 200, 128, 128}));
  expect_right(attention_of({2, 16, 1, 1, 5000, 5000, 576, 512, false, true}));
  expect_right(attention_of({3, 128, 1, 2, 333, 2 * 333 - 1, 576, 512, false, true}));
}

TEST_F(Cuda, WhatIsNotImplementedIsRefused) {
  EXPECT_EQ(prepare(vector_kernel("norm", Flops{1}, Bytes{1}), seed), nullptr);
  EXPECT_EQ(prepare(attention_of({1, 8, 8, 64, 64, 64 * 64, 80, 80}), seed), nullptr);
  EXPECT_EQ(prepare(attention_of({1, 8, 8, 64, 64, 64 * 64, 128, 128, true}), seed), nullptr);
  EXPECT_EQ(prepare(attention_of({1, 8, 8, 512, 512, 512 * 64, 128, 128}), seed), nullptr) << "a window";
}

TEST_F(Cuda, VectorKernelsAreRight) {
  for (const auto& ready : {prepare_copy(Bytes{1e6}), prepare_launch(), prepare_quantise(123, 1024, seed),
                            prepare_rms_norm(123, 7168, seed)}) {
    EXPECT_LE(ready->error(), 1) << ready->implementation();
    EXPECT_GT(ready->run(5, Cache::warm), Seconds{}) << ready->implementation();
  }
}

TEST_F(Cuda, TheSameSeedGivesTheSameError) {
  const Kernel kernel = gemm("square", Precision::bf16, {1, 128, 128, 128}, bf16_result);
  EXPECT_EQ(prepare(kernel, seed)->error(), prepare(kernel, seed)->error());
}

}  // namespace
}  // namespace superpod::models::cuda
