// Every way that this CPU has to multiply block-scaled FP8 matrices agrees with the formula in double.
#include "models/kernels/cpu/gemm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/models/kernels/cpu/gemm_reference.hpp"

namespace superpod::models::cpu {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct Problem {
  std::vector<std::int64_t> row_ends;
  std::int64_t n, k;
  std::vector<fp8::E4m3> a, b;
  std::vector<float> scale_a, scale_b;

  [[nodiscard]] GemmShape shape() const { return {row_ends, n, k}; }
  [[nodiscard]] std::int64_t m() const { return row_ends.empty() ? 0 : row_ends.back(); }
  [[nodiscard]] std::int64_t blocks() const { return (k + 127) / 128; }

  template <class Element>
  [[nodiscard]] std::vector<Element> multiply(const GemmExecution& execution) const {
    std::vector<Element> c(static_cast<std::size_t>(m() * n));
    grouped_block_gemm(shape(), {a, scale_a}, {b, scale_b}, c, execution);
    return c;
  }
};

/// All finite codes; scales over a dozen powers of two.
Problem random_problem(std::vector<std::int64_t> row_ends, std::int64_t n, std::int64_t k, unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_int_distribution<int> magnitude{0, fp8::E4m3::largest_code}, negative{0, 1};
  std::uniform_real_distribution<float> exponent{-6, 6};
  Problem problem{std::move(row_ends), n, k, {}, {}, {}, {}};
  const auto groups = static_cast<std::int64_t>(problem.row_ends.size());
  const auto fill = [&](std::vector<fp8::E4m3>& codes, std::vector<float>& scales, std::int64_t elements,
                        std::int64_t blocks) {
    for (std::int64_t i = 0; i < elements; ++i)
      codes.push_back({static_cast<std::uint8_t>(magnitude(random) + 128 * negative(random))});
    for (std::int64_t i = 0; i < blocks; ++i) scales.push_back(std::exp2(exponent(random)));
  };
  fill(problem.a, problem.scale_a, problem.m() * k, problem.m() * problem.blocks());
  fill(problem.b, problem.scale_b, groups * n * k, groups * ((n + 127) / 128) * problem.blocks());
  return problem;
}

double number(float x) { return x; }
double number(Bf16 x) { return value(x); }

template <class Element>
void expect_within_bound(const Problem& problem, const std::vector<Element>& c, double rounding) {
  const ReferenceProduct exact =
      reference_block_gemm(problem.shape(), {problem.a, problem.scale_a}, {problem.b, problem.scale_b});
  ASSERT_EQ(c.size(), exact.c.size());
  const double gamma = error_bound(problem.k);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double sum = gamma * exact.magnitudes[i];
    ASSERT_LE(std::abs(number(c[i]) - exact.c[i]), sum + rounding * (std::abs(exact.c[i]) + sum))
        << "at " << i << " of m " << problem.m() << " n " << problem.n << " k " << problem.k;
  }
}

constexpr double half_unit_of_bf16 = 0x1p-8;

class BlockGemm : public testing::TestWithParam<Multiplier> {};

INSTANTIATE_TEST_SUITE_P(Every, BlockGemm, testing::ValuesIn(multipliers()), [](const auto& tested) {
  return std::string{words(Multiplier{})[static_cast<std::size_t>(tested.param)].first};
});

TEST_P(BlockGemm, IsWithinTheErrorOfFp32OfTheFormula) {
  const std::int64_t sizes[][3] = {{1, 1, 1},     {1, 33, 127},   {2, 128, 128},  {3, 7, 129},
                                   {5, 130, 256}, {8, 31, 640},   {9, 64, 65},    {13, 97, 63},
                                   {14, 32, 384}, {16, 129, 200}, {17, 257, 64},  {29, 40, 511},
                                   {33, 16, 513}, {64, 300, 130}, {100, 1, 1000}, {211, 70, 90}};
  unsigned seed = 0;
  for (const auto& [m, n, k] : sizes) {
    const Problem problem = random_problem({m}, n, k, ++seed);
    expect_within_bound(problem, problem.multiply<float>({2, GetParam()}), 0);
    expect_within_bound(problem, problem.multiply<Bf16>({2, GetParam()}), half_unit_of_bf16);
  }
}

TEST_P(BlockGemm, OfRandomSizesIsWithinTheErrorToo) {
  std::mt19937 random{7};
  std::uniform_int_distribution<std::int64_t> rows{0, 40}, cols{1, 280}, depth{1, 700};
  for (unsigned i = 0; i < 40; ++i) {
    const Problem problem = random_problem({rows(random)}, cols(random), depth(random), 100 + i);
    expect_within_bound(problem, problem.multiply<float>({1 + static_cast<int>(i % 3), GetParam()}), 0);
  }
}

TEST_P(BlockGemm, WithManyRowsIsCutIntoTasksWithoutSeams) {
  const Problem problem = random_problem({1100}, 290, 600, 3);  // more than a task's rows, columns and depth
  expect_within_bound(problem, problem.multiply<float>({2, GetParam()}), 0);
}

TEST_P(BlockGemm, OfGroupsIsEachGroupsOwn) {
  for (const std::vector<std::int64_t>& row_ends : std::vector<std::vector<std::int64_t>>{
           {0}, {0, 0, 5}, {3, 3, 4, 40, 40}, {20, 21, 37}, {1, 2, 3, 4, 5, 6, 7, 8}, {}}) {
    const Problem problem = random_problem(row_ends, 150, 260, static_cast<unsigned>(row_ends.size()));
    expect_within_bound(problem, problem.multiply<float>({2, GetParam()}), 0);
  }
}

