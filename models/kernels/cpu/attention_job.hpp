/// What one thread reckons at a time: rows of queries that share their keys.
#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/cpu/attention_operands.hpp"

namespace superpod::models::cpu {

/// Both forms of attention, laid out alike.
template <class Cached>
struct AttentionProblem {
  AttentionSizes sizes;
  const Bf16* q;
  const Cached *k, *v;
  std::int64_t k_stride, v_stride;  ///< elements from one token to the next
  const float* token_scales;        ///< [keys]; null where all are 1
  Bf16* out;
};

/// Row r of a sequence and a head of keys is query r / group of head kv_head * group + r % group, where
/// `group` heads share the keys.
struct AttentionJob {
  std::int64_t first_query, queries, first_key, keys;  ///< of the sequence
  std::int64_t kv_head, first_row, rows;
};

inline constexpr std::int64_t rows_of_job = 64;  ///< at most

/// How many of the sequence's keys, from its first, row `row` of it sees.
constexpr std::int64_t visible_keys(const AttentionSizes& sizes, const AttentionJob& job, std::int64_t row) {
  if (!sizes.causal) return job.keys;
  const std::int64_t later = job.queries - 1 - row / (sizes.heads / sizes.kv_heads);
  return job.keys > later ? job.keys - later : 0;
}

/// Where row `row` of the job's sequence has its query and its result: the number of a [queries][heads]
/// table.
constexpr std::int64_t place(const AttentionSizes& sizes, const AttentionJob& job, std::int64_t row) {
  const std::int64_t group = sizes.heads / sizes.kv_heads;
  return (job.first_query + row / group) * sizes.heads + job.kv_head * group + row % group;
}

}  // namespace superpod::models::cpu
