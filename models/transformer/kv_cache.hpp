/// What a decoder keeps of the tokens that it has seen.
#pragma once

#include "models/hardware/chip.hpp"
#include "models/transformer/llm.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// In which precision each part of a cached token or block is kept, block scales included. Defaults:
/// DeepSeek-V3.2 and V4 (arXiv 2606.19348, section 2.3.4).
struct CachePrecision {
  Precision content = Precision::fp8;
  Precision position = Precision::bf16;  ///< elements with rotary position, where they lie apart: not in GQA
  Precision index = Precision::fp8;      ///< keys of a sparse indexer; FP4 in DeepSeek-V4
};

/// The cache of one sequence of `tokens` tokens, all layers together, on all ranks of one copy.
///
/// A layer keeps of each token: GQA 2 kv_heads head_dim elements; MLA one latent with its rotary key, and an
/// index key where there is an indexer. Compressed attention keeps min(window, tokens) vectors and one of
/// each block of `ratio` tokens, with an index key where sparse.
/// Leaves out: multi-token prediction, padding to pages, the compressor's open blocks (at most 2 ratio
/// tokens).
Bytes kv_cache_size(const Llm& llm, double tokens, const CachePrecision& precision = {});

}  // namespace superpod::models
