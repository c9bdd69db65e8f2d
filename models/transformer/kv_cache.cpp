#include "models/transformer/kv_cache.hpp"

#include <algorithm>
#include <variant>

#include "models/transformer/compression.hpp"

namespace superpod::models {
namespace {

/// What is kept of one sequence, on each of the tensor ranks.
struct Kept {
  double tokens = 0;
  int tensor = 1;
  const CachePrecision& precision;
};

/// Of the mean layer.
Bytes layer_cache(const Llm&, const Gqa& gqa, const Kept& kept) {
  const double kv_heads = std::max(1.0, static_cast<double>(gqa.kv_heads) / kept.tensor);
  return kept.tokens * 2 * kv_heads * gqa.head_dim * stored_size(kept.precision.content);
}

Bytes layer_cache(const Llm&, const Mla& mla, const Kept& kept) {
  const auto& [tokens, tensor, precision] = kept;
  const double index_elements = mla.index_heads > 0 ? mla.index_head_dim : 0;
  return tokens * (mla.kv_lora_rank * stored_size(precision.content) +
                   mla.qk_rope_head_dim * stored_size(precision.position) +
                   index_elements * stored_size(precision.index));
}

Bytes layer_cache(const Llm& llm, const Compressed& compressed, const Kept& kept) {
  const auto& [tokens, tensor, precision] = kept;
  const double vectors =
      std::min<double>(compressed.window, tokens) + blocks_per_token(compressed, llm.layers) * tokens;
  const double index_keys = share_of_sparse_layers(compressed, llm.layers) * tokens / compressed.sparse_ratio;
  const double content = compressed.head_dim - compressed.rope_head_dim;
  return vectors * (content * stored_size(precision.content) +
                    compressed.rope_head_dim * stored_size(precision.position)) +
         index_keys * compressed.index_head_dim * stored_size(precision.index);
}

}  // namespace

Bytes kv_cache_size(const Llm& llm, double tokens, const CachePrecision& precision) {
  return llm.layers * layer_cache_on_rank(llm, 1, tokens, precision);
}

Bytes layer_cache_on_rank(const Llm& llm, int tensor, double tokens, const CachePrecision& precision) {
  const Kept kept{tokens, tensor, precision};
  return std::visit([&](const auto& kind) { return layer_cache(llm, kind, kept); }, llm.attention);
}

}  // namespace superpod::models
