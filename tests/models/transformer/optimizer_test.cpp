#include "models/transformer/optimizer.hpp"

#include <gtest/gtest.h>

namespace superpod::models {
namespace {

using namespace unit;

TEST(Optimizer, KeepsEightBytesAsDeepSeekV3) {
  EXPECT_EQ(optimizer_state_per_parameter({}), 8 * B);  // FP32 master 4, BF16 moments 2 + 2
}

TEST(Optimizer, KeepsTwelveBytesInFp32) {
  EXPECT_EQ(
      optimizer_state_per_parameter({.first_moment = Precision::fp32, .second_moment = Precision::fp32}),
      12 * B);
}

TEST(Optimizer, ReadsAndWritesItsStateOnce) {
  // For each parameter: 8 read, 8 written, gradient 4 read, BF16 weight 2 written; and 4 read for the norm.
  const auto list = optimizer_kernels(1000, {});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].bytes, 4000 * B);
  EXPECT_EQ(list[1].bytes, 22000 * B);
}

}  // namespace
}  // namespace superpod::models
