// RMSNorm and SwiGLU, quantised on the way out, against their formulas in double.
#include <gtest/gtest.h>

#include <array>

#include "models/kernels/cpu/rms_norm.hpp"
#include "models/kernels/cpu/swiglu.hpp"
#include "tests/models/kernels/cpu/cpu_kernels.hpp"
#include "tests/models/kernels/cpu/reference.hpp"

namespace superpod::models::cpu {
namespace {

/// Relative, of FP32 arithmetic before the codes: sums of some hundred squares, and e^x.
constexpr double reckoned = 2e-6;

constexpr std::array<std::array<std::int64_t, 2>, 6> shapes{
    {{0, 4}, {1, 2}, {5, 62}, {3, 128}, {7, 514}, {33, 300}}};

template <class Scale>
void check_norm(const Rows<Bf16>& x, const std::vector<Bf16>& weight, const std::vector<double>& exact) {
  QuantisedRows<Scale> first;
  for (const Execution& way : ways()) {
    QuantisedRows<Scale> out;
    rms_norm_quantise(x, weight, 1e-6F, out, way);
    EXPECT_EQ(mismatch(out, exact, reckoned), "") << static_cast<int>(way.path) << ", " << way.threads;
    if (way.threads == 1) first = out;
    EXPECT_EQ(out.codes, first.codes);
    EXPECT_EQ(out.scales, first.scales);
  }
}

TEST(CpuRmsNorm, FitsItsFormula) {
  std::mt19937 generator{11};
  for (const auto& [rows, cols] : shapes) {
    const std::vector<Bf16> x = random_elements<Bf16>(rows * cols, generator);
    const std::vector<Bf16> weight = random_elements<Bf16>(cols, generator);
    const Rows<Bf16> in{x, rows, cols};
    check_norm<float>(in, weight, reference_rms_norm(in, weight, static_cast<double>(1e-6F)));
    check_norm<fp8::E8m0>(in, weight, reference_rms_norm(in, weight, static_cast<double>(1e-6F)));
  }
}

TEST(CpuRmsNorm, NanAndInfinityStayInTheirRows) {
  std::mt19937 generator{12};
  std::vector<Bf16> x = random_elements<Bf16>(6 * 200, generator);
  x[210] = to_bf16(std::numeric_limits<float>::quiet_NaN());
  x[650] = to_bf16(-std::numeric_limits<float>::infinity());
  const std::vector<Bf16> weight = random_elements<Bf16>(200, generator);
  const Rows<Bf16> in{x, 6, 200};
  check_norm<float>(in, weight, reference_rms_norm(in, weight, static_cast<double>(1e-6F)));
}

TEST(CpuRmsNorm, DoesNotSeeTheScaleOfARow) {
  // Powers of two change no digit; epsilon is far below.
  std::mt19937 generator{13};
  std::vector<Bf16> x = random_elements<Bf16>(256, generator);
  const std::vector<Bf16> weight(256, to_bf16(1));
  QuantisedRows<float> before, after;
  rms_norm_quantise(Rows<Bf16>{x, 1, 256}, weight, 0, before);
  for (Bf16& element : x) element = to_bf16(value(element) * 64);
  rms_norm_quantise(Rows<Bf16>{x, 1, 256}, weight, 0, after);
  EXPECT_EQ(before.codes, after.codes);
  EXPECT_EQ(before.scales, after.scales);
}

template <class Scale>
void check_swiglu(const Rows<Bf16>& in) {
  const std::vector<double> exact = reference_swiglu(in);
  QuantisedRows<Scale> first;
  for (const Execution& way : ways()) {
    QuantisedRows<Scale> out;
    swiglu_quantise(in, out, way);
    EXPECT_EQ(mismatch(out, exact, reckoned), "") << static_cast<int>(way.path) << ", " << way.threads;
    if (way.threads == 1) first = out;
    EXPECT_EQ(out.codes, first.codes);
    EXPECT_EQ(out.scales, first.scales);
  }
}

TEST(CpuSwiglu, FitsItsFormula) {
  std::mt19937 generator{14};
  for (const auto& [rows, cols] : shapes) {
    const std::vector<Bf16> x = random_elements<Bf16>(rows * cols, generator);
    check_swiglu<float>({x, rows, cols});
    check_swiglu<fp8::E8m0>({x, rows, cols});
  }
}

TEST(CpuSwiglu, NanAndInfinityGoWhereTheFormulaTakesThem) {
  std::mt19937 generator{15};
  std::vector<Bf16> x = random_elements<Bf16>(4 * 600, generator);
  for (std::size_t i = 0; i < x.size(); i += 97)
    x[i] = to_bf16(i % 2 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 40; i < x.size(); i += 211) x[i] = to_bf16(-std::numeric_limits<float>::infinity());
  check_swiglu<float>({x, 4, 600});
}

TEST(CpuSwiglu, AWideOpenGateLetsTheOtherHalfThrough) {
  // silu(x) = x for large x: 64 * u, whose codes are those of u.
  std::mt19937 generator{16};
  std::vector<Bf16> x(128, to_bf16(64));
  const std::vector<Bf16> up = random_elements<Bf16>(128, generator);
  x.insert(x.end(), up.begin(), up.end());
  QuantisedRows<float> out;
  swiglu_quantise(Rows<Bf16>{x, 1, 256}, out);
  const std::vector<float> floats = as_floats(up);
  EXPECT_EQ(out.codes, fp8::quantise_float<fp8::E4m3>({floats, 1, 128}, fp8::activation_block).codes);
}

TEST(CpuSwiglu, RefusesAnOddWidth) {
  const std::vector<Bf16> x(6);
  QuantisedRows<float> out;
  EXPECT_THROW(swiglu_quantise(Rows<Bf16>{x, 2, 3}, out), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models::cpu
