/// Exact attention by one pass over the keys, in prefill and in decode.
#pragma once

#include <cstdint>
#include <span>

#include "models/kernels/cpu/attention_operands.hpp"
#include "models/kernels/cpu/execution.hpp"
#include "models/kernels/fp8/formats.hpp"

namespace superpod::models::cpu {

/// out[i] = sum_j p_ij v_j,  p_i = softmax_j(scale * q_i . k_j)  over the keys that query i sees
///
/// `out` is [queries][heads][v_dim]. One query of a sequence is decode, as many queries as keys prefill,
/// anything between a chunk of it. A query that sees no key gives zeros.
/// Reckons in FP32 with an online softmax; a weight below e^-87 of the largest is zero. NaN and infinity go
/// where the formula takes them, and never from keys that a query does not see.
/// FLOPs: 2 (qk_dim + v_dim) for each head and visible pair. Traffic: q, k, v and out, 2 bytes an element;
/// keys and values once for every 64 rows (a row is a query of a head) that share them.
/// Threads share (sequence, head of keys, 64 rows) among themselves.
/// Source: Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018, section 3; Dao et al.,
///         "FlashAttention", 2022, algorithm 1.
/// Throws std::invalid_argument unless all sizes fit and heads is a multiple of kv_heads.
void attention(const AttentionSizes& sizes, const Sequences& sequences, const AttentionOperands& operands,
               std::span<Bf16> out, const Execution& on = {});

/// MLA with the up-projections absorbed into queries and outputs: all heads share one latent vector a token.
struct LatentSizes {
  std::int64_t heads = 128, latent_dim = 512, rotary_dim = 64;
  float scale = 1;
  bool causal = true;
};

/// `Cached` is Bf16 or fp8::E4m3.
template <class Cached>
struct LatentCache {
  std::span<const Cached> entries;  ///< [keys][latent_dim + rotary_dim]
  std::span<const float> scales;    ///< [keys]: an entry means value * scale; empty where all are 1
};

/// attention() with the cache's entries as keys and their first latent_dim elements as values: `q` is
/// [queries][heads][latent_dim + rotary_dim], `out` [queries][heads][latent_dim].
/// FLOPs: 2 (2 latent_dim + rotary_dim) for each head and visible pair. Traffic: the cache once for every 64
/// rows.
/// Source: DeepSeek-AI, "DeepSeek-V2", arXiv 2405.04434, section 2.1.2 and appendix C.
template <class Cached>
void mla_decode(const LatentSizes& sizes, const Sequences& sequences, std::span<const Bf16> q,
                const LatentCache<Cached>& cache, std::span<Bf16> out, const Execution& on = {});

}  // namespace superpod::models::cpu
