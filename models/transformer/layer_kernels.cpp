#include "models/transformer/layer_kernels.hpp"

#include <algorithm>
#include <variant>

#include "models/transformer/compression.hpp"
#include "models/transformer/flops.hpp"
#include "models/transformer/pass.hpp"

namespace superpod::models {
namespace {

/// Core attention of one rank, apart from the widths of its heads. The causal work is balanced over context
/// ranks.
AttentionShape attention_shape(const Slice& slice, double heads, double kv_heads, double keys, double pairs) {
  const auto& [sequences, length] = slice.batch;
  const double context = slice.shard.context;
  return {.sequences = sequences,
          .heads = heads,
          .kv_heads = kv_heads,
          .queries = length / context,
          .keys = keys,
          .pairs = pairs / context};
}

/// The keys are the sequence's tokens.
AttentionShape attention_shape(const Slice& slice, double heads, double kv_heads, int visible_keys) {
  const double length = slice.batch.sequence_length;
  return attention_shape(slice, heads, kv_heads, length,
                         attention_pairs(length, visible_keys, Counting::causal));
}

void attend(Pass& pass, const Llm& llm, const Slice& slice, const Gqa& gqa) {
  const double tokens = slice.tokens(), hidden = llm.hidden;
  const double heads = static_cast<double>(gqa.heads) / slice.shard.tensor;
  const double kv_heads = std::max(1.0, static_cast<double>(gqa.kv_heads) / slice.shard.tensor);
  const Precision precision = slice.precision.gemm;
  AttentionShape core = attention_shape(slice, heads, kv_heads, slice.batch.sequence_length);
  core.qk_dim = core.v_dim = gqa.head_dim;

  pass.linear({"qkv projection", {1, tokens, (heads + 2 * kv_heads) * gqa.head_dim, hidden}, precision});
  pass.rotary_embedding(tokens * (heads + kv_heads) * gqa.head_dim);
  pass.core_attention("core attention", slice.precision.attention, core);
  pass.linear({"output projection", {1, tokens, hidden, heads * gqa.head_dim}, precision});
}

struct Indexer {
  double heads = 0, dim = 0, q_rank = 0;
  double key_columns = 0;   ///< of the projection from which its keys are made
  AttentionShape scores{};  ///< before its queries are shared out over tensor ranks
  double share = 1;         ///< of the layers that have one
};

/// Its queries, not its heads, are shared out over tensor ranks.
void choose_keys(Pass& pass, const Llm& llm, const Slice& slice, const Indexer& indexer) {
  const auto& [heads, dim, q_rank, key_columns, all_scores, share] = indexer;
  const double tokens = slice.own_tokens(), hidden = llm.hidden;
  const Precision precision = slice.precision.gemm;
  AttentionShape scores = all_scores;
  scores.sequences *= share;
  scores.queries /= slice.shard.tensor;
  scores.pairs /= slice.shard.tensor;
  scores.qk_dim = dim;
  const double scored = scores.sequences * scores.pairs;
  const Bytes one_score = element_size(Precision::fp32);

  pass.linear({"index q-projection", {share, tokens, heads * dim, q_rank}, precision, Operand::shared});
  pass.linear({"index k-projection", {share, tokens, key_columns, hidden}, precision, Operand::shared});
  pass.linear({"index weights", {share, tokens, heads, hidden}, precision, Operand::shared});
  pass.core_attention("index scores", precision, scores);
  pass.elementwise("choice of keys", {Flops{scored}, 2 * scored * one_score},
                   {Flops{scored}, 2 * scored * one_score});
}

/// It scores all earlier tokens.
Indexer indexer_of(const Slice& slice, const Mla& mla) {
  const double heads = mla.index_heads, dim = mla.index_head_dim;
  return {.heads = heads,
          .dim = dim,
          .q_rank = static_cast<double>(mla.q_lora_rank),
          .key_columns = dim,
          .scores = attention_shape(slice, heads, 1, slice.batch.sequence_length)};
}

/// It scores all earlier blocks.
Indexer indexer_of(const Llm& llm, const Slice& slice, const Compressed& compressed) {
  const double heads = compressed.index_heads, length = slice.batch.sequence_length;
  return {.heads = heads,
          .dim = static_cast<double>(compressed.index_head_dim),
          .q_rank = static_cast<double>(compressed.q_lora_rank),
          .key_columns = index_compressor_columns(compressed),
          .scores = attention_shape(slice, heads, 1, length / compressed.sparse_ratio,
                                    index_pairs(compressed, length, Counting::causal)),
          .share = share_of_sparse_layers(compressed, llm.layers)};
}

Linear recomputable(Linear layer) {
  layer.rerun = true;
  return layer;
}

/// Attention on up-projected heads; behind an indexer on the latents, with the up-projections moved to query
/// and result (DeepSeek-V3.2: "based on the MQA mode of MLA").
void attend(Pass& pass, const Llm& llm, const Slice& slice, const Mla& mla) {
  const double tokens = slice.tokens(), own = slice.own_tokens(), seen = slice.seen_tokens();
  const double hidden = llm.hidden, heads = static_cast<double>(mla.heads) / slice.shard.tensor;
  const double q_rank = mla.q_lora_rank, kv_rank = mla.kv_lora_rank, nope = mla.qk_nope_head_dim;
  const double rope = mla.qk_rope_head_dim, v = mla.v_head_dim;
  const Precision linear = slice.precision.gemm, core = slice.precision.attention;
  const bool sparse = mla.index_heads > 0;
  AttentionShape shape = attention_shape(slice, heads, sparse ? 1 : heads,
                                         sparse ? mla.index_topk : slice.batch.sequence_length);
  shape.qk_dim = sparse ? kv_rank + rope : nope + rope;
  shape.v_dim = sparse ? kv_rank : v;
  shape.shared_kv = sparse;

  pass.linear({"q down-projection", {1, own, q_rank, hidden}, linear});
  pass.linear({"kv down-projection", {1, own, kv_rank + rope, hidden}, linear, Operand::shared});
  pass.norm("latent norm", own * (q_rank + kv_rank));
  pass.linear(recomputable({"q up-projection", {1, tokens, heads * (nope + rope), q_rank}, linear}));
  if (!sparse)  // context ranks gather latents: each makes the heads of all keys
    pass.linear(recomputable({"kv up-projection", {1, seen, heads * (nope + v), kv_rank}, linear}));
  pass.rotary_embedding(tokens * (heads + 1) * rope);
  if (!sparse)  // each head's key is its own part and the rotary one, which all heads share
    pass.broadcast("keys of all heads", seen * (heads * nope + rope), seen * heads * (nope + rope));
  if (sparse) choose_keys(pass, llm, slice, indexer_of(slice, mla));
  if (sparse) pass.linear(recomputable({"q to latent", {heads, tokens, kv_rank, nope}, core}));
  pass.core_attention("core attention", core, shape);
  if (sparse) pass.linear(recomputable({"v up-projection", {heads, tokens, v, kv_rank}, core}));
  pass.linear({"output projection", {1, tokens, hidden, heads * v}, linear});
}

/// Blocks of tokens become one vector each: the sum of their values, weighted by the softmax of their gates.
void compress(Pass& pass, const Llm& llm, const Slice& slice, const Compressed& compressed) {
  const double tokens = slice.own_tokens(), sparse = share_of_sparse_layers(compressed, llm.layers);
  const double columns = compressor_columns(compressed, llm.layers);
  const double pooled = tokens * (columns + sparse * index_compressor_columns(compressed));
  const double result = tokens * (blocks_per_token(compressed, llm.layers) * compressed.head_dim +
                                  sparse / compressed.sparse_ratio * compressed.index_head_dim);
  const double share = sparse + share_of_dense_layers(compressed, llm.layers), hidden = llm.hidden;
  const Bytes state = element_size(slice.precision.state);
  constexpr double pooling_flops = 3;  // softmax of the gates 4, product and sum of the values 2, over both

  pass.linear({"compressor", {share, tokens, columns / share, hidden}, slice.precision.attention});
  pass.elementwise("pooling", {Flops{pooling_flops * pooled}, (pooled + result) * state},
                   {Flops{2 * pooling_flops * pooled}, (2 * pooled + result) * state});
}

/// Attention of the mean layer: an indexer runs in the share of layers that have one. Keys, values and
/// compressors are the same for all heads, so each tensor rank makes those of its own tokens.
void attend(Pass& pass, const Llm& llm, const Slice& slice, const Compressed& compressed) {
  const double tokens = slice.tokens(), own = slice.own_tokens(), hidden = llm.hidden;
  const double heads = static_cast<double>(compressed.heads) / slice.shard.tensor;
  const double groups = static_cast<double>(compressed.o_groups) / slice.shard.tensor;
  const double dim = compressed.head_dim, rope = compressed.rope_head_dim,
               length = slice.batch.sequence_length;
  const double q_rank = compressed.q_lora_rank, o_rank = compressed.o_lora_rank;
  const double vectors = 1 + blocks_per_token(compressed, llm.layers);
  const Precision linear = slice.precision.gemm;
  AttentionShape core = attention_shape(slice, heads, 1, length * vectors,
                                        attention_pairs(compressed, llm.layers, length, Counting::causal));
  core.qk_dim = core.v_dim = dim;
  core.shared_kv = true;

  pass.linear({"q down-projection", {1, own, q_rank, hidden}, linear});
  pass.linear({"kv projection", {1, own, dim, hidden}, linear, Operand::shared});
  if (vectors > 1) compress(pass, llm, slice, compressed);
  pass.norm("latent norm", own * (q_rank + vectors * dim));
  pass.linear(recomputable({"q up-projection", {1, tokens, heads * dim, q_rank}, linear}));
  pass.norm("query norm", tokens * heads * dim);
  pass.rotary_embedding(tokens * (heads + vectors) * rope);
  if (compressed.sparse_layers > 0) choose_keys(pass, llm, slice, indexer_of(llm, slice, compressed));
  pass.core_attention("core attention", slice.precision.attention, core);
  pass.rotary_embedding(tokens * heads *
                        rope);  // values were turned with the keys: the results are turned back
  pass.linear({"output down-projection", {groups, tokens, o_rank, heads * dim / groups}, linear});
  pass.linear({"output projection", {1, tokens, hidden, groups * o_rank}, linear});
}

/// `up` is the product of one of its up-projections: groups, rows, width, hidden.
void feed_forward(Pass& pass, bool gated, const MatrixShape& up, const Linear& like) {
  const auto& [groups, rows, width, hidden] = up;
  Linear in = like, out = like;
  in.name = gated ? "gate and up projection" : "up projection";
  in.shape = {groups, rows, (gated ? 2 : 1) * width, hidden};
  in.output_gradient = Operand::plain;
  out.name = "down projection";
  out.shape = {groups, rows, hidden, width};
  out.input = Operand::plain;
  pass.linear(in);
  pass.activation_function(gated, groups * rows * width);
  pass.linear(out);
}

void attention_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  pass.norm("attention norm", elements);
  std::visit([&](const auto& kind) { attend(pass, llm, slice, kind); }, llm.attention);
  pass.residual("attention residual", elements);
}

void dense_ffn_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  const double width = static_cast<double>(llm.ffn_intermediate) / slice.shard.tensor;
  pass.norm("FFN norm", elements);
  feed_forward(pass, llm.gated_ffn, {1, slice.tokens(), width, static_cast<double>(llm.hidden)},
               {.precision = slice.precision.gemm});
  pass.residual("FFN residual", elements);
}