TEST_P(BlockGemm, DoesNotDependOnTheNumberOfThreads) {
  for (const std::int64_t m : {1, 8, 16, 70}) {
    const Problem problem = random_problem({m, m + 9}, 333, 450, 11);
    const std::vector<float> alone = problem.multiply<float>({1, GetParam()});
    for (const int threads : {2, 3, 16})
      EXPECT_EQ(alone, problem.multiply<float>({threads, GetParam()})) << m;
  }
}

TEST_P(BlockGemm, OfNothingIsZeroOrEmpty) {
  EXPECT_EQ(random_problem({3}, 4, 0, 1).multiply<float>({1, GetParam()}), std::vector<float>(12, 0.0F));
  EXPECT_TRUE(random_problem({3}, 0, 4, 1).multiply<float>({1, GetParam()}).empty());
  EXPECT_TRUE(random_problem({0}, 5, 4, 1).multiply<float>({1, GetParam()}).empty());
}

/// What is NaN by the formula is NaN, what is infinite is infinite or NaN, and all else is finite.
void expect_same_class(const Problem& problem, Multiplier multiplier) {
  const std::vector<float> c = problem.multiply<float>({2, multiplier});
  const ReferenceProduct exact =
      reference_block_gemm(problem.shape(), {problem.a, problem.scale_a}, {problem.b, problem.scale_b});
  for (std::size_t i = 0; i < c.size(); ++i) {
    ASSERT_EQ(std::isfinite(c[i]), std::isfinite(exact.c[i])) << i;
    ASSERT_TRUE(std::isnan(c[i]) || !std::isnan(exact.c[i])) << i;
  }
}

TEST_P(BlockGemm, NanCodesReachTheirRowsAndColumnsAndNoOther) {
  for (const std::int64_t m : {1, 6, 16, 50}) {
    Problem problem = random_problem({m}, 70, 300, 21);
    problem.a[static_cast<std::size_t>((m - 1) * 300 + 290)].code = 0x7F;
    problem.b[33 * 300 + 5].code = 0xFF;
    expect_same_class(problem, GetParam());
    const std::vector<float> c = problem.multiply<float>({1, GetParam()});
    EXPECT_TRUE(std::isnan(c[static_cast<std::size_t>((m - 1) * 70)]));
    EXPECT_TRUE(std::isnan(c[33]));
  }
}

TEST_P(BlockGemm, ScalesThatAreNotFiniteSpoilTheirRowsAndColumnsAndNoOther) {
  for (const std::int64_t m : {2, 20}) {
    Problem problem = random_problem({m}, 140, 300, 22);
    problem.scale_a[1] = infinity;
    problem.scale_a[static_cast<std::size_t>(problem.blocks())] = nan;
    problem.scale_b[5] = -infinity;
    expect_same_class(problem, GetParam());
  }
}

TEST_P(BlockGemm, WhatIsTooLargeForBf16BecomesInfinite) {
  Problem problem{{2}, 2, 1, {{0x7E}, {0xFE}}, {{0x7E}, {0x38}}, {0x1p111F, 0x1p111F}, {1}};
  const std::vector<Bf16> c = problem.multiply<Bf16>({1, GetParam()});
  EXPECT_EQ(value(c[0]), infinity);  // 448^2 2^111 > 2^128
  EXPECT_EQ(value(c[2]), -infinity);
  EXPECT_EQ(value(c[1]), 448 * 0x1p111F);
}

TEST_P(BlockGemm, RefusesWhatDoesNotFit) {
  const Problem problem = random_problem({4}, 5, 6, 1);
  std::vector<float> c(20);
  const GemmExecution execution{1, GetParam()};
  const Activations a{problem.a, problem.scale_a};
  const Weights b{problem.b, problem.scale_b};
  const std::vector<std::int64_t> falling{6, 4};
  EXPECT_THROW(block_gemm<float>(5, 5, 6, a, b, c, execution), std::invalid_argument);
  EXPECT_THROW(block_gemm<float>(4, 5, 129, a, b, c, execution), std::invalid_argument);
  EXPECT_THROW(block_gemm<float>(-4, 5, 6, a, b, c, execution), std::invalid_argument);
  EXPECT_THROW(grouped_block_gemm({falling, 5, 6}, a, b, std::span<float>(c), execution),
               std::invalid_argument);
  EXPECT_THROW(block_gemm<float>(4, 5, 6, a, b, c, {0, GetParam()}), std::invalid_argument);
  c.pop_back();
  EXPECT_THROW(block_gemm<float>(4, 5, 6, a, b, c, execution), std::invalid_argument);
}

TEST(Multipliers, WhatTheMachineLacksIsRefused) {
  for (const auto& [name, multiplier] : words(Multiplier{})) {
    if (std::ranges::count(multipliers(), multiplier) > 0) continue;
    const Problem problem = random_problem({1}, 1, 1, 1);
    EXPECT_THROW(static_cast<void>(problem.multiply<float>({1, multiplier})), std::invalid_argument) << name;
  }
  EXPECT_EQ(multipliers().front(), Multiplier::portable);
}

}  // namespace
}  // namespace superpod::models::cpu
