/// How many copies of its tokens a rank sends to the ranks of their experts.
#pragma once

#include "models/collectives/collective.hpp"
#include "models/transformer/llm.hpp"

namespace superpod::models {

/// Of the tokens of one rank, where all experts get the same.
///
/// Direct: each token goes once to each rank that holds some of its experts. Hierarchical: once to each node
/// that does (what the innermost network joins), to the rank at the sender's place, which passes it on. With
/// E(p) the expected number of `p` equal parts of the experts that a token visits
/// (transformer/dispatch.hpp), each rank sends
///
///     direct        tokens E(ranks) / ranks            to every rank
///     hierarchical  tokens E(nodes) / nodes            to the rank at its place in every node, and
///                   tokens E(ranks) / (ranks / nodes)  to every rank of its own node: others' tokens too
///
/// What does not apply is 0.
/// Source: DeepSeek-V3, arXiv 2412.19437, section 3.2.2 (hierarchical).
struct ExpertCopies {
  bool hierarchical = false;
  double to_rank = 0, to_node = 0, within_node = 0;
};

/// The ranks that share the experts, and the nodes on which they are.
struct ExpertGroup {
  int ranks = 1, nodes = 1;
};

/// On a single node nothing is sent hierarchically.
ExpertCopies expert_copies(const Moe& moe, double tokens, const ExpertGroup& group, Algorithm all_to_all);

}  // namespace superpod::models