void router_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double tokens = slice.own_tokens(), hidden = llm.hidden, experts = llm.moe->routed_experts;
  const Elementwise choice{Flops{4 * tokens * experts}, 2 * tokens * experts * element_size(Precision::fp32)};
  pass.norm("FFN norm", tokens * hidden);
  pass.linear({"gating", {1, tokens, experts, hidden}, slice.precision.router});
  pass.elementwise("choice of experts", choice, choice);
}

void shared_experts_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double width = static_cast<double>(llm.moe->shared_experts) * llm.moe->expert_intermediate;
  feed_forward(pass, llm.gated_ffn,
               {1, slice.tokens(), width / slice.shard.tensor, static_cast<double>(llm.hidden)},
               {.precision = slice.precision.gemm});
}

/// Backward mirrors forward: gradients are dispatched in the dispatch precision and combined in the combine
/// precision (DeepSeek-V3, arXiv 2412.19437, section 3.3.3).
void routed_experts_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const Moe& moe = *llm.moe;
  const auto& [shard, batch, plan, load] = slice;
  const double elements = slice.own_tokens() * llm.hidden;
  const double rows = slice.own_tokens() * moe.top_k * shard.expert_tensor * load;
  const double local_experts = static_cast<double>(moe.routed_experts) / shard.expert;
  const double width = static_cast<double>(moe.expert_intermediate) / shard.expert_tensor;
  const Operand arrival = is_block_scaled(plan.dispatch) ? Operand::quantised : Operand::plain;
  const Elementwise in{Flops{}, 2 * rows * llm.hidden * stored_size(plan.dispatch)};
  const Elementwise out{Flops{rows * llm.hidden}, 2 * rows * llm.hidden * stored_size(plan.combine)};

  pass.quantise("quantise for dispatch", plan.dispatch, elements);
  pass.elementwise("permute", in, out);
  feed_forward(pass, llm.gated_ffn,
               {local_experts, rows / local_experts, width, static_cast<double>(llm.hidden)},
               {.precision = plan.gemm, .input = arrival, .output_gradient = arrival});
  pass.elementwise("unpermute", out, in);
  pass.residual("FFN residual", elements, moe.shared_experts > 0 ? 3 : 2);
}

