/// Matrices of 8-bit elements with one scale for each block: the scalar reference of quantisation.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/kernels/fp8/formats.hpp"

namespace superpod::models::fp8 {

/// The elements that share a scale. Blocks at the right and lower edges of a matrix may be cut.
struct Block {
  std::int64_t rows = 1, cols = 1;
  bool operator==(const Block&) const = default;
};

inline constexpr Block mx_block{1, 32};           ///< OCP MX 1.0, section 5.2
inline constexpr Block activation_block{1, 128};  ///< DeepSeek-AI, "DeepSeek-V3", 2024, section 3.3.2
inline constexpr Block weight_block{128, 128};    ///< the same

/// Element (i, j) means value(codes[i, j]) * value(scales[i / block.rows, j / block.cols]).
/// `Scale` is float (DeepSeek-V3) or E8m0 (MX; DeepSeek-V3.1).
template <class Element, class Scale>
struct Quantised {
  std::int64_t rows = 0, cols = 0;
  Block block;
  std::vector<Element> codes;  ///< [rows][cols]
  std::vector<Scale> scales;   ///< [rows / block.rows][cols / block.cols], both rounded up

  [[nodiscard]] std::int64_t scale_cols() const { return (cols + block.cols - 1) / block.cols; }
  [[nodiscard]] double at(std::int64_t row, std::int64_t col) const {
    const auto code = codes[static_cast<std::size_t>(row * cols + col)];
    const auto scale = scales[static_cast<std::size_t>(row / block.rows * scale_cols() + col / block.cols)];
    return static_cast<double>(value(code)) * static_cast<double>(value(scale));
  }
};

/// A matrix to be quantised, row by row without gaps.
struct Matrix {
  std::span<const float> values;  ///< [rows][cols]
  std::int64_t rows = 0, cols = 0;
};

/// Codes are x / scale, rounded as to_e4m3 and to_e5m2 do, with the largest finite magnitude `amax` of a
/// block giving
///
///     scale = amax / largest                        quantise_float
///     scale = the power of two not below that       quantise_e8m0
///     scale = mx_scale(amax)                        quantise_mx
///
/// A block without a finite non-zero element has scale 1; a float scale is at least 2^-126, the smallest
/// normal, so that no quotient is lost to a scale that underflowed.
/// NaN becomes a NaN code, infinity saturates; neither changes the scale or any other element.
/// Throws std::invalid_argument unless `matrix` has rows * cols values and blocks have at least one element.
template <class Element>
Quantised<Element, float> quantise_float(const Matrix& matrix, Block block);
template <class Element>
Quantised<Element, E8m0> quantise_e8m0(const Matrix& matrix, Block block);
template <class Element>
Quantised<Element, E8m0> quantise_mx(const Matrix& matrix, Block block = mx_block);

}  // namespace superpod::models::fp8
