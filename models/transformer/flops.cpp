#include "models/transformer/flops.hpp"

#include <variant>

#include "models/transformer/compression.hpp"
#include "models/transformer/parameters.hpp"

namespace superpod::models {
namespace {

double attention_flops(const Llm&, const Gqa& gqa, double sequence_length, Counting counting) {
  return 2.0 * gqa.heads * 2 * gqa.head_dim * attention_pairs(sequence_length, sequence_length, counting);
}

/// Behind a sparse indexer attention runs on the latents themselves (DeepSeek-V3.2: in MQA mode), which are
/// wider.
double attention_flops(const Llm&, const Mla& mla, double sequence_length, Counting counting) {
  if (mla.index_heads == 0)
    return 2.0 * mla.heads * (mla.qk_nope_head_dim + mla.qk_rope_head_dim + mla.v_head_dim) *
           attention_pairs(sequence_length, sequence_length, counting);
  const double scores = 2.0 * mla.index_heads * mla.index_head_dim *
                        attention_pairs(sequence_length, sequence_length, counting);
  return scores + 2.0 * mla.heads * (2 * mla.kv_lora_rank + mla.qk_rope_head_dim) *
                      attention_pairs(sequence_length, mla.index_topk, counting);
}

double attention_flops(const Llm& llm, const Compressed& compressed, double sequence_length,
                       Counting counting) {
  const double score = 2.0 * compressed.index_heads * compressed.index_head_dim;
  return share_of_sparse_layers(compressed, llm.layers) * score *
             index_pairs(compressed, sequence_length, counting) +
         2.0 * compressed.heads * 2 * compressed.head_dim *
             attention_pairs(compressed, llm.layers, sequence_length, counting);
}

/// Each of `ratio` queries that share a block sees the same earlier blocks.
double block_pairs(double sequence_length, int ratio, double visible_blocks, Counting counting) {
  return ratio * attention_pairs(sequence_length / ratio, visible_blocks, counting);
}

}  // namespace

double attention_pairs(double sequence_length, double visible_keys, Counting counting) {
  const double visible = visible_keys > 0 && visible_keys < sequence_length ? visible_keys : sequence_length;
  return counting == Counting::full ? visible * sequence_length : visible * (sequence_length - visible / 2);
}

double attention_pairs(const Compressed& compressed, int layers, double sequence_length, Counting counting) {
  const double chosen =
      block_pairs(sequence_length, compressed.sparse_ratio, compressed.index_topk, counting);
  const double all = block_pairs(sequence_length, compressed.dense_ratio, 0, counting);
  return attention_pairs(sequence_length, compressed.window, counting) +
         share_of_sparse_layers(compressed, layers) * chosen +
         share_of_dense_layers(compressed, layers) * all;
}

double index_pairs(const Compressed& compressed, double sequence_length, Counting counting) {
  return block_pairs(sequence_length, compressed.sparse_ratio, 0, counting);
}

Flops forward_flops(const Llm& llm, Block block, const Sequences& sequences, Counting counting) {
  double of_one = 2 * active_matrix_parameters(llm, block) * sequences.new_tokens;
  if (block == Block::attention)
    of_one += of_new_tokens(sequences, [&](double length) {
      return std::visit([&](const auto& kind) { return attention_flops(llm, kind, length, counting); },
                        llm.attention);
    });
  return Flops{sequences.count * of_one};
}

Flops forward_flops_per_token(const Llm& llm, Block block, int sequence_length, Counting counting) {
  const double linear = 2 * active_matrix_parameters(llm, block);
  if (block != Block::attention) return Flops{linear};
  const double of_sequence = std::visit(
      [&](const auto& kind) { return attention_flops(llm, kind, sequence_length, counting); }, llm.attention);
  return Flops{linear + of_sequence / sequence_length};
}

Flops training_flops_per_token(const Llm& llm, int sequence_length, Counting counting) {
  Flops forward;
  for (const Block block : blocks_of_model(llm))
    forward += forward_flops_per_token(llm, block, sequence_length, counting);
  return 3 * forward;
}

}  // namespace superpod::models
