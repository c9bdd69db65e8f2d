/// What context-parallel ranks tell each other: the keys and values of their tokens.
#pragma once

#include "models/transformer/layer_kernels.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// Keys and values of all tokens of a microbatch that one rank needs for its queries: what an all-gather over
/// the context ranks leaves on it, and the gradients that a reduce-scatter takes from it. Of each token
///
///     GQA         2 kv_heads head_dim elements, of the heads of this tensor rank
///     MLA         the latent and the rotary key, kv_lora_rank + qk_rope_head_dim, and the key of an indexer:
///                 every rank makes the heads of all keys from them, so that its up-projection runs on the
///                 tokens of all
///     compressed  blocks_per_token vectors of head_dim, and the keys of the indexer
///
/// They and their gradients travel in the precision of attention.
/// Assumes: MLA's ranks gather latents. It is the least that will do: the heads of DeepSeek-V3 are 71 times
///          as many elements. MindSpeed does so behind an indexer; Megatron-LM gathers heads.
/// Leaves out: the last `window` uncompressed tokens, which neighbouring ranks of compressed attention
/// exchange.
/// Source: Llama 3, arXiv 2407.21783, section 3.3.2: an all-gather of keys and values, whose time is exposed;
///         each rank has a chunk from either end of the sequence, so that the causal work is even. The
///         backward pass gathers again and reduce-scatters gradients in Transformer Engine
///         (AttnFuncWithCPAndKVAllGather).
Bytes keys_and_values(const Llm& llm, const Slice& slice);

/// Whether a backward pass must gather them once more: only those of a rank's own tokens are kept. MLA's
/// up-projected heads lie there for all keys where nothing is recomputed, or the whole layer has just been.
bool gathered_again(const Llm& llm, Recompute recompute);

}  // namespace superpod::models
