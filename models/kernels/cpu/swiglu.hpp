/// SwiGLU whose result is quantised before it leaves the core.
#pragma once

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/execution.hpp"
#include "models/kernels/cpu/rows.hpp"

namespace superpod::models::cpu {

/// Rows of `gate_up` are [gate, up], each half of them; for each
///
///     y_j = gate_j / (1 + e^-gate_j) * up_j
///
/// and `out`, [rows][cols / 2], is y in E4M3 with a scale for each 1 x 128, as quantise_rows makes it.
/// Reckons in FP32; a gate below -88 gives zero, one of minus infinity NaN, as by the formula.
/// Traffic for each element of y: 4 bytes read, 1 + sizeof(Scale) / 128 written.
/// Source: Shazeer, "GLU Variants Improve Transformer", 2020, equation 6, with beta = 1.
/// Throws std::invalid_argument unless `gate_up` has rows * cols values and cols is even.
template <class Scale>
void swiglu_quantise(const Rows<Bf16>& gate_up, QuantisedRows<Scale>& out, const Execution& on = {});

}  // namespace superpod::models::cpu
