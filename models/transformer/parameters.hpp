/// How many parameters a model has, and how many of them a rank holds.
#pragma once

#include "models/transformer/blocks.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"

namespace superpod::models {

/// All weights of one block: matrices and norms.
///
/// Of compressed attention that of the mean layer.
/// Leaves out: biases, norms of query and key heads, learned positions, sinks, hyper-connections (below 0.1 %
/// where a model has them). A head tied to the embedding has only its norm.
double parameters(const Llm& llm, Block block);

/// Without the multi-token prediction modules, as model cards count (DeepSeek-V3: 671 G, and 11.5 G for the
/// module).
double total_parameters(const Llm& llm);

/// What one multi-token prediction module adds; embedding and head are the model's own.
double mtp_parameters(const Llm& llm);

/// Weights that one token is multiplied with, without multi-token prediction: of the routed experts top_k, of
/// the embedding none (it is looked up). Some model cards add the embedding.
double active_parameters(const Llm& llm);

/// Elements of the matrices that a token is multiplied with in one block: FLOPs forward are twice as many.
double active_matrix_parameters(const Llm& llm, Block block);

/// `dense` weights are copied on all data-parallel ranks; `expert` weights only on ranks that hold the same
/// experts.
struct RankParameters {
  double dense = 0, expert = 0;
};

/// What one rank of the shard holds of a block. Norms, router and the down-projections of MLA are whole on
/// each rank; a head holds its matrix even when tied, because pipeline stages keep a copy each.
RankParameters parameters_on_rank(const Llm& llm, Block block, const Shard& shard);

}  // namespace superpod::models
