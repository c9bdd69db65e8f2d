// Tokens on their way to experts and back: none lost, none changed.
#include "models/kernels/cpu/expert_packing.hpp"

#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "models/kernels/cpu/quantise.hpp"
#include "tests/models/kernels/cpu/cpu_kernels.hpp"
#include "tests/models/kernels/cpu/reference.hpp"

namespace superpod::models::cpu {
namespace {

struct Case {
  std::int64_t tokens, choices, cols;
  std::int32_t experts;
  std::vector<std::int32_t> experts_of;

  [[nodiscard]] Routing routing() const { return {experts_of, tokens, choices, experts}; }
};

/// Distinct experts for each token, one choice in eight going nowhere.
Case random_case(std::int64_t tokens, std::int64_t choices, std::int32_t experts, std::int64_t cols,
                 std::mt19937& generator) {
  Case made{tokens, choices, cols, experts, {}};
  std::vector<std::int32_t> all(static_cast<std::size_t>(experts));
  std::iota(all.begin(), all.end(), 0);
  for (std::int64_t t = 0; t < tokens; ++t) {
    std::ranges::shuffle(all, generator);
    for (std::int64_t c = 0; c < choices; ++c)
      made.experts_of.push_back(generator() % 8 == 0 ? -1 : all[static_cast<std::size_t>(c)]);
  }
  return made;
}

std::vector<Case> random_cases() {
  std::mt19937 generator{21};
  return {random_case(0, 2, 4, 8, generator), random_case(1, 1, 1, 1, generator),
          random_case(13, 8, 32, 300, generator), random_case(100, 2, 3, 129, generator),
          random_case(37, 8, 256, 1100, generator)};
}

TEST(CpuPacking, EveryChoiceHasOneRowAndEveryRowOneChoice) {
  for (const Case& c : random_cases()) {
    const Packing packing = packing_of(c.routing());
    ASSERT_EQ(packing.first.size(), static_cast<std::size_t>(c.experts) + 1);
    std::vector<int> taken(packing.token.size());
    for (std::size_t i = 0; i < c.experts_of.size(); ++i) {
      const std::int32_t expert = c.experts_of[i];
      const std::int64_t row = packing.row_of[i];
      EXPECT_EQ(expert < 0, row < 0);
      if (row < 0) continue;
      ++taken[static_cast<std::size_t>(row)];
      EXPECT_EQ(packing.token[static_cast<std::size_t>(row)], static_cast<std::int64_t>(i) / c.choices);
      EXPECT_GE(row, packing.first[static_cast<std::size_t>(expert)]);
      EXPECT_LT(row, packing.first[static_cast<std::size_t>(expert) + 1]);
    }
    EXPECT_EQ(std::ranges::count(taken, 1), std::ssize(taken));
  }
}

TEST(CpuPacking, TokensOfAnExpertKeepTheirOrder) {
  for (const Case& c : random_cases()) {
    const Packing packing = packing_of(c.routing());
    for (std::size_t e = 0; e + 1 < packing.first.size(); ++e)
      EXPECT_TRUE(std::is_sorted(packing.token.begin() + packing.first[e],
                                 packing.token.begin() + packing.first[e + 1]));
  }
}

template <class Scale>
void check_copies(const Case& c, std::mt19937& generator) {
  std::vector<float> x = random_elements<float>(c.tokens * c.cols, generator);
  spoil(x, generator);
  QuantisedRows<Scale> tokens, packed;
  quantise_rows(Rows<float>{x, c.tokens, c.cols}, tokens);
  const Packing packing = packing_of(c.routing());
  for (const int threads : {1, 3}) {
    pack(tokens, packing, packed, {threads, Path::portable});
    ASSERT_EQ(packed.rows, std::ssize(packing.token));
    for (std::int64_t row = 0; row < packed.rows; ++row) {
      const std::int64_t token = packing.token[static_cast<std::size_t>(row)], scales = tokens.scale_cols();
      EXPECT_TRUE(std::equal(packed.codes.begin() + row * c.cols, packed.codes.begin() + (row + 1) * c.cols,
                             tokens.codes.begin() + token * c.cols));
      EXPECT_TRUE(std::equal(packed.scales.begin() + row * scales, packed.scales.begin() + (row + 1) * scales,
                             tokens.scales.begin() + token * scales));
    }
  }
}

TEST(CpuPacking, RowsAreCopiesOfTheirTokens) {
  std::mt19937 generator{22};
  for (const Case& c : random_cases()) {
    check_copies<float>(c, generator);
    check_copies<fp8::E8m0>(c, generator);
  }
}

/// The experts' rows: what they received.
std::vector<Bf16> received(const std::vector<Bf16>& tokens, std::int64_t cols, const Packing& packing) {
  std::vector<Bf16> rows;
  for (const std::int64_t token : packing.token)
    rows.insert(rows.end(), tokens.begin() + token * cols, tokens.begin() + (token + 1) * cols);
  return rows;
}

TEST(CpuCombine, OfUntouchedRowsWithWeightsThatSumToOneIsTheToken) {
  // A quarter to each of four choices: BF16 x 1/4 and its sums are exact in FP32.
  std::mt19937 generator{23};
  Case c{50, 4, 333, 16, {}};
  for (std::int64_t i = 0; i < c.tokens * c.choices; ++i)
    c.experts_of.push_back(static_cast<std::int32_t>(generator() % 16));
  const std::vector<Bf16> tokens = random_elements<Bf16>(c.tokens * c.cols, generator);
  const Packing packing = packing_of(c.routing());
  const std::vector<Bf16> rows = received(tokens, c.cols, packing);
  const std::vector<float> quarters(c.experts_of.size(), 0.25F);
  for (const Execution& way : ways()) {
    std::vector<Bf16> out(tokens.size());
    combine({{rows, std::ssize(packing.token), c.cols}, quarters}, packing, out, way);
    EXPECT_EQ(out, tokens);
  }
}

TEST(CpuCombine, FitsTheWeightedSum) {
  std::mt19937 generator{24};
  for (const Case& c : random_cases()) {
    const Packing packing = packing_of(c.routing());
    const std::int64_t count = std::ssize(packing.token);
    std::vector<Bf16> rows = random_elements<Bf16>(count * c.cols, generator);
    spoil(rows, generator);
    const std::vector<float> weights = random_elements<float>(c.tokens * c.choices, generator);
    const Combination combination{{rows, count, c.cols}, weights};
    const std::vector<double> exact = reference_combine(combination, packing);
    for (const Execution& way : ways()) {
      std::vector<Bf16> out(exact.size());
      combine(combination, packing, out, way);
      for (std::size_t i = 0; i < exact.size(); ++i) {
        const double found = static_cast<double>(value(out[i]));
        // Half a unit of BF16, and FP32 sums of up to 8 terms, none above 1e38 but the infinite.
        if (std::isnan(exact[i]) || std::isinf(exact[i]) || std::abs(exact[i]) > 3.38e38)
          EXPECT_EQ(std::isfinite(found), false) << exact[i];
        else
          EXPECT_NEAR(found, exact[i], std::abs(exact[i]) * 0x1p-8 + 1e-4) << i;
      }
    }
  }
}

TEST(CpuCombine, ATokenThatWentNowhereIsZero) {
  const std::vector<std::int32_t> experts_of{-1, -1};
  const Packing packing = packing_of({experts_of, 1, 2, 4});
  const std::vector<float> weights(2, 1);
  std::vector<Bf16> out(3, to_bf16(5));
  combine({{{}, 0, 3}, weights}, packing, out);
  EXPECT_EQ(out, std::vector<Bf16>(3));
}

TEST(CpuPacking, RefusesAnExpertThatIsNotThere) {
  const std::vector<std::int32_t> experts_of{0, 4};
  EXPECT_THROW(packing_of({experts_of, 1, 2, 4}), std::invalid_argument);
  EXPECT_THROW(packing_of({experts_of, 2, 2, 5}), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models::cpu
