/// What attention (attention.hpp) reads.
#pragma once

#include <cstdint>
#include <span>

#include "models/kernels/cpu/bf16.hpp"

namespace superpod::models::cpu {

/// Sequences of a batch, one after the other: sequence s has queries [first_query[s], first_query[s + 1]) and
/// keys [first_key[s], first_key[s + 1]).
struct Sequences {
  std::span<const std::int64_t> first_query, first_key;  ///< [sequences + 1] each
};

/// Heads may share keys and values: heads / kv_heads neighbours read one head of them. 1 is MHA, more GQA.
struct AttentionSizes {
  std::int64_t heads = 1, kv_heads = 1;
  std::int64_t qk_dim = 0, v_dim = 0;  ///< 192 = 128 + 64 rotary, and 128, in MLA's prefill
  float scale = 1;                     ///< of the scores, e.g. 1 / sqrt(qk_dim)
  bool causal = true;  ///< the last query sees all keys, the one before it all but the last, ...
};

struct AttentionOperands {
  std::span<const Bf16> q;  ///< [queries][heads][qk_dim]
  std::span<const Bf16> k;  ///< [keys][kv_heads][qk_dim]
  std::span<const Bf16> v;  ///< [keys][kv_heads][v_dim]
};

}  // namespace superpod::models::cpu
