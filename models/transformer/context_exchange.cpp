#include "models/transformer/context_exchange.hpp"

#include <algorithm>
#include <variant>

#include "models/transformer/compression.hpp"

namespace superpod::models {
namespace {

Bytes of_token(const Llm&, const Slice& slice, const Gqa& gqa) {
  const double kv_heads = std::max(1.0, static_cast<double>(gqa.kv_heads) / slice.shard.tensor);
  return 2 * kv_heads * gqa.head_dim * element_size(slice.precision.attention);
}

Bytes of_token(const Llm&, const Slice& slice, const Mla& mla) {
  const double index_key = mla.index_heads > 0 ? mla.index_head_dim : 0;
  return (mla.kv_lora_rank + mla.qk_rope_head_dim + index_key) * element_size(slice.precision.attention);
}

Bytes of_token(const Llm& llm, const Slice& slice, const Compressed& compressed) {
  const double index_keys = share_of_sparse_layers(compressed, llm.layers) / compressed.sparse_ratio;
  return (blocks_per_token(compressed, llm.layers) * compressed.head_dim +
          index_keys * compressed.index_head_dim) *
         element_size(slice.precision.attention);
}

}  // namespace

Bytes keys_and_values(const Llm& llm, const Slice& slice) {
  return slice.attended_tokens() *
         std::visit([&](const auto& kind) { return of_token(llm, slice, kind); }, llm.attention);
}

bool gathered_again(const Llm& llm, Recompute recompute) {
  const auto* mla = std::get_if<Mla>(&llm.attention);
  return mla == nullptr || mla->index_heads > 0 || recompute == Recompute::selective;
}

}  // namespace superpod::models
