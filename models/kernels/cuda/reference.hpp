/// What all comparisons with a reference in double need.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace superpod::models::cuda {

/// Half a unit in the last place of BF16, which has 8 bits of significand, as a share of the value: 2^-8.
inline constexpr double bf16_rounding = 1.0 / 256;

/// Its bits are the upper half of an FP32's.
inline double value_of_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

/// The larger error, where NaN is the largest of all.
inline double worse(double a, double b) {
  if (a != a || b != b) return std::numeric_limits<double>::infinity();
  return a < b ? b : a;
}

/// Indices below `count`: all of few, and some thousand of many, spread by the golden ratio and not by a step
/// that divides a row's length.
inline std::vector<std::int64_t> sample(std::int64_t count) {
  constexpr std::int64_t most = 4096;
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < (count < most ? count : most); ++i) {
    constexpr double golden = 0.61803398874989485;
    const double turns = static_cast<double>(i) * golden;
    const double share = turns - static_cast<double>(static_cast<std::int64_t>(turns));
    chosen.push_back(count <= most ? i : static_cast<std::int64_t>(share * static_cast<double>(count)));
  }
  return chosen;
}

}  // namespace superpod::models::cuda
