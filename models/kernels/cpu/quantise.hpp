/// Activations and gradients made E4M3, a scale for each 1 x 128, along the row and along the column.
#pragma once

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/execution.hpp"
#include "models/kernels/cpu/rows.hpp"

namespace superpod::models::cpu {

/// `out` is [rows][cols] with blocks of 1 x 128, as a forward GEMM and the gradient of activations read it.
/// Codes, scales, NaN and infinity: exactly those of fp8::quantise_float (`Scale` float) and
/// fp8::quantise_e8m0 (E8m0) with activation_block, on every path.
///
/// `In` is float or Bf16. Traffic for each element: sizeof(In) read, 1 + sizeof(Scale) / 128 bytes written.
/// Throws std::invalid_argument unless `in` has rows * cols values.
template <class In, class Scale>
void quantise_rows(const Rows<In>& in, QuantisedRows<Scale>& out, const Execution& on = {});

/// `transposed` is [cols][rows]: row j is column j of `in`, its blocks are 128 tokens, as the gradient of
/// weights sums over them. Otherwise as above; both results from one reading, so a written byte more for each
/// element.
/// Source: DeepSeek-AI, "DeepSeek-V3 Technical Report", arXiv 2412.19437, section 3.5.2 (128 x 1 tiles in the
///         backward pass). There the tiles are requantised from 1 x 128 codes; here they come from `in`
///         itself.
template <class In, class Scale>
void quantise_with_transpose(const Rows<In>& in, QuantisedRows<Scale>& out, QuantisedRows<Scale>& transposed,
                             const Execution& on = {});

}  // namespace superpod::models::cpu