void embedding_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  const Bytes state = element_size(slice.precision.state), gradient = element_size(slice.precision.gradient);
  pass.forward_only(vector_kernel("embedding", Flops{}, 2 * elements * state));
  pass.weight_gradient_only(vector_kernel("embedding", Flops{elements}, elements * (state + 2 * gradient)));
}

void mtp_projection_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double hidden = llm.hidden;
  pass.norm("MTP norms", slice.own_tokens() * 2 * hidden);
  pass.linear(
      {"MTP projection", {1, slice.tokens(), hidden / slice.shard.tensor, 2 * hidden}, slice.precision.gemm});
}

void head_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double hidden = llm.hidden, columns = static_cast<double>(llm.vocab) / slice.shard.tensor;
  const double logits = slice.tokens() * columns;
  constexpr double softmax_flops = 4;  // maximum, difference, exponential, sum
  const Elementwise loss{Flops{softmax_flops * logits},
                         logits * (element_size(slice.precision.head) + element_size(Precision::fp32))};
  pass.norm("final norm", slice.own_tokens() * hidden);
  pass.linear({"output head", {1, slice.tokens(), columns, hidden}, slice.precision.head});
  pass.elementwise("cross entropy", loss, loss);
}

void append_block(Pass& pass, const Llm& llm, const Slice& slice, Block block) {
  switch (block) {
    case Block::embedding:
      return embedding_block(pass, llm, slice);
    case Block::attention:
      return attention_block(pass, llm, slice);
    case Block::dense_ffn:
      return dense_ffn_block(pass, llm, slice);
    case Block::router:
      return router_block(pass, llm, slice);
    case Block::shared_experts:
      return shared_experts_block(pass, llm, slice);
    case Block::routed_experts:
      return routed_experts_block(pass, llm, slice);
    case Block::mtp_projection:
      return mtp_projection_block(pass, llm, slice);
    case Block::head:
      return head_block(pass, llm, slice);
  }
}

std::vector<Kernel> kernels_of(Pass pass, const Llm& llm, const Slice& slice, Block block) {
  append_block(pass, llm, slice, block);
  return pass.take();
}

constexpr Pass::Kind pass_of(Phase phase) {
  switch (phase) {
    case Phase::forward:
      return Pass::Kind::forward;
    case Phase::backward_input:
      return Pass::Kind::backward_input;
    case Phase::backward_weight:
      break;
  }
  return Pass::Kind::backward_weight;
}

}  // namespace

std::vector<Kernel> kernels(const Llm& llm, const Slice& slice, Block block, Phase phase) {
  return kernels_of(Pass{pass_of(phase), slice.precision}, llm, slice, block);
}

std::vector<Kernel> kernels_recomputed(const Llm& llm, const Slice& slice, Block block, Recompute recompute) {
  if (recompute == Recompute::none || block == Block::embedding || block == Block::head) return {};
  const auto kind = recompute == Recompute::full ? Pass::Kind::forward : Pass::Kind::selective_rerun;
  return kernels_of(Pass{kind, slice.precision}, llm, slice, block);
}

}  // namespace superpod::models
