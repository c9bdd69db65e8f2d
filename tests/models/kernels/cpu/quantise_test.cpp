// Quantisation along rows and columns: to the bit what the formats ask for, on every path.
#include "models/kernels/cpu/quantise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "tests/models/kernels/cpu/cpu_kernels.hpp"

namespace superpod::models::cpu {
namespace {

constexpr std::array<std::array<std::int64_t, 2>, 8> shapes{
    {{0, 5}, {1, 1}, {3, 31}, {16, 128}, {128, 128}, {129, 257}, {200, 64}, {65, 385}}};

template <class Element>
std::vector<Element> transpose(const std::vector<Element>& in, std::int64_t rows, std::int64_t cols) {
  std::vector<Element> out(in.size());
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < cols; ++j)
      out[static_cast<std::size_t>(j * rows + i)] = in[static_cast<std::size_t>(i * cols + j)];
  return out;
}

QuantisedRows<float> expected(const std::vector<float>& x, std::int64_t rows, std::int64_t cols, float) {
  return fp8::quantise_float<fp8::E4m3>({x, rows, cols}, fp8::activation_block);
}
QuantisedRows<fp8::E8m0> expected(const std::vector<float>& x, std::int64_t rows, std::int64_t cols,
                                  fp8::E8m0) {
  return fp8::quantise_e8m0<fp8::E4m3>({x, rows, cols}, fp8::activation_block);
}

template <class Scale>
void expect_equal(const QuantisedRows<Scale>& found, const QuantisedRows<Scale>& wanted) {
  EXPECT_EQ(found.rows, wanted.rows);
  EXPECT_EQ(found.cols, wanted.cols);
  EXPECT_EQ(found.block, wanted.block);
  EXPECT_EQ(found.scales, wanted.scales);
  EXPECT_EQ(found.codes, wanted.codes);
}

template <class In, class Scale>
void check(const std::vector<In>& x, std::int64_t rows, std::int64_t cols) {
  const std::vector<float> floats = as_floats(x);
  const auto along_rows = expected(floats, rows, cols, Scale{});
  const auto along_columns = expected(transpose(floats, rows, cols), cols, rows, Scale{});
  for (const Execution& way : ways()) {
    SCOPED_TRACE(testing::Message() << rows << " x " << cols << " on path " << static_cast<int>(way.path)
                                    << ", threads " << way.threads);
    QuantisedRows<Scale> out, also, transposed;
    quantise_rows(Rows<In>{x, rows, cols}, out, way);
    expect_equal(out, along_rows);
    quantise_with_transpose(Rows<In>{x, rows, cols}, also, transposed, way);
    expect_equal(also, along_rows);
    expect_equal(transposed, along_columns);
  }
}

template <class In>
void check_all(bool spoiled) {
  std::mt19937 generator{7};
  for (const auto& [rows, cols] : shapes) {
    std::vector<In> x = random_elements<In>(rows * cols, generator);
    if (spoiled) spoil(x, generator);
    check<In, float>(x, rows, cols);
    check<In, fp8::E8m0>(x, rows, cols);
  }
}

TEST(CpuQuantise, EveryPathEqualsTheReferenceToTheBit) {
  check_all<float>(false);
  check_all<Bf16>(false);
}

TEST(CpuQuantise, NanAndInfinityStayWhereTheyAre) {
  check_all<float>(true);
  check_all<Bf16>(true);
}

TEST(CpuQuantise, EveryBf16BecomesTheCodeOfTheReference) {
  // All 65536, in blocks whose largest is 448 and so whose scale is 1: a code each, subnormal ones and ties
  // too.
  std::vector<Bf16> x;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    if (x.size() % 128 == 0) x.push_back(to_bf16(448));
    const Bf16 next{static_cast<std::uint16_t>(bits)};
    x.push_back(std::abs(value(next)) <= 448 ? next : to_bf16(0));
  }
  x.resize(x.size() / 128 * 128);
  check<Bf16, float>(x, static_cast<std::int64_t>(x.size()) / 128, 128);
}

TEST(CpuQuantise, FloatsBesideEveryTieAreRoundedToTheRightSide) {
  std::vector<float> x;
  for (int code = 0; code < 0x7E; ++code) {
    const float tie = (fp8::value(fp8::E4m3{static_cast<std::uint8_t>(code)}) +
                       fp8::value(fp8::E4m3{static_cast<std::uint8_t>(code + 1)})) /
                      2;
    for (const float near : {std::nextafter(tie, 0.0F), tie, std::nextafter(tie, 500.0F)})
      for (const float signed_near : {near, -near}) {
        if (x.size() % 128 == 0) x.push_back(448);
        x.push_back(signed_near);
      }
  }
  x.resize((x.size() + 127) / 128 * 128);
  check<float, float>(x, static_cast<std::int64_t>(x.size()) / 128, 128);
}

TEST(CpuQuantise, IsWithinHalfAUnitOfTheExactQuotient) {
  // The reference rounds the quotient to FP32 first: 2^-24 of it.
  std::mt19937 generator{9};
  const std::vector<float> x = random_elements<float>(40 * 300, generator);
  for (const Path path : paths()) {
    QuantisedRows<float> out;
    quantise_rows(Rows<float>{x, 40, 300}, out, {1, path});
    EXPECT_EQ(mismatch(out, {x.begin(), x.end()}, 0x1p-22), "");
  }
}

TEST(CpuQuantise, RefusesWhatDoesNotFit) {
  const std::vector<float> x(6);
  QuantisedRows<float> out;
  EXPECT_THROW(quantise_rows(Rows<float>{x, 2, 4}, out), std::invalid_argument);
  EXPECT_THROW(quantise_rows(Rows<float>{x, 2, 3}, out, {0, Path::portable}), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models::cpu
