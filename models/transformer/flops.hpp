/// Model FLOPs: what the mathematics needs, whatever a machine spends on it.
#pragma once

#include "models/transformer/blocks.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// Which (query, key) pairs of core attention count: those under the causal mask, or all (the older habit).
enum class Counting { causal, full };

/// Pairs that one head sees in one sequence: L^2 / 2 causal, L^2 full; where a sparse indexer lets each query
/// see only K < L keys, K (L - K/2) causal, K L full.
double attention_pairs(double sequence_length, double visible_keys, Counting counting);

/// Pairs of the mean layer of compressed attention: with the window's tokens, and with the blocks that end
/// before the query. L^2 / (2 ratio) of these are causal, r K (L/r - K/2) where an indexer lets K of L/r
/// blocks through.
double attention_pairs(const Compressed& compressed, int layers, double sequence_length, Counting counting);

/// Pairs (query, block) that the indexer of one sparse layer scores.
double index_pairs(const Compressed& compressed, double sequence_length, Counting counting);

/// Pairs of the new tokens of a sequence: what all of its tokens see, without what those saw that were seen
/// before. `pairs_of(length)` counts those of a whole sequence. So the chunks of a sequence add up to it.
template <class PairsOf>
double of_new_tokens(const Sequences& sequence, PairsOf&& pairs_of) {
  return pairs_of(sequence.tokens()) - pairs_of(sequence.seen_tokens);
}

/// Matrix FLOPs of the new tokens of all of these sequences on their way forward through one block: those of
/// a decoding step, a chunk of a prefill, or whole sequences.
Flops forward_flops(const Llm& llm, Block block, const Sequences& sequences,
                    Counting counting = Counting::causal);

/// Matrix FLOPs of one token on its way forward through one block: 2 * matrix parameters + attention.
Flops forward_flops_per_token(const Llm& llm, Block block, int sequence_length, Counting counting);

/// FLOPs of one trained token, for MFU: three times forward (backward costs twice forward), recomputation not
/// counted, multi-token prediction not counted.
///
/// Source: this causal count gives DeepSeek-V3's published 250 GFLOP at 4,096 tokens (arXiv 2505.09343, Table
///         2) and, with `full`, both of its TFLOPS figures (Table 4) within 0.4 %.
Flops training_flops_per_token(const Llm& llm, int sequence_length, Counting counting = Counting::causal);

}  // namespace superpod::models
