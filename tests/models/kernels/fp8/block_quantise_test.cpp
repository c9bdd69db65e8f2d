// Quantisation in blocks errs by no more than its format allows, whatever the range of the numbers.
#include "models/kernels/fp8/block_quantise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

namespace superpod::models::fp8 {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct Owned {
  std::vector<float> values;
  std::int64_t rows, cols;
  operator Matrix() const { return {values, rows, cols}; }
  [[nodiscard]] float& at(std::int64_t i, std::int64_t j) {
    return values[static_cast<std::size_t>(i * cols + j)];
  }
};

/// Normal numbers times 2^e; e wanders from row to row over `range` and by a few within a row. Some are zero.
Owned wide_matrix(std::int64_t rows, std::int64_t cols, int range, unsigned seed) {
  std::mt19937 random{seed};
  std::normal_distribution<float> normal;
  std::uniform_int_distribution<int> of_row{-range, range}, of_element{-12, 0};
  Owned matrix{{}, rows, cols};
  for (std::int64_t i = 0; i < rows; ++i) {
    const int exponent = of_row(random);
    for (std::int64_t j = 0; j < cols; ++j)
      matrix.values.push_back(random() % 50 == 0 ? 0.0F
                                                 : std::ldexp(normal(random), exponent + of_element(random)));
  }
  return matrix;
}

constexpr struct {
  std::int64_t rows, cols;
} shapes[] = {{1, 1}, {3, 128}, {7, 131}, {129, 257}, {300, 31}, {0, 5}, {5, 0}};

constexpr double float_rounding = 1e-6;  // relative: of amax / largest and of x / scale, each 2^-24

/// |x - quantised| <= 2^-(f+1) |x| where x / scale is normal, and half the smallest value times the scale
/// where it is not; `saturation` is the share that an overflowing element may lose.
template <class Element, class Scale>
void expect_within_format(Owned& matrix, const Quantised<Element, Scale>& got, double saturation) {
  ASSERT_EQ(got.codes.size(), matrix.values.size());
  const double unit = std::exp2(-Element::fraction_bits - 1), smallest = value(Element{1});
  for (std::int64_t i = 0; i < matrix.rows; ++i)
    for (std::int64_t j = 0; j < matrix.cols; ++j) {
      const auto at = static_cast<std::size_t>(i / got.block.rows * got.scale_cols() + j / got.block.cols);
      const double x = matrix.at(i, j), scale = value(got.scales.at(at));
      const double share = std::abs(x) / scale > largest(Element{}) ? std::max(saturation, unit) : unit;
      const double bound = std::max(share * std::abs(x), smallest / 2 * scale);
      ASSERT_LE(std::abs(got.at(i, j) - x), bound * (1 + float_rounding)) << i << " " << j << " " << x;
    }
}

template <class Element>
class BlockQuantise : public testing::Test {};
using Elements = testing::Types<E4m3, E5m2>;
TYPED_TEST_SUITE(BlockQuantise, Elements);

TYPED_TEST(BlockQuantise, ErrsByNoMoreThanItsFormat) {
  unsigned seed = 0;
  for (const auto& [rows, cols] : shapes)
    for (const int range : {0, 20, 100}) {  // 2^-112 * 2^-9 / 448 has left the floats: scales stop at 2^-126
      Owned matrix = wide_matrix(rows, cols, range, ++seed);
      for (const Block block : {activation_block, weight_block, mx_block, Block{3, 5}}) {
        expect_within_format(matrix, quantise_float<TypeParam>(matrix, block), 0);
        expect_within_format(matrix, quantise_e8m0<TypeParam>(matrix, block), 0);
        expect_within_format(matrix, quantise_mx<TypeParam>(matrix, block), 1.0 / 8);
      }
    }
}

TYPED_TEST(BlockQuantise, PowerOfTwoScalesOfThePaperNeverSaturate) {
  Owned matrix = wide_matrix(64, 256, 60, 5);
  const auto got = quantise_e8m0<TypeParam>(matrix, activation_block);
  for (std::int64_t i = 0; i < 64; ++i)
    for (std::int64_t j = 0; j < 256; ++j) {
      const double scale = value(got.scales[static_cast<std::size_t>(i * 2 + j / 128)]);
      ASSERT_LE(std::abs(static_cast<double>(matrix.at(i, j))) / scale, largest(TypeParam{}));
    }
}

TYPED_TEST(BlockQuantise, TheLargestElementOfAFloatBlockIsTheLargestCode) {
  Owned matrix = wide_matrix(40, 384, 30, 6);
  const auto got = quantise_float<TypeParam>(matrix, activation_block);
  for (std::size_t block = 0; block < got.scales.size(); ++block) {
    int most = 0;
    for (std::size_t j = 0; j < 128; ++j) most = std::max(most, got.codes[block * 128 + j].code & 0x7F);
    EXPECT_EQ(most, TypeParam::largest_code) << block;
  }
}

TYPED_TEST(BlockQuantise, AZeroBlockHasScaleOne) {
  const Owned zero{std::vector<float>(256), 2, 128};
  EXPECT_EQ(quantise_float<TypeParam>(zero, activation_block).scales, (std::vector<float>{1, 1}));
  EXPECT_EQ(quantise_mx<TypeParam>(zero, activation_block).scales, (std::vector<E8m0>{{127}, {127}}));
  EXPECT_EQ(quantise_e8m0<TypeParam>(zero, activation_block).scales, (std::vector<E8m0>{{127}, {127}}));
}

template <class Element, class Scale>
void expect_same_but(const Quantised<Element, Scale>& clean, const Quantised<Element, Scale>& marred) {
  EXPECT_EQ(clean.scales, marred.scales);
  for (std::size_t i = 0; i < clean.codes.size(); ++i)
    if (i != 17 && i != 40 && i != 150) {
      EXPECT_EQ(clean.codes[i], marred.codes[i]) << i;
    }
  EXPECT_TRUE(std::isnan(value(marred.codes[17])));
  EXPECT_EQ(value(marred.codes[40]), largest(Element{}));
  EXPECT_EQ(value(marred.codes[150]), -largest(Element{}));
}

TYPED_TEST(BlockQuantise, NanAndInfinityLeaveTheirNeighboursAlone) {
  Owned matrix = wide_matrix(2, 128, 5, 9);
  matrix.values[17] = matrix.values[40] = matrix.values[150] = 0;
  Owned marred = matrix;
  marred.values[17] = nan;
  marred.values[40] = infinity;
  marred.values[150] = -infinity;
  for (const Block block : {activation_block, mx_block, weight_block}) {
    expect_same_but(quantise_float<TypeParam>(matrix, block), quantise_float<TypeParam>(marred, block));
    expect_same_but(quantise_e8m0<TypeParam>(matrix, block), quantise_e8m0<TypeParam>(marred, block));
    expect_same_but(quantise_mx<TypeParam>(matrix, block), quantise_mx<TypeParam>(marred, block));
  }
}

TYPED_TEST(BlockQuantise, ABlockOfInfinitiesSaturates) {
  const Owned all{std::vector<float>(32, infinity), 1, 32};
  for (const auto& code : quantise_float<TypeParam>(all, mx_block).codes)
    EXPECT_EQ(value(code), largest(TypeParam{}));
}

TEST(Quantise, RefusesAMatrixOfAnotherSize) {
  const std::vector<float> five(5);
  EXPECT_THROW(quantise_float<E4m3>({five, 2, 3}, activation_block), std::invalid_argument);
  EXPECT_THROW(quantise_float<E4m3>({five, 1, 5}, {0, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models::fp8
