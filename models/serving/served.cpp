#include "models/serving/served.hpp"

#include <algorithm>

#include "models/kernels/family.hpp"
#include "models/transformer/kv_cache.hpp"
#include "models/transformer/layer_kernels.hpp"

namespace superpod::models {
namespace {

/// Tokens of a sequence halfway through its answer: what a token of the cache is reckoned from.
double usual_length(const ServingWorkload& workload) {
  if (const auto* drawn = std::get_if<SyntheticRequests>(&workload.requests.source))
    return mean(drawn->input_tokens) + mean(drawn->output_tokens) / 2;
  double sum = 0;
  for (const Request& request : workload.trace.requests)
    sum += request.input_tokens + request.output_tokens / 2.0;
  return std::max(1.0, sum / static_cast<double>(std::max<std::size_t>(1, workload.trace.requests.size())));
}

CacheBudget budget_of(const ServingWorkload& workload, const Pool& pool, const Chip& chip,
                      const Shard& shard) {
  const ServingEngine& engine = pool.engine.value;
  CacheBudget budget = cache_budget(engine, {workload.model.value, workload.precision, shard},
                                    chip.memory->value, usual_length(workload));
  if (pool.cache_tokens) budget.blocks = *pool.cache_tokens / engine.block_tokens.value;
  return budget;
}

/// The first pool lies on the first NPUs, the second after them.
PoolPlace place_of(const Pool& pool, std::int64_t first) {
  return {first, pool.instances, pool.parallel.attention_data, pool.parallel.tensor};
}

}  // namespace

int most_tokens(const ServingWorkload& workload) {
  if (const auto* drawn = std::get_if<SyntheticRequests>(&workload.requests.source))
    return most_tokens(*drawn);
  return most_tokens(workload.trace.requests);
}

ServedPool::ServedPool(const ServingWorkload& workload, const Pool& pool, const Chip& chip,
                       const topology::Wiring& wiring)
    : workload_{workload},
      pool_{pool},
      placement_{place(workload.model.value, pool.parallel.on_system(), workload.experts(), wiring)},
      budget_{budget_of(workload, pool, chip, placement_.shard)},
      costs_{{workload.model.value, chip, placement_, wiring, workload.precision,
              pool.parallel.attention_data, pool.engine.value.host}} {}

std::map<std::string, Kernel> ServedPool::kernels() const {
  const double length = usual_length(workload_);
  const Slice slice{.shard = placement_.shard,
                    .batch = {{8, 1, length}, {1, length, 0}},
                    .precision = workload_.precision.of_kernels(),
                    .cache = workload_.precision.of_cache()};
  std::map<std::string, Kernel> found;
  for (const Block block : blocks_of_model(workload_.model.value)) {
    Slice its = slice;
    if (block == Block::attention) its.precision.gemm = workload_.precision.of_projections();
    for (const Kernel& kernel : models::kernels(workload_.model.value, its, block, Phase::forward))
      found.try_emplace(text(family_of(kernel)), kernel);
  }
  return found;
}

Fleet ServedPool::fleet(Stepping stepping) {
  return {.rules = pool_.engine.value,
          .costs = costs_,
          .blocks = budget_.blocks,
          .ranks = pool_.parallel.attention_data,
          .instances = pool_.instances,
          .router = pool_.router,
          .stepping = stepping};
}

ServedModel::ServedModel(const ServingWorkload& workload, const Chip& chip, const topology::Wiring& wiring)
    : workload_{workload},
      wiring_{wiring},
      first_{workload, pools_of(workload.deployment).first, chip, wiring} {
  if (const Pool* second = pools_of(workload.deployment).second)
    second_.emplace(workload, *second, chip, wiring);
}

FleetRun ServedModel::serve(std::int64_t seed, Stepping stepping, Clock clock) {
  const Demand demand{.requests = workload_.requests,
                      .trace = workload_.trace.requests,
                      .seed = seed,
                      .client_overhead = workload_.client.overhead.value,
                      .slo = workload_.slo};
  if (!second_) return models::serve(first_.fleet(stepping), demand, clock);
  const Pools pools = pools_of(workload_.deployment);
  const HandoverRoutes routes{wiring_, place_of(pools.first, 0), place_of(*pools.second, pools.first.npus())};
  const Llm& llm = workload_.model.value;
  const Handover handover{.decode = second_->fleet(stepping),
                          .routes = routes,
                          .flow =
                              [&](int tokens) {
                                return llm.layers * layer_cache_on_rank(llm, pools.second->parallel.tensor,
                                                                        tokens,
                                                                        workload_.precision.of_cache());
                              },
                          .layers = llm.layers,
                          .layerwise = std::get<Disaggregated>(workload_.deployment).layerwise};
  return models::serve(first_.fleet(stepping), handover, demand, clock);
}

}  // namespace superpod::models
