#include "models/serving/costs/cache_budget.hpp"

#include <algorithm>
#include <cmath>

#include "models/transformer/kv_cache.hpp"
#include "models/transformer/parameters.hpp"

namespace superpod::models {
namespace {

Bytes weights_on_rank(const ServedShard& served) {
  const auto& [llm, precision, shard] = served;
  Bytes sum;
  for (const Block block : blocks_of_model(llm)) {
    const RankParameters held = parameters_on_rank(llm, block, shard);
    const bool wide = block == Block::embedding || block == Block::head;
    const Precision linear = block == Block::attention ? precision.of_projections() : precision.gemm;
    sum += (held.dense + held.expert) * stored_size(wide ? precision.head : linear);
  }
  return sum;
}

Bytes activations(const ServingEngine& engine, const ServedShard& served) {
  const auto& [llm, precision, shard] = served;
  double widest = static_cast<double>(llm.ffn_intermediate) / shard.tensor;
  if (llm.moe)
    widest = std::max(widest, static_cast<double>(llm.moe->top_k) * llm.moe->expert_intermediate /
                                  (shard.expert_tensor > 1 ? shard.expert_tensor : shard.expert));
  const double elements = engine.token_budget.value * (4.0 * llm.hidden + 2 * widest);
  const double logits = static_cast<double>(engine.max_running.value) * llm.vocab / shard.tensor;
  return elements * element_size(precision.state) + logits * element_size(Precision::fp32);
}

}  // namespace

CacheBudget cache_budget(const ServingEngine& engine, const ServedShard& served, Bytes memory,
                         double length) {
  const auto& [llm, precision, shard] = served;
  CacheBudget budget{
      .memory = memory,
      .weights = weights_on_rank(served),
      .activations = activations(engine, served),
      .reserved = engine.reserved_memory.value,
      .cache = {},
      .token = llm.layers / length * layer_cache_on_rank(llm, shard.tensor, length, precision.of_cache())};
  const double fraction = engine.memory_fraction.value;
  const Bytes taken = budget.weights + budget.activations + budget.reserved;
  budget.cache =
      engine.memory_share == MemoryShare::all ? fraction * memory - taken : fraction * (memory - taken);
  budget.cache = std::max(budget.cache, Bytes{});
  budget.blocks =
      static_cast<std::int64_t>(std::floor(budget.cache / (engine.block_tokens.value * budget.token)));
  return budget;
}

}  // namespace superpod::models
