/// Rows of elements, one after the other without gaps, as the kernels read them.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "models/kernels/fp8/block_quantise.hpp"

namespace superpod::models::cpu {

template <class Element>
struct Rows {
  std::span<const Element> values;  ///< [rows][cols]
  std::int64_t rows = 0, cols = 0;

  [[nodiscard]] const Element* row(std::int64_t i) const { return values.data() + i * cols; }
};

/// E4M3 with a scale for each 128 elements of a row; `Scale` is float or fp8::E8m0.
template <class Scale>
using QuantisedRows = fp8::Quantised<fp8::E4m3, Scale>;

/// Throws std::invalid_argument with `what` unless there are exactly `wanted` values.
template <class Values>
void require_size(const Values& values, std::int64_t wanted, const char* what) {
  if (wanted < 0 || values.size() != static_cast<std::size_t>(wanted)) throw std::invalid_argument{what};
}

template <class Element>
void require_shape(const Rows<Element>& in, const char* what) {
  if (in.rows < 0 || in.cols < 0) throw std::invalid_argument{what};
  require_size(in.values, in.rows * in.cols, what);
}

/// Gives `out` its shape; nothing is allocated where it had that before.
template <class Scale>
void reshape(QuantisedRows<Scale>& out, std::int64_t rows, std::int64_t cols) {
  out.rows = rows;
  out.cols = cols;
  out.block = fp8::activation_block;
  out.codes.resize(static_cast<std::size_t>(rows * cols));
  out.scales.resize(static_cast<std::size_t>(rows * out.scale_cols()));
}

}  // namespace superpod::models::cpu
