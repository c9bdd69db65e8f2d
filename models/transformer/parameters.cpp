#include "models/transformer/parameters.hpp"

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "models/transformer/compression.hpp"

namespace superpod::models {
namespace {

/// Elements of a block's matrices on one rank, apart from the routed experts.
double attention_matrices(const Llm& llm, const Gqa& gqa, int tensor) {
  const double query_heads = static_cast<double>(gqa.heads) / tensor;
  const double kv_heads = std::max(1.0, static_cast<double>(gqa.kv_heads) / tensor);
  return llm.hidden * gqa.head_dim * (2 * query_heads + 2 * kv_heads);
}

double attention_matrices(const Llm& llm, const Mla& mla, int tensor) {
  const double hidden = llm.hidden;
  const double heads = static_cast<double>(mla.heads) / tensor;
  const double down = hidden * (mla.q_lora_rank + mla.kv_lora_rank + mla.qk_rope_head_dim);
  const double q_up = mla.q_lora_rank * heads * (mla.qk_nope_head_dim + mla.qk_rope_head_dim);
  const double kv_up = mla.kv_lora_rank * heads * (mla.qk_nope_head_dim + mla.v_head_dim);
  const double output = hidden * heads * mla.v_head_dim;
  const double index_width = static_cast<double>(mla.index_heads) * mla.index_head_dim;
  const double indexer =
      mla.q_lora_rank * index_width + (index_width > 0 ? hidden * (mla.index_head_dim + mla.index_heads) : 0);
  return down + q_up + kv_up + output + indexer;
}

/// Of the mean layer.
double attention_matrices(const Llm& llm, const Compressed& compressed, int tensor) {
  const double hidden = llm.hidden,
               result = static_cast<double>(compressed.o_groups) * compressed.o_lora_rank;
  const double all_heads = static_cast<double>(compressed.heads) * compressed.head_dim;
  const double index_width = static_cast<double>(compressed.index_heads) * compressed.index_head_dim;
  const double down = hidden * (compressed.q_lora_rank + compressed.head_dim);
  const double q_up = compressed.q_lora_rank * all_heads;
  const double output = all_heads * compressed.o_lora_rank + result * hidden;
  const double indexer = compressed.q_lora_rank * index_width +
                         hidden * (compressed.index_heads + index_compressor_columns(compressed));
  return down + (q_up + output) / tensor + hidden * compressor_columns(compressed, llm.layers) +
         share_of_sparse_layers(compressed, llm.layers) * indexer;
}

double attention_norms(const Llm&, const Gqa&) { return 0; }
double attention_norms(const Llm&, const Mla& mla) { return mla.q_lora_rank + mla.kv_lora_rank; }
double attention_norms(const Llm& llm, const Compressed& compressed) {
  const double sparse = share_of_sparse_layers(compressed, llm.layers);
  const double compressors = sparse + share_of_dense_layers(compressed, llm.layers);
  return compressed.q_lora_rank + (1 + compressors) * compressed.head_dim +
         sparse * compressed.index_head_dim;
}

double ffn_matrices(const Llm& llm, double width) { return (llm.gated_ffn ? 3 : 2) * width * llm.hidden; }

const Moe& experts_of(const Llm& llm) {
  if (!llm.moe) throw std::logic_error("'" + llm.name + "' is a dense model: it has no experts");
  return *llm.moe;
}

double matrices(const Llm& llm, Block block, int tensor) {
  const double hidden = llm.hidden;
  switch (block) {
    case Block::embedding:
    case Block::head:
      return llm.vocab * hidden / tensor;
    case Block::attention:
      return std::visit([&](const auto& kind) { return attention_matrices(llm, kind, tensor); },
                        llm.attention);
    case Block::dense_ffn:
      return ffn_matrices(llm, llm.ffn_intermediate) / tensor;
    case Block::router:
      return experts_of(llm).routed_experts * hidden;
    case Block::shared_experts:
      return ffn_matrices(llm, experts_of(llm).shared_experts * experts_of(llm).expert_intermediate) / tensor;
    case Block::routed_experts:
      return 0;
    case Block::mtp_projection:
      return 2 * hidden * hidden / tensor;
  }
  return 0;
}

double norms(const Llm& llm, Block block) {
  switch (block) {
    case Block::attention:
      return llm.hidden +
             std::visit([&](const auto& kind) { return attention_norms(llm, kind); }, llm.attention);
    case Block::dense_ffn:
    case Block::router:
    case Block::head:
      return llm.hidden;
    case Block::mtp_projection:
      return 2.0 * llm.hidden;
    case Block::embedding:
    case Block::shared_experts:
    case Block::routed_experts:
      break;
  }
  return 0;
}

double sum_over(const Llm& llm, const std::vector<Block>& blocks, double (*of)(const Llm&, Block)) {
  double sum = 0;
  for (const Block block : blocks) sum += of(llm, block);
  return sum;
}

double active_parameters_of(const Llm& llm, Block block) {
  return active_matrix_parameters(llm, block) + norms(llm, block);
}

}  // namespace

double parameters(const Llm& llm, Block block) {
  if (block == Block::head && llm.tied_embeddings) return norms(llm, block);
  const auto [dense, expert] = parameters_on_rank(llm, block, Shard{});
  return dense + expert;
}

double total_parameters(const Llm& llm) { return sum_over(llm, blocks_of_model(llm), parameters); }

double mtp_parameters(const Llm& llm) {
  const double head_matrix = llm.tied_embeddings ? 0 : matrices(llm, Block::head, 1);
  return sum_over(llm, blocks_of_mtp_module(llm), parameters) - head_matrix;
}

double active_parameters(const Llm& llm) { return sum_over(llm, blocks_of_model(llm), active_parameters_of); }

double active_matrix_parameters(const Llm& llm, Block block) {
  if (block == Block::embedding) return 0;
  if (block == Block::routed_experts)
    return experts_of(llm).top_k * ffn_matrices(llm, experts_of(llm).expert_intermediate);
  return matrices(llm, block, 1);
}

RankParameters parameters_on_rank(const Llm& llm, Block block, const Shard& shard) {
  if (block != Block::routed_experts)
    return {.dense = matrices(llm, block, shard.tensor) + norms(llm, block)};
  const Moe& moe = experts_of(llm);
  return {.expert = moe.routed_experts * ffn_matrices(llm, moe.expert_intermediate) /
                    (static_cast<double>(shard.expert) * shard.expert_tensor)};
}

}  // namespace superpod::models
