/// Where a token's experts live, and what it costs to send the token there.
#pragma once

#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// Expected number of distinct parts (ranks, boards, nodes) that hold the top_k experts of one token, when
/// the experts are dealt to `parts` equal parts in order.
///
/// A token chooses `groups_per_token` = g of G groups, then top_k of the n = g E / G experts in them, all
/// alike probable. A part that overlaps j chosen groups in x of their experts each is missed with probability
/// C(n - j x, top_k) / C(n, top_k), and j is hypergeometric.
/// Assumes: balanced, independent routing.
/// Throws std::invalid_argument unless `parts` divides the experts, and groups and parts nest (one divides
/// the other).
/// Source: counting; group-limited routing as in DeepSeek-V3, arXiv 2412.19437, section 2.1.2.
double expected_distinct_parts(const Moe& moe, int parts);

/// One token on its way to one rank: its state in the dispatch precision, with block scales.
Bytes dispatch_size(const Llm& llm, const Precisions& plan);

/// One token's result on its way back.
Bytes combine_size(const Llm& llm, const Precisions& plan);

}  // namespace superpod::models
