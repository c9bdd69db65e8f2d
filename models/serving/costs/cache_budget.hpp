/// How much of an NPU's memory an engine has for keys and values.
#pragma once

#include <cstdint>

#include "models/hardware/chip.hpp"
#include "models/mapping/placement.hpp"
#include "models/serving/costs/serving_shape.hpp"
#include "models/serving/engine/engine_rules.hpp"

namespace superpod::models {

/// Of one NPU.
struct CacheBudget {
  Bytes memory, weights, activations, reserved, cache;
  Bytes token;              ///< of the cache, in all layers
  std::int64_t blocks = 0;  ///< that fit
  [[nodiscard]] std::int64_t tokens(int block_tokens) const { return blocks * block_tokens; }
};

/// A model as one rank of an engine holds it.
struct ServedShard {
  const Llm& llm;
  ServingPrecisions precision;
  Shard shard;
};

/// With f the engine's fraction, W the weights, A the activations and R what else it reserves,
///
///     cache = f memory - W - A - R            of all          (vLLM, SGLang)
///           = f (memory - W - A - R)          of what is free (TensorRT-LLM)
///     A     = budget tokens (4 hidden + 2 widest FFN of a rank) + running requests (vocabulary / tensor)
///
/// A in the precision of the state, logits in FP32. Weights of linear layers lie in the precision of their
/// products with their block scales, embedding and head in that of the head. `length` tokens of a sequence
/// are what a token of the cache is reckoned from: windows and compression make it smaller as these grow.
/// None is left where it comes out below 0.
/// Leaves out: fragmentation, workspaces of libraries: `reserved_memory` has room for them. What an engine
/// has printed when it started is better: `cache_tokens`.
/// Source: engines' documentation of gpu_memory_utilization (vLLM), mem_fraction_static (SGLang) and
///         free_gpu_memory_fraction (TensorRT-LLM).
CacheBudget cache_budget(const ServingEngine& engine, const ServedShard& served, Bytes memory, double length);

}  // namespace superpod::models
