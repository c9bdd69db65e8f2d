/// What a product of block-scaled FP8 matrices (gemm.hpp) reads.
#pragma once

#include <cstdint>
#include <span>

#include "models/kernels/fp8/formats.hpp"

namespace superpod::models::cpu {

/// A, row by row; rows of all groups on end.
struct Activations {
  std::span<const fp8::E4m3> codes;  ///< [m][k]
  std::span<const float> scales;     ///< [m][k / 128 rounded up]
};

/// B, one matrix for each group.
struct Weights {
  std::span<const fp8::E4m3> codes;  ///< [group][n][k]
  std::span<const float> scales;     ///< [group][n / 128 rounded up][k / 128 rounded up]
};

/// Group g multiplies rows [row_ends[g - 1], row_ends[g]) of A, the first from row 0, by its own B. Groups
/// may be empty.
struct GemmShape {
  std::span<const std::int64_t> row_ends;  ///< [group], not decreasing
  std::int64_t n = 0, k = 0;
};

}  // namespace superpod::models::cpu
