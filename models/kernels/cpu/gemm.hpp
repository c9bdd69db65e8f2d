/// Products of block-scaled FP8 matrices, as in the linear layers of DeepSeek-V3, on a CPU.
///
///     C[i, j] = sum over blocks b of K of  s_A[i, b] s_B[j / 128, b]  sum over k in b of  A[i, k] B[j, k]
///
/// A holds activations with a scale for each 1 x 128, B weights with a scale for each 128 x 128 (DeepSeek-AI,
/// "DeepSeek-V3 Technical Report", 2024, section 3.3.2). The codes are unpacked to BF16 or FP32, either of
/// which holds them exactly; an inner sum runs in FP32, the product of its two scales is rounded to FP32, and
/// an outer sum runs in FP32 again.
///
/// Assumes: nothing of the sizes: each may be 0, and blocks at the edges are cut.
/// Error:   of each result, below gamma(k) sum |s_A s_B A B| with gamma(k) as in the reference of
///          tests/models/kernels/cpu, and half a unit more where C is BF16. A NaN code or
///          scale gives NaN, an infinite scale infinity or NaN (parts of a sum are scaled apart where that is
///          faster), in the results that depend on them and no other; what is too large for C becomes
///          infinite, as in IEEE 754.
/// The result does not depend on the number of threads. It does, in its rounding, on the multiplier.
#pragma once

#include <cstdint>
#include <span>

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/gemm_operands.hpp"
#include "models/kernels/cpu/multiplier.hpp"

namespace superpod::models::cpu {

struct GemmExecution {
  int threads = 1;
  Multiplier multiplier = fastest_multiplier();
};

/// C [m][n] of the groups' products, one under another: the experts of a mixture. Throws
/// std::invalid_argument where spans do not fit the shape, threads < 1, or this machine lacks the multiplier.
void grouped_block_gemm(const GemmShape& shape, const Activations& a, const Weights& b, std::span<float> c,
                        const GemmExecution& execution = {});
void grouped_block_gemm(const GemmShape& shape, const Activations& a, const Weights& b, std::span<Bf16> c,
                        const GemmExecution& execution = {});

/// One group of m rows.
template <class Element>
void block_gemm(std::int64_t m, std::int64_t n, std::int64_t k, const Activations& a, const Weights& b,
                std::span<Element> c, const GemmExecution& execution = {}) {
  grouped_block_gemm({{&m, 1}, n, k}, a, b, c, execution);
}

}  // namespace superpod::models::cpu
