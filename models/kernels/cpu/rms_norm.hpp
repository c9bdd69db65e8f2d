/// RMSNorm whose result is quantised before it leaves the core.
#pragma once

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/execution.hpp"
#include "models/kernels/cpu/rows.hpp"

namespace superpod::models::cpu {

/// For each row
///
///     y_j = x_j / sqrt(mean(x^2) + epsilon) * weight_j
///
/// and `out` is y in E4M3 with a scale for each 1 x 128, as quantise_rows makes it. Reckons in FP32.
/// Valid: mean(x^2) below 3e38, else y is 0; rows with infinity or NaN become zeros and NaN, as by the
///        formula.
/// Traffic for each element: 2 bytes read, 1 + sizeof(Scale) / 128 written; the row lies in the cache when it
/// is read again.
/// Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, equation 4.
/// Throws std::invalid_argument unless x has rows * cols values and `weight` has cols.
template <class Scale>
void rms_norm_quantise(const Rows<Bf16>& x, std::span<const Bf16> weight, float epsilon,
                       QuantisedRows<Scale>& out, const Execution& on = {});

}  // namespace superpod::models::cpu
