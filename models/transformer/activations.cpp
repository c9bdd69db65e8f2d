#include "models/transformer/activations.hpp"

#include <algorithm>
#include <variant>

#include "models/transformer/compression.hpp"

namespace superpod::models {
namespace {

/// The list as it grows. `kept` is always there; `recomputable` only without recomputation.
class Saved {
 public:
  explicit Saved(Recompute recompute) : recompute_{recompute} {}

  void kept(std::string_view name, Bytes size) {
    if (recompute_ != Recompute::full) tensors_.push_back({name, size});
  }
  void recomputable(std::string_view name, Bytes size) {
    if (recompute_ == Recompute::none) tensors_.push_back({name, size});
  }
  void layer_input(std::string_view name, Bytes size) { tensors_.push_back({name, size}); }

  std::vector<SavedTensor> take() { return std::move(tensors_); }

 private:
  Recompute recompute_;
  std::vector<SavedTensor> tensors_;
};

void keep_core(Saved& saved, const Slice& slice, double heads, double v_dim) {
  const double rows = slice.tokens() * heads;
  saved.kept("attention result", rows * v_dim * element_size(slice.precision.attention));
  saved.kept("log-sum-exp", rows * element_size(Precision::fp32));
}

void keep_attention(Saved& saved, const Llm&, const Slice& slice, const Gqa& gqa) {
  const double heads = static_cast<double>(gqa.heads) / slice.shard.tensor;
  const double kv_heads = std::max(1.0, static_cast<double>(gqa.kv_heads) / slice.shard.tensor);
  saved.kept("q, k and v", slice.tokens() * (heads + 2 * kv_heads) * gqa.head_dim *
                               element_size(slice.precision.attention));
  keep_core(saved, slice, heads, gqa.head_dim);
}

/// Attention behind an indexer works on the latents: the normed ones are its keys and values.
void keep_sparse_core(Saved& saved, const Slice& slice, const Mla& mla) {
  const double tokens = slice.tokens(), own = slice.own_tokens();
  const double heads = static_cast<double>(mla.heads) / slice.shard.tensor;
  const Bytes core = element_size(slice.precision.attention), linear = stored_size(slice.precision.gemm);
  const double index_width = static_cast<double>(mla.index_heads + 1) * mla.index_head_dim + mla.index_heads;
  const double chosen = std::min<double>(mla.index_topk, slice.longest());
  saved.recomputable("q", tokens * heads * mla.qk_nope_head_dim * core);
  saved.recomputable("q on the latents", tokens * heads * (mla.kv_lora_rank + mla.qk_rope_head_dim) * core);
  saved.recomputable("keys of the latents", tokens * (mla.kv_lora_rank + mla.qk_rope_head_dim) * core);
  keep_core(saved, slice, heads, mla.kv_lora_rank);
  saved.recomputable("up-projected result", tokens * heads * mla.v_head_dim * core);
  saved.kept("index q, k and weights", own * index_width * linear);
  saved.kept("chosen keys", own * chosen * element_size(Precision::fp32));
}

void keep_attention(Saved& saved, const Llm&, const Slice& slice, const Mla& mla) {
  const double own = slice.own_tokens(), latents = mla.q_lora_rank + mla.kv_lora_rank;
  const double heads = static_cast<double>(mla.heads) / slice.shard.tensor;
  const double qk_dim = mla.qk_nope_head_dim + mla.qk_rope_head_dim;
  saved.kept("latents", own * (latents + mla.qk_rope_head_dim) * element_size(slice.precision.state));
  saved.recomputable("normed latents", own * latents * stored_size(slice.precision.gemm));
  if (mla.index_heads > 0) return keep_sparse_core(saved, slice, mla);
  const double queries = slice.tokens() * heads * qk_dim;
  const double keys_and_values = slice.attended_tokens() * heads * (qk_dim + mla.v_head_dim);
  saved.recomputable("q, k and v", (queries + keys_and_values) * element_size(slice.precision.attention));
  keep_core(saved, slice, heads, mla.v_head_dim);
}

/// What the mean layer's compressors and indexer keep.
void keep_compression(Saved& saved, const Llm& llm, const Slice& slice, const Compressed& compressed) {
  const double own = slice.own_tokens(), sparse = share_of_sparse_layers(compressed, llm.layers);
  const double columns =
      compressor_columns(compressed, llm.layers) + sparse * index_compressor_columns(compressed);
  const double blocks = slice.longest() / compressed.sparse_ratio;
  const double chosen = compressed.index_topk > 0 ? std::min<double>(compressed.index_topk, blocks) : blocks;
  const double index_width =
      (compressed.index_heads + 1.0 / compressed.sparse_ratio) * compressed.index_head_dim +
      compressed.index_heads;
  saved.kept("values and gates", own * columns * element_size(slice.precision.state));
  if (sparse == 0) return;
  saved.kept("index q, k and weights", own * sparse * index_width * stored_size(slice.precision.gemm));
  saved.kept("chosen blocks", own * sparse * chosen * element_size(Precision::fp32));
}

void keep_attention(Saved& saved, const Llm& llm, const Slice& slice, const Compressed& compressed) {
  const double tokens = slice.tokens(), own = slice.own_tokens(), rank = compressed.q_lora_rank;
  const double heads = static_cast<double>(compressed.heads) / slice.shard.tensor;
  const double dim = compressed.head_dim, vectors = 1 + blocks_per_token(compressed, llm.layers);
  const double result =
      static_cast<double>(compressed.o_groups) * compressed.o_lora_rank / slice.shard.tensor;
  const Bytes core = element_size(slice.precision.attention), linear = stored_size(slice.precision.gemm);
  saved.kept("latents", own * (rank + vectors * dim) * element_size(slice.precision.state));
  saved.recomputable("normed query latent", own * rank * linear);
  if (vectors > 1) keep_compression(saved, llm, slice, compressed);
  saved.recomputable("q", tokens * heads * dim * core);
  saved.recomputable("keys", tokens * vectors * dim * core);
  keep_core(saved, slice, heads, dim);
  saved.kept("result of the groups", tokens * result * linear);
}

/// Of a feed-forward network with `elements` = rows * width.
void keep_ffn(Saved& saved, const Llm& llm, const Slice& slice, double elements) {
  const Bytes size = elements * stored_size(slice.precision.gemm);
  saved.kept(llm.gated_ffn ? "gate and up" : "up", (llm.gated_ffn ? 2 : 1) * size);
  saved.recomputable("activated", size);
}

void keep_attention_block(Saved& saved, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  saved.layer_input("layer input", elements * element_size(slice.precision.state));
  saved.recomputable("normed input", elements * stored_size(slice.precision.gemm));
  std::visit([&](const auto& kind) { keep_attention(saved, llm, slice, kind); }, llm.attention);
}

void keep_dense_ffn(Saved& saved, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  saved.kept("FFN input", elements * element_size(slice.precision.state));
  saved.recomputable("normed input", elements * stored_size(slice.precision.gemm));
  keep_ffn(saved, llm, slice, slice.tokens() * llm.ffn_intermediate / slice.shard.tensor);
}

void keep_router(Saved& saved, const Llm& llm, const Slice& slice) {
  const double tokens = slice.own_tokens();
  const Bytes state = element_size(slice.precision.state);
  saved.kept("FFN input", tokens * llm.hidden * state);
  saved.recomputable("normed input", tokens * llm.hidden * state);
  saved.kept("scores", tokens * llm.moe->routed_experts * element_size(Precision::fp32));
}

void keep_shared_experts(Saved& saved, const Llm& llm, const Slice& slice) {
  const double width = static_cast<double>(llm.moe->shared_experts) * llm.moe->expert_intermediate;
  if (is_block_scaled(slice.precision.gemm))  // otherwise the router's copy of the normed input serves
    saved.recomputable("quantised input",
                       slice.own_tokens() * llm.hidden * stored_size(slice.precision.gemm));
  keep_ffn(saved, llm, slice, slice.tokens() * width / slice.shard.tensor);
}

void keep_routed_experts(Saved& saved, const Llm& llm, const Slice& slice) {
  const double rows = slice.own_tokens() * llm.moe->top_k * slice.shard.expert_tensor * slice.expert_load;
  saved.kept("dispatched tokens", rows * llm.hidden * stored_size(slice.precision.gemm));
  keep_ffn(saved, llm, slice, rows * llm.moe->expert_intermediate / slice.shard.expert_tensor);
}

void keep_mtp_projection(Saved& saved, const Llm& llm, const Slice& slice) {
  const double elements = 2 * slice.own_tokens() * llm.hidden;
  saved.layer_input("state and embedding", elements * element_size(slice.precision.state));
  saved.recomputable("normed state and embedding", elements * stored_size(slice.precision.gemm));
}

void keep_head(Saved& saved, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  saved.layer_input("final state", elements * element_size(slice.precision.state));
  saved.layer_input("normed state", elements * stored_size(slice.precision.head));
  saved.layer_input("softmax of the logits",
                    slice.tokens() * llm.vocab / slice.shard.tensor * element_size(Precision::fp32));
}

}  // namespace

std::vector<SavedTensor> saved_tensors(const Llm& llm, const Slice& slice, Block block, Recompute recompute) {
  Saved saved{recompute};
  switch (block) {
    case Block::embedding:
      break;
    case Block::attention:
      keep_attention_block(saved, llm, slice);
      break;
    case Block::dense_ffn:
      keep_dense_ffn(saved, llm, slice);
      break;
    case Block::router:
      keep_router(saved, llm, slice);
      break;
    case Block::shared_experts:
      keep_shared_experts(saved, llm, slice);
      break;
    case Block::routed_experts:
      keep_routed_experts(saved, llm, slice);
      break;
    case Block::mtp_projection:
      keep_mtp_projection(saved, llm, slice);
      break;
    case Block::head:
      keep_head(saved, llm, slice);
      break;
  }
  return saved.take();
}

Bytes saved_activations(const Llm& llm, const Slice& slice, Block block, Recompute recompute) {
  Bytes sum;
  for (const SavedTensor& tensor : saved_tensors(llm, slice, block, recompute)) sum += tensor.bytes;
  return sum;
}

}  // namespace superpod::models
