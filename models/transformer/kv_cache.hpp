/// What a decoder keeps of the tokens that it has seen.
#pragma once

#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// The cache of one sequence of `tokens` tokens, all layers together, on all ranks of one copy.
///
/// A layer keeps of each token: GQA 2 kv_heads head_dim elements; MLA one latent with its rotary key, and an
/// index key where there is an indexer. Compressed attention keeps min(window, tokens) vectors and one of
/// each block of `ratio` tokens, with an index key where sparse.
/// Leaves out: multi-token prediction, padding to pages, the compressor's open blocks (at most 2 ratio
/// tokens).
Bytes kv_cache_size(const Llm& llm, double tokens, const CachePrecision& precision = {});

/// The part of one (mean) layer on one rank, where `tensor` ranks share its heads: those of GQA are shared
/// out, or copied where they are fewer; latents and compressed vectors lie whole on each rank.
Bytes layer_cache_on_rank(const Llm& llm, int tensor, double tokens, const CachePrecision& precision);

}  // namespace superpod::models
