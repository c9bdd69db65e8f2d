#include "models/serving/costs/launches.hpp"

#include <gtest/gtest.h>

#include "models/hardware/kernel_time.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "tests/models/small_models.hpp"

namespace superpod::models {
namespace {

constexpr double exact = 1e-12;

Kernel vector_of(double megabytes) { return vector_kernel("vector", Flops{}, megabytes * 1e6 * unit::B); }
Kernel product(Precision precision) { return gemm("product", precision, {1, 64, 1024, 1024}, Bytes{2}); }

Seconds time(const Kernel& kernel) { return time_of(kernel, small_chip()).time; }
Seconds launched(const std::vector<Kernel>& all, Block block = Block::dense_ffn) {
  return launched_time(block, all, small_chip());
}
Seconds launch() { return time(vector_kernel("nothing", Flops{}, Bytes{})); }

TEST(Launches, VectorKernelsInARowAreOneThatMovesWhatTheLargestMoves) {
  ASSERT_GT(launch(), Seconds{});
  const Kernel after = product(Precision::bf16);
  EXPECT_NEAR(
      launched({vector_of(1), vector_of(30), vector_of(2), after}) / (time(vector_of(30)) + time(after)), 1,
      exact);
}

TEST(Launches, ABlockEndsInTheNextOnesFirst) {
  const Kernel within = product(Precision::bf16);
  EXPECT_NEAR(launched({vector_of(1), within, vector_of(30)}) / (time(vector_of(30)) + time(within)), 1,
              exact);
  EXPECT_NEAR(launched({vector_of(1), within, vector_of(5), within}) /
                  (time(vector_of(1)) + time(vector_of(5)) + 2 * time(within)),
              1, exact);
}

TEST(Launches, QuantisationIsPartOfABlockScaledProduct) {
  const Kernel narrow = product(Precision::fp8);
  EXPECT_NEAR(launched({vector_of(30), narrow}) / (time(vector_of(30)) - launch() + time(narrow)), 1, exact);
}

TEST(Launches, WhatIsAroundTheRoutedExpertsIsPartOfThem) {
  const Kernel experts = gemm("experts", Precision::bf16, {8, 64, 1024, 1024}, Bytes{2});
  EXPECT_NEAR(launched({vector_of(30), experts, vector_of(3), experts, vector_of(2)}, Block::routed_experts) /
                  (time(vector_of(30)) + time(vector_of(3)) - 2 * launch() + 2 * time(experts)),
              1, exact);
}

TEST(Launches, WithoutAProductThereIsOne) {
  EXPECT_NEAR(launched({vector_of(4), vector_of(30)}, Block::embedding) / time(vector_of(30)), 1, exact);
  EXPECT_EQ(launched({}), Seconds{});
}

TEST(Launches, AreNeverMoreThanKernelsHave) {
  for (const Llm& llm : {small_dense(), small_moe()}) {
    const Slice slice{.shard = {}, .batch = {{32, 1, 1000}}, .precision = {}, .cache = CachePrecision{}};
    for (const Block block : blocks_of_model(llm)) {
      const std::vector<Kernel> all = kernels(llm, slice, block, Phase::forward);
      EXPECT_LE(launched(all, block), total_time(all, small_chip()));
      EXPECT_GT(launched(all, block), 0.3 * total_time(all, small_chip()));
    }
  }
}

}  // namespace
}  // namespace superpod::models
