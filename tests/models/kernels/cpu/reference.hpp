/// The kernels of this folder as their formulas stand, in double and one element after another: what the fast
/// ones are measured against. Quantisation alone has fp8::quantise_float and fp8::quantise_e8m0.
#pragma once

#include <span>
#include <vector>

#include "models/kernels/cpu/attention.hpp"
#include "models/kernels/cpu/expert_packing.hpp"
#include "models/kernels/cpu/rows.hpp"

namespace superpod::models::cpu {

/// [rows][cols], before quantisation.
std::vector<double> reference_rms_norm(const Rows<Bf16>& x, std::span<const Bf16> weight, double epsilon);

/// [rows][cols / 2], before quantisation.
std::vector<double> reference_swiglu(const Rows<Bf16>& gate_up);

/// [queries][heads][v_dim], with all scores of a query at once.
std::vector<double> reference_attention(const AttentionSizes& sizes, const Sequences& sequences,
                                        const AttentionOperands& operands);

/// [queries][heads][latent_dim]
template <class Cached>
std::vector<double> reference_mla_decode(const LatentSizes& sizes, const Sequences& sequences,
                                         std::span<const Bf16> q, const LatentCache<Cached>& cache);

/// [tokens][cols]
std::vector<double> reference_combine(const Combination& combination, const Packing& packing);

}  // namespace superpod::models::cpu
