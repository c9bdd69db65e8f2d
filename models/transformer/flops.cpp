#include "models/transformer/flops.hpp"

#include <variant>

#include "models/transformer/parameters.hpp"

namespace superpod::models {
namespace {

double attention_flops(const Gqa& gqa, int sequence_length, Counting counting) {
  return 2.0 * gqa.heads * 2 * gqa.head_dim * attention_pairs(sequence_length, sequence_length, counting);
}

/// Behind a sparse indexer attention runs on the latents themselves (DeepSeek-V3.2: in MQA mode), which are
/// wider.
double attention_flops(const Mla& mla, int sequence_length, Counting counting) {
  if (mla.index_heads == 0)
    return 2.0 * mla.heads * (mla.qk_nope_head_dim + mla.qk_rope_head_dim + mla.v_head_dim) *
           attention_pairs(sequence_length, sequence_length, counting);
  const double scores = 2.0 * mla.index_heads * mla.index_head_dim *
                        attention_pairs(sequence_length, sequence_length, counting);
  return scores + 2.0 * mla.heads * (2 * mla.kv_lora_rank + mla.qk_rope_head_dim) *
                      attention_pairs(sequence_length, mla.index_topk, counting);
}

}  // namespace

double attention_pairs(int sequence_length, int visible_keys, Counting counting) {
  const double length = sequence_length;
  const double visible = visible_keys > 0 && visible_keys < sequence_length ? visible_keys : length;
  return counting == Counting::full ? visible * length : visible * (length - visible / 2);
}

Flops forward_flops_per_token(const Llm& llm, Block block, int sequence_length, Counting counting) {
  const double linear = 2 * active_matrix_parameters(llm, block);
  if (block != Block::attention) return Flops{linear};
  const double of_sequence = std::visit(
      [&](const auto& kind) { return attention_flops(kind, sequence_length, counting); }, llm.attention);
  return Flops{linear + of_sequence / sequence_length};
}

Flops training_flops_per_token(const Llm& llm, int sequence_length, Counting counting) {
  Flops forward;
  for (const Block block : blocks_of_model(llm))
    forward += forward_flops_per_token(llm, block, sequence_length, counting);
  return 3 * forward;
}

}  // namespace superpod::models
