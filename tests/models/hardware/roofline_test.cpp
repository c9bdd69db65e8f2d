#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "models/hardware/kernel_time.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using Bound = KernelTime::Bound;

constexpr double exact = 1e-12;  // relative: closed forms agree to rounding

/// Round figures: 1,000 TFLOP/s BF16 and 2 TB/s, of which kernels get half and three quarters.
Chip chip() {
  Chip chip;
  chip.name = "round";
  chip.peak.bf16 = Sourced{1000 * TFLOP / s};
  chip.memory_bandwidth = Sourced{2 * TB / s};
  chip.matrix_efficiency = 0.5;
  chip.memory_efficiency = 0.75;
  chip.launch_overhead = 2 * us;
  return chip;
}

Kernel square(double n) { return gemm("square", Precision::bf16, {1, n, n, n}, Bytes{2}); }

TEST(Roofline, OfALargeGemmIsItsFlopsOverTheReachablePeak) {
  // 2 * 8192^3 = 1.0995 TFLOP over 500 TFLOP/s, and 2 us to launch.
  const KernelTime time = time_of(square(8192), chip());
  const double expected = 2 * 8192. * 8192 * 8192 / 500e12 + 2e-6;
  EXPECT_NEAR(time.time.in(s), expected, expected * exact);
  EXPECT_EQ(time.bound, Bound::compute);
}

TEST(Roofline, OfAStreamIsItsBytesOverTheReachableBandwidth) {
  const KernelTime time = time_of(vector_kernel("stream", Flops{}, 3 * GB), chip());
  EXPECT_NEAR(time.time.in(ms), 2.002, 2.002 * exact);  // 3 GB over 1.5 TB/s is 2 ms
  EXPECT_EQ(time.bound, Bound::memory);
}

TEST(Roofline, OfATinyKernelIsItsLaunch) { EXPECT_EQ(time_of(square(16), chip()).bound, Bound::launch); }

TEST(Roofline, TakesTheCommunicationsCoresFromComputeAlone) {
  Chip idle = chip();
  idle.launch_overhead = 0 * s;
  const Kernel stream = vector_kernel("stream", Flops{}, 3 * GB);
  EXPECT_NEAR(time_of(square(8192), idle, 0.5).time / time_of(square(8192), idle).time, 2, exact);
  EXPECT_EQ(time_of(stream, idle, 0.5).time, time_of(stream, idle).time);
}

TEST(Roofline, BoundsVectorKernelsByTheVectorUnitsWhereTheyAreKnown) {
  Chip weak = chip();
  const Kernel norm = vector_kernel("norm", 1 * TFLOP, 1 * GB);
  EXPECT_EQ(time_of(norm, weak).bound, Bound::memory);
  weak.vector_peak = Sourced{10 * TFLOP / s};
  EXPECT_EQ(time_of(norm, weak).bound, Bound::compute);
  EXPECT_NEAR(time_of(norm, weak).time.in(ms), 100.002, 100.002 * exact);
}

TEST(Roofline, IsNeverSlowerOnABetterChip) {
  for (const double size : {64., 512., 4096., 16384.}) {
    const Seconds before = time_of(square(size), chip()).time;
    Chip better = chip();
    better.memory_bandwidth->value *= 2;
    EXPECT_LE(time_of(square(size), better).time, before);
    better.peak.bf16->value *= 2;
    EXPECT_LE(time_of(square(size), better).time, before);
  }
}

TEST(Roofline, OfSeveralKernelsIsTheirSum) {
  const std::array list{square(4096), vector_kernel("stream", Flops{}, 3 * GB), square(64)};
  Seconds sum;
  for (const Kernel& kernel : list) sum += time_of(kernel, chip()).time;
  EXPECT_EQ(total_time(list, chip()), sum);
}

TEST(Roofline, RefusesAPrecisionThatTheChipLacksAndNamesItsKey) {
  try {
    time_of(gemm("q up-projection", Precision::fp8, {1, 64, 64, 64}, Bytes{2}), chip());
    FAIL() << "an FP8 kernel ran on a chip without FP8";
  } catch (const std::invalid_argument& mistake) {
    EXPECT_STREQ(mistake.what(), "chip 'round' has no peak.fp8, which the kernel 'q up-projection' needs");
  }
}

TEST(Roofline, RefusesAShareOfTheCoresOutsideZeroToOne) {
  for (const double share : {0., -0.1, 1.1})
    EXPECT_THROW(time_of(square(64), chip(), share), std::invalid_argument);
}

TEST(Lacking, ListsEachMissingKeyOnce) {
  Chip poor = chip();
  poor.memory_bandwidth.reset();
  const std::array wanted{Precision::fp8, Precision::bf16, Precision::fp8, Precision::fp4};
  EXPECT_EQ(lacking(poor, wanted), (std::vector<std::string>{"peak.fp8", "peak.fp4", "memory_bandwidth"}));
  EXPECT_TRUE(lacking(chip(), std::array{Precision::bf16}).empty());
}

TEST(Kernel, GemmMovesEachOperandOnce) {
  // 3 groups of (4 x 5) * (5 x 6): A 20, B 30 in BF16, C 24 at 8 bytes, accumulated.
  const Kernel kernel = gemm("g", Precision::bf16, {3, 4, 6, 5}, Bytes{8});
  EXPECT_EQ(kernel.flops, 3 * 2 * 4 * 6 * 5 * FLOP);
  EXPECT_EQ(kernel.bytes, 3 * (20 * 2 + 30 * 2 + 24 * 8) * B);
  EXPECT_EQ(kernel.kind, Kernel::Kind::grouped_gemm);
}

TEST(Kernel, AttentionMovesHeadsOnce) {
  // 2 sequences, 8 query heads on 2 key heads, 16 queries and 32 keys of 4, values of 3.
  AttentionShape shape{.sequences = 2,
                       .heads = 8,
                       .kv_heads = 2,
                       .queries = 16,
                       .keys = 32,
                       .pairs = 256,
                       .qk_dim = 4,
                       .v_dim = 3};
  const double q_and_o = 2 * 8 * 16 * 7, k_and_v = 2 * 2 * 32 * 7, log_sum_exp = 2 * 8 * 16 * 4;
  const Kernel forward = attention("a", Precision::bf16, shape);
  EXPECT_EQ(forward.bytes, Bytes{2 * (q_and_o + k_and_v) + log_sum_exp});
  EXPECT_EQ(forward.flops, Flops{2. * 8 * 256 * 2 * 7});
  shape.backward = true;
  const Kernel backward = attention("a", Precision::bf16, shape);
  EXPECT_EQ(backward.bytes, Bytes{4 * (q_and_o + k_and_v) + log_sum_exp});
  EXPECT_EQ(backward.flops, Flops{2. * 8 * 256 * 2 * (3 * 4 + 2 * 3)});
}

TEST(StoredSize, OfNarrowFormatsIncludesOneScaleByteForEach32) {
  EXPECT_EQ(32 * stored_size(Precision::fp8), 33 * B);
  EXPECT_EQ(32 * stored_size(Precision::fp4), 17 * B);  // OCP MXFP4
  EXPECT_EQ(stored_size(Precision::bf16), 2 * B);
}

}  // namespace
}  // namespace superpod::models
