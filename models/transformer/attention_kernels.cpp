#include "models/transformer/attention_kernels.hpp"

#include <algorithm>
#include <variant>
#include <vector>

#include "models/kernels/family.hpp"
#include "models/transformer/compression.hpp"
#include "models/transformer/flops.hpp"
#include "models/transformer/kv_cache.hpp"

namespace superpod::models {
namespace {

/// Core attention of one rank, apart from the widths of its heads. The causal work is balanced over context
/// ranks.
AttentionShape attention_shape(const Slice& slice, const Sequences& alike, double kv_heads, double pairs) {
  const double context = slice.shard.context;
  return {.sequences = alike.count,
          .kv_heads = kv_heads,
          .queries = alike.new_tokens / context,
          .keys = alike.tokens(),
          .pairs = pairs / context};
}

/// The keys are the sequence's tokens, of which each query sees at most so many (0: all).
AttentionShape attention_shape(const Slice& slice, const Sequences& alike, double kv_heads,
                               int visible_keys) {
  return attention_shape(slice, alike, kv_heads, of_new_tokens(alike, [&](double length) {
                           return attention_pairs(length, visible_keys, Counting::causal);
                         }));
}

/// In which precision keys and values lie: in a decoder's cache, or as they were made.
Precision precision_of_keys(const Slice& slice) {
  return slice.cache ? slice.cache->content : slice.precision.attention;
}

/// New keys and values go to a decoder's cache.
void append_to_cache(Pass& pass, const Llm& llm, const Slice& slice) {
  if (!slice.cache) return;
  constexpr CachePrecision one{Precision::bf16, Precision::bf16, Precision::bf16};
  const Bytes cached = layer_cache_on_rank(llm, slice.shard.tensor, slice.tokens(), *slice.cache);
  const double elements =
      layer_cache_on_rank(llm, slice.shard.tensor, slice.tokens(), one) / element_size(Precision::bf16);
  pass.forward_only(
      vector_kernel("append to cache", Flops{}, elements * element_size(slice.precision.state) + cached));
}

void attend(Pass& pass, const Llm& llm, const Slice& slice, const Gqa& gqa) {
  const double tokens = slice.tokens(), hidden = llm.hidden;
  const double heads = static_cast<double>(gqa.heads) / slice.shard.tensor;
  const double kv_heads = std::max(1.0, static_cast<double>(gqa.kv_heads) / slice.shard.tensor);
  const Precision precision = slice.precision.gemm;

  pass.linear({"qkv projection", {1, tokens, (heads + 2 * kv_heads) * gqa.head_dim, hidden}, precision});
  pass.rotary_embedding(tokens * (heads + kv_heads) * gqa.head_dim);
  append_to_cache(pass, llm, slice);
  for (const Sequences& alike : slice.batch) {
    AttentionShape core = attention_shape(slice, alike, kv_heads, 0);
    core.heads = heads;
    core.qk_dim = core.v_dim = gqa.head_dim;
    pass.core_attention({"core attention", slice.precision.attention, precision_of_keys(slice), core});
  }
  pass.linear({"output projection", {1, tokens, hidden, heads * gqa.head_dim}, precision});
}

struct Indexer {
  double heads = 0, dim = 0, q_rank = 0;
  double key_columns = 0;                ///< of the projection from which its keys are made
  std::vector<AttentionShape> scores{};  ///< before its queries are shared out over tensor ranks
  double share = 1;                      ///< of the layers that have one
};

/// Its queries, not its heads, are shared out over tensor ranks.
void choose_keys(Pass& pass, const Llm& llm, const Slice& slice, const Indexer& indexer) {
  const auto& [heads, dim, q_rank, key_columns, all_scores, share] = indexer;
  const double tokens = slice.own_tokens(), hidden = llm.hidden;
  const Precision precision = slice.precision.gemm;

  pass.linear({"index q-projection", {share, tokens, heads * dim, q_rank}, precision, Operand::shared});
  pass.linear({"index k-projection", {share, tokens, key_columns, hidden}, precision, Operand::shared});
  pass.linear({"index weights", {share, tokens, heads, hidden}, precision, Operand::shared});
  double scored = 0;
  for (AttentionShape scores : all_scores) {
    scores.sequences *= share;
    scores.queries /= slice.shard.tensor;
    scores.pairs /= slice.shard.tensor;
    scores.heads = heads;
    scores.qk_dim = dim;
    scored += scores.sequences * scores.pairs;
    pass.core_attention({"index scores", precision, slice.cache ? slice.cache->index : precision, scores});
  }
  const Elementwise choice{Flops{scored}, 2 * scored * element_size(Precision::fp32)};
  pass.elementwise("choice of keys", choice, choice);
}

/// It scores all earlier tokens.
Indexer indexer_of(const Slice& slice, const Mla& mla) {
  const double dim = mla.index_head_dim;
  Indexer indexer{.heads = static_cast<double>(mla.index_heads),
                  .dim = dim,
                  .q_rank = static_cast<double>(mla.q_lora_rank),
                  .key_columns = dim};
  for (const Sequences& alike : slice.batch) indexer.scores.push_back(attention_shape(slice, alike, 1, 0));
  return indexer;
}

/// It scores all earlier blocks.
Indexer indexer_of(const Llm& llm, const Slice& slice, const Compressed& compressed) {
  Indexer indexer{.heads = static_cast<double>(compressed.index_heads),
                  .dim = static_cast<double>(compressed.index_head_dim),
                  .q_rank = static_cast<double>(compressed.q_lora_rank),
                  .key_columns = index_compressor_columns(compressed),
                  .share = share_of_sparse_layers(compressed, llm.layers)};
  for (const Sequences& alike : slice.batch) {
    indexer.scores.push_back(attention_shape(slice, alike, 1, of_new_tokens(alike, [&](double length) {
                                               return index_pairs(compressed, length, Counting::causal);
                                             })));
    indexer.scores.back().keys = alike.tokens() / compressed.sparse_ratio;
  }
  return indexer;
}

Linear recomputable(Linear layer) {
  layer.rerun = true;
  return layer;
}

/// Whether attention works on the latents, with the up-projections moved to query and result: behind an
/// indexer (DeepSeek-V3.2: "based on the MQA mode of MLA"), and in decoding, where the heads of all keys
/// would have to be made for few queries (DeepSeek-V2, arXiv 2405.04434, section 2.1.2).
bool works_on_latents(const Slice& slice, const Sequences& alike, const Mla& mla) {
  const bool decodes = slice.cache && alike.seen_tokens > 0 && alike.new_tokens <= most_decode_queries;
  return mla.index_heads > 0 || decodes;
}

/// Of one rank, apart from its heads.
CoreAttention core_of(const Slice& slice, const Sequences& alike, const Mla& mla, double heads) {
  const double kv_rank = mla.kv_lora_rank, nope = mla.qk_nope_head_dim, rope = mla.qk_rope_head_dim;
  const bool latent = works_on_latents(slice, alike, mla);
  CoreAttention core{
      "core attention", slice.precision.attention, slice.precision.attention,
      attention_shape(slice, alike, latent ? 1 : heads, mla.index_heads > 0 ? mla.index_topk : 0)};
  core.shape.heads = heads;
  core.shape.qk_dim = latent ? kv_rank + rope : nope + rope;
  core.shape.v_dim = latent ? kv_rank : mla.v_head_dim;
  core.shape.shared_kv = latent;
  if (mla.index_heads > 0 && mla.index_topk > 0)  // a few queries choose few keys between them
    core.shape.keys = std::min(core.shape.keys, alike.new_tokens * mla.index_topk);
  if (!slice.cache || !latent) return core;
  core.cached = slice.cache->content;
  core.wider = rope * (stored_size(slice.cache->position) - stored_size(core.cached));
  return core;
}

/// Tokens that attend on the latents, and those of whose keys each rank makes its heads.
struct MlaTokens {
  double latent = 0, made = 0;
};
MlaTokens tokens_of(const Slice& slice, const Mla& mla) {
  MlaTokens tokens;
  for (const Sequences& alike : slice.batch)
    if (works_on_latents(slice, alike, mla))
      tokens.latent += alike.count * alike.new_tokens / slice.shard.context;
    else
      tokens.made += alike.count * alike.tokens();
  return tokens;
}

/// Attention on up-projected heads, or on the latents.
void attend(Pass& pass, const Llm& llm, const Slice& slice, const Mla& mla) {
  const double tokens = slice.tokens(), own = slice.own_tokens();
  const auto [latent, made] = tokens_of(slice, mla);
  const double hidden = llm.hidden, heads = static_cast<double>(mla.heads) / slice.shard.tensor;
  const double q_rank = mla.q_lora_rank, kv_rank = mla.kv_lora_rank, nope = mla.qk_nope_head_dim;
  const double rope = mla.qk_rope_head_dim, v = mla.v_head_dim;
  const Precision linear = slice.precision.gemm, core = slice.precision.attention;

  pass.linear({"q down-projection", {1, own, q_rank, hidden}, linear});
  pass.linear({"kv down-projection", {1, own, kv_rank + rope, hidden}, linear, Operand::shared});
  pass.norm("latent norm", own * (q_rank + kv_rank));
  pass.linear(recomputable({"q up-projection", {1, tokens, heads * (nope + rope), q_rank}, linear}));
  if (made > 0)  // context ranks gather latents: each makes the heads of all keys
    pass.linear(recomputable({"kv up-projection", {1, made, heads * (nope + v), kv_rank}, linear}));
  pass.rotary_embedding(tokens * (heads + 1) * rope);
  append_to_cache(pass, llm, slice);
  if (made > 0)  // each head's key is its own part and the rotary one, which all heads share
    pass.broadcast("keys of all heads", made * (heads * nope + rope), made * heads * (nope + rope));
  if (mla.index_heads > 0) choose_keys(pass, llm, slice, indexer_of(slice, mla));
  if (latent > 0) pass.linear(recomputable({"q to latent", {heads, latent, kv_rank, nope}, core}));
  for (const Sequences& alike : slice.batch) pass.core_attention(core_of(slice, alike, mla, heads));
  if (latent > 0) pass.linear(recomputable({"v up-projection", {heads, latent, v, kv_rank}, core}));
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

/// Of one rank of the mean layer. A few queries do not read all vectors: of tokens those in their windows, of
/// sparse layers' blocks as many as they choose.
CoreAttention core_of(const Llm& llm, const Slice& slice, const Sequences& alike,
                      const Compressed& compressed) {
  const double length = alike.tokens(), fresh = alike.new_tokens;
  const double blocks = length / compressed.sparse_ratio;
  const double chosen = compressed.index_topk > 0 ? std::min(blocks, fresh * compressed.index_topk) : blocks;
  const double unread = length - std::min(length, compressed.window + fresh) +
                        share_of_sparse_layers(compressed, llm.layers) * (blocks - chosen);
  CoreAttention core{"core attention", slice.precision.attention, precision_of_keys(slice),
                     attention_shape(slice, alike, 1, of_new_tokens(alike, [&](double tokens) {
                                       return attention_pairs(compressed, llm.layers, tokens,
                                                              Counting::causal);
                                     }))};
  core.shape.heads = static_cast<double>(compressed.heads) / slice.shard.tensor;
  core.shape.keys = length * (1 + blocks_per_token(compressed, llm.layers)) - unread;
  core.shape.qk_dim = core.shape.v_dim = compressed.head_dim;
  core.shape.shared_kv = true;
  if (slice.cache)
    core.wider = compressed.rope_head_dim * (stored_size(slice.cache->position) - stored_size(core.cached));
  return core;
}

/// Attention of the mean layer: an indexer runs in the share of layers that have one. Keys, values and
/// compressors are the same for all heads, so each tensor rank makes those of its own tokens.
void attend(Pass& pass, const Llm& llm, const Slice& slice, const Compressed& compressed) {
  const double tokens = slice.tokens(), own = slice.own_tokens(), hidden = llm.hidden;
  const double heads = static_cast<double>(compressed.heads) / slice.shard.tensor;
  const double groups = static_cast<double>(compressed.o_groups) / slice.shard.tensor;
  const double dim = compressed.head_dim, rope = compressed.rope_head_dim;
  const double q_rank = compressed.q_lora_rank, o_rank = compressed.o_lora_rank;
  const double vectors = 1 + blocks_per_token(compressed, llm.layers);
  const Precision linear = slice.precision.gemm;

  pass.linear({"q down-projection", {1, own, q_rank, hidden}, linear});
  pass.linear({"kv projection", {1, own, dim, hidden}, linear, Operand::shared});
  if (vectors > 1) compress(pass, llm, slice, compressed);
  pass.norm("latent norm", own * (q_rank + vectors * dim));
  pass.linear(recomputable({"q up-projection", {1, tokens, heads * dim, q_rank}, linear}));
  pass.norm("query norm", tokens * heads * dim);
  pass.rotary_embedding(tokens * (heads + vectors) * rope);
  append_to_cache(pass, llm, slice);
  if (compressed.sparse_layers > 0) choose_keys(pass, llm, slice, indexer_of(llm, slice, compressed));
  for (const Sequences& alike : slice.batch) pass.core_attention(core_of(llm, slice, alike, compressed));
  pass.rotary_embedding(tokens * heads *
                        rope);  // values were turned with the keys: the results are turned back
  pass.linear({"output down-projection", {groups, tokens, o_rank, heads * dim / groups}, linear});
  pass.linear({"output projection", {1, tokens, hidden, groups * o_rank}, linear});
}

}  // namespace

void add_attention(Pass& pass, const Llm& llm, const Slice& slice) {
  std::visit([&](const auto& kind) { attend(pass, llm, slice, kind); }, llm.attention);
}

}  // namespace superpod::models
