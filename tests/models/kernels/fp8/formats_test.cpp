// E4M3, E5M2 and E8M0 are what their specifications say, for all 256 codes, and rounding finds the nearest.
#include "models/kernels/fp8/formats.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace superpod::models::fp8 {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

/// A row of the specification's table of formats, written down apart from the code under test.
template <class Format>
struct Specification;

template <>
struct Specification<E4m3> {
  static constexpr int fraction_bits = 3, bias = 7;
  static constexpr double largest = 448, smallest_normal = 0x1p-6, smallest = 0x1p-9;
  static bool is_nan(int magnitude) { return magnitude == 0b1111'111; }
  static bool is_infinity(int) { return false; }
};

template <>
struct Specification<E5m2> {
  static constexpr int fraction_bits = 2, bias = 15;
  static constexpr double largest = 57344, smallest_normal = 0x1p-14, smallest = 0x1p-16;
  static bool is_nan(int magnitude) { return magnitude > 0b11111'00; }
  static bool is_infinity(int magnitude) { return magnitude == 0b11111'00; }
};

/// By the formula of the specification, in double.
template <class Format>
double specified(int code) {
  using Spec = Specification<Format>;
  const int magnitude = code & 0x7F, fraction = magnitude % (1 << Spec::fraction_bits);
  const int exponent = magnitude >> Spec::fraction_bits;
  const double sign = code >= 0x80 ? -1 : 1;
  if (Spec::is_nan(magnitude)) return std::numeric_limits<double>::quiet_NaN();
  if (Spec::is_infinity(magnitude)) return sign * std::numeric_limits<double>::infinity();
  const double part = static_cast<double>(fraction) / (1 << Spec::fraction_bits);
  return sign *
         (exponent > 0 ? std::exp2(exponent - Spec::bias) * (1 + part) : std::exp2(1 - Spec::bias) * part);
}

/// The nearest finite value of all, found by looking at each; of two the one with an even code.
template <class Format>
Format nearest(float x) {
  Format best{};
  double distance = std::numeric_limits<double>::infinity();
  for (int code = 0; code <= Format::largest_code; ++code) {
    const double here = std::abs(std::abs(static_cast<double>(x)) - specified<Format>(code));
    if (here < distance || (here == distance && code % 2 == 0)) {
      distance = here;
      best.code = static_cast<std::uint8_t>(code);
    }
  }
  if (std::abs(x) > specified<Format>(Format::largest_code)) best.code = Format::largest_code;
  if (std::signbit(x)) best.code |= 0x80;
  return best;
}

/// Codes, points half-way between neighbours, all with their neighbouring floats; powers of two over the
/// whole range of FP32; and random bits.
template <class Format>
std::vector<float> telling_floats() {
  std::vector<float> some{0, infinity, std::numeric_limits<float>::max(), std::numeric_limits<float>::min(),
                          std::numeric_limits<float>::denorm_min()};
  const auto add = [&](double x) {
    const auto here = static_cast<float>(x);
    some.insert(some.end(), {here, std::nextafter(here, infinity), std::nextafter(here, 0.0F)});
  };
  for (int code = 0; code <= Format::largest_code; ++code) {
    add(specified<Format>(code));
    add((specified<Format>(code) + specified<Format>(std::max(code - 1, 0))) / 2);
  }
  add(Specification<Format>::largest *
      (1 + std::exp2(-Format::fraction_bits - 1)));  // where IEEE would overflow
  for (int exponent = -149; exponent < 128; ++exponent) add(std::exp2(exponent));
  std::mt19937 random{1};
  for (int i = 0; i < 20000; ++i) some.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(random())));
  for (int i = 0; i < 20000; ++i)  // most random bits are far out of range
    some.push_back(
        std::bit_cast<float>((static_cast<std::uint32_t>(random()) & 0x87FF'FFFFU) | 0x3800'0000U));
  std::erase_if(some, [](float x) { return std::isnan(x); });
  for (std::size_t i = 0, count = some.size(); i < count; ++i) some.push_back(-some[i]);
  return some;
}

template <class Format>
class Fp8Format : public testing::Test {};
using Formats = testing::Types<E4m3, E5m2>;
TYPED_TEST_SUITE(Fp8Format, Formats);

TYPED_TEST(Fp8Format, EveryCodeHasTheValueOfTheSpecification) {
  for (int code = 0; code < 256; ++code) {
    const float got = value(TypeParam{static_cast<std::uint8_t>(code)});
    const double wanted = specified<TypeParam>(code);
    if (std::isnan(wanted))
      EXPECT_TRUE(std::isnan(got)) << code;
    else
      EXPECT_EQ(bits(got), bits(static_cast<float>(wanted))) << code;  // bits: zero has a sign
  }
}

TYPED_TEST(Fp8Format, ItsExtremesAreThoseOfTheSpecification) {
  using Spec = Specification<TypeParam>;
  EXPECT_EQ(largest(TypeParam{}), Spec::largest);
  EXPECT_EQ(std::floor(std::log2(Spec::largest)), largest_exponent(TypeParam{}));
  EXPECT_EQ(value(TypeParam{1}), Spec::smallest);
  EXPECT_EQ(value(TypeParam{1 << Spec::fraction_bits}), Spec::smallest_normal);
}

TYPED_TEST(Fp8Format, EveryFiniteValueIsItsOwnRounding) {
  for (int code = 0; code < 256; ++code) {
    const TypeParam x{static_cast<std::uint8_t>(code)};
    if (std::isfinite(value(x))) {
      EXPECT_EQ(to<TypeParam>(value(x)), x) << code;
    }
  }
}

TYPED_TEST(Fp8Format, RoundsToTheNearestValueAndTiesToEven) {
  for (const float x : telling_floats<TypeParam>())
    ASSERT_EQ(int{to<TypeParam>(x).code}, int{nearest<TypeParam>(x).code}) << x << " " << bits(x);
}

TYPED_TEST(Fp8Format, NanStaysNanAndKeepsItsSign) {
  for (const std::uint32_t nan : {0x7F80'0001U, 0x7FC0'0000U, 0x7FFF'FFFFU, 0xFF80'0001U, 0xFFFF'FFFFU}) {
    const TypeParam x = to<TypeParam>(std::bit_cast<float>(nan));
    EXPECT_TRUE(std::isnan(value(x))) << nan;
    EXPECT_EQ(x.code >> 7, nan >> 31) << nan;
  }
}

TYPED_TEST(Fp8Format, OverflowSaturates) {
  constexpr float most = largest(TypeParam{});
  for (const float x :
       {infinity, std::numeric_limits<float>::max(), 2 * most, std::nextafter(most, infinity)}) {
    EXPECT_EQ(value(to<TypeParam>(x)), most) << x;
    EXPECT_EQ(value(to<TypeParam>(-x)), -most) << x;
  }
}

TYPED_TEST(Fp8Format, RoundingIsMonotone) {
  std::vector<float> some = telling_floats<TypeParam>();
  std::ranges::sort(some);
  for (std::size_t i = 1; i < some.size(); ++i)
    ASSERT_LE(value(to<TypeParam>(some[i - 1])), value(to<TypeParam>(some[i])))
        << some[i - 1] << " " << some[i];
}

TYPED_TEST(Fp8Format, RoundingIsNoFurtherThanHalfAUnit) {
  using Spec = Specification<TypeParam>;
  for (const float x : telling_floats<TypeParam>()) {
    if (!(std::abs(x) <= Spec::largest)) continue;
    const double relative = std::exp2(-Spec::fraction_bits - 1), magnitude = std::abs(static_cast<double>(x));
    const double bound = magnitude >= Spec::smallest_normal ? relative * magnitude : Spec::smallest / 2;
    ASSERT_LE(std::abs(static_cast<double>(value(to<TypeParam>(x))) - static_cast<double>(x)), bound) << x;
  }
}

TEST(E8m0Format, EveryCodeIsAPowerOfTwo) {
  for (int code = 0; code < 255; ++code)
    EXPECT_EQ(static_cast<double>(value(E8m0{static_cast<std::uint8_t>(code)})), std::exp2(code - 127))
        << code;
  EXPECT_TRUE(std::isnan(value(E8m0{0xFF})));
}

std::vector<float> positive_floats() {
  std::vector<float> some = telling_floats<E4m3>();
  std::erase_if(some, [](float x) { return !(x > 0) || std::isinf(x); });
  return some;
}

TEST(E8m0Format, CeilingIsTheSmallestPowerOfTwoNotBelow) {
  for (const float x : positive_floats()) {
    const double scale = value(to_e8m0_ceil(x));
    if (x > 0x1p127F) {
      ASSERT_EQ(scale, 0x1p127) << x;
      continue;
    }
    ASSERT_GE(scale, x);
    if (scale > 0x1p-127) {
      ASSERT_LT(scale / 2, x);
    }
  }
}

TEST(E8m0Format, CeilingOfWhatHasNoLogarithmIsAnExtremeOrNan) {
  EXPECT_EQ(value(to_e8m0_ceil(0)), 0x1p-127F);
  EXPECT_EQ(value(to_e8m0_ceil(-5)), 0x1p-127F);
  EXPECT_EQ(value(to_e8m0_ceil(infinity)), 0x1p127F);
  EXPECT_TRUE(std::isnan(value(to_e8m0_ceil(std::numeric_limits<float>::quiet_NaN()))));
  EXPECT_TRUE(std::isnan(value(to_e8m0_ceil(-std::numeric_limits<float>::quiet_NaN()))));
}

TEST(E8m0Format, MxScaleIsTheFloorOfTheLogarithmLessTheElementsExponent) {
  for (const float x : positive_floats())
    for (const int e_max : {largest_exponent(E4m3{}), largest_exponent(E5m2{})})
      ASSERT_EQ(static_cast<double>(value(mx_scale(x, e_max))),
                std::exp2(std::max(std::ilogb(x) - e_max, -127)))
          << x;
}

TEST(E8m0Format, MxScaleOfZeroIsOneAndOfNanIsNan) {
  EXPECT_EQ(value(mx_scale(0)), 1);
  EXPECT_EQ(value(mx_scale(-0.0F)), 1);
  EXPECT_EQ(value(mx_scale(infinity)), 0x1p120F);
  EXPECT_TRUE(std::isnan(value(mx_scale(std::numeric_limits<float>::quiet_NaN()))));
}

static_assert(value(to_e4m3(0.3F)) == 0.3125F, "rounding is constexpr");

}  // namespace
}  // namespace superpod::models::fp8
