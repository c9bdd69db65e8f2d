#include "models/kernels/fp8/block_quantise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace superpod::models::fp8 {
namespace {

/// Rows and columns [row, row_end) x [col, col_end).
struct Region {
  std::int64_t row, row_end, col, col_end;
};

float finite_amax(const Matrix& matrix, const Region& region) {
  float amax = 0;
  for (std::int64_t i = region.row; i < region.row_end; ++i)
    for (std::int64_t j = region.col; j < region.col_end; ++j) {
      const float magnitude = std::abs(matrix.values[static_cast<std::size_t>(i * matrix.cols + j)]);
      if (magnitude > amax && magnitude <= std::numeric_limits<float>::max()) amax = magnitude;
    }
  return amax;
}

template <class Element, class Scale, class Rule>
Quantised<Element, Scale> quantise(const Matrix& matrix, Block block, Rule scale_of) {
  if (matrix.rows < 0 || matrix.cols < 0 ||
      matrix.values.size() != static_cast<std::size_t>(matrix.rows * matrix.cols))
    throw std::invalid_argument{"quantise: the matrix does not have rows * cols values"};
  if (block.rows < 1 || block.cols < 1) throw std::invalid_argument{"quantise: a block needs an element"};
  Quantised<Element, Scale> result{matrix.rows, matrix.cols, block, {}, {}};
  result.codes.resize(matrix.values.size());
  for (std::int64_t row = 0; row < matrix.rows; row += block.rows)
    for (std::int64_t col = 0; col < matrix.cols; col += block.cols) {
      const Region region{row, std::min(row + block.rows, matrix.rows), col,
                          std::min(col + block.cols, matrix.cols)};
      const float amax = finite_amax(matrix, region);
      const Scale scale = scale_of(amax);
      result.scales.push_back(scale);
      for (std::int64_t i = region.row; i < region.row_end; ++i)
        for (std::int64_t j = region.col; j < region.col_end; ++j) {
          const auto at = static_cast<std::size_t>(i * matrix.cols + j);
          result.codes[at] = to<Element>(matrix.values[at] / value(scale));
        }
    }
  return result;
}

template <class Element>
float fitting_scale(float amax) {
  return amax == 0 ? 1.0F : std::max(amax / largest(Element{}), std::numeric_limits<float>::min());
}

}  // namespace

template <class Element>
Quantised<Element, float> quantise_float(const Matrix& matrix, Block block) {
  return quantise<Element, float>(matrix, block, fitting_scale<Element>);
}

template <class Element>
Quantised<Element, E8m0> quantise_e8m0(const Matrix& matrix, Block block) {
  return quantise<Element, E8m0>(matrix, block,
                                 [](float amax) { return to_e8m0_ceil(fitting_scale<Element>(amax)); });
}

template <class Element>
Quantised<Element, E8m0> quantise_mx(const Matrix& matrix, Block block) {
  return quantise<Element, E8m0>(matrix, block,
                                 [](float amax) { return mx_scale(amax, largest_exponent(Element{})); });
}

template Quantised<E4m3, float> quantise_float<E4m3>(const Matrix&, Block);
template Quantised<E5m2, float> quantise_float<E5m2>(const Matrix&, Block);
template Quantised<E4m3, E8m0> quantise_e8m0<E4m3>(const Matrix&, Block);
template Quantised<E5m2, E8m0> quantise_e8m0<E5m2>(const Matrix&, Block);
template Quantised<E4m3, E8m0> quantise_mx<E4m3>(const Matrix&, Block);
template Quantised<E5m2, E8m0> quantise_mx<E5m2>(const Matrix&, Block);

}  // namespace superpod::models::fp8
