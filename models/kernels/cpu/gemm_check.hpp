/// Whether operands fit the shape of a GEMM.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/kernels/cpu/gemm_operands.hpp"
#include "models/kernels/cpu/microkernel.hpp"

namespace superpod::models::cpu {

/// Blocks of scales along `length` columns or elements of K.
constexpr std::int64_t blocks_of(std::int64_t length) { return (length + k_block - 1) / k_block; }

/// Rows of A and C.
inline std::int64_t rows_of(const GemmShape& shape) {
  return shape.row_ends.empty() ? 0 : shape.row_ends.back();
}

/// Throws std::invalid_argument unless they do.
void check(const GemmShape& shape, const Activations& a, const Weights& b);

}  // namespace superpod::models::cpu
