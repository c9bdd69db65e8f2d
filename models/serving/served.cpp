#include "models/serving/served.hpp"

#include <algorithm>

#include "models/kernels/family.hpp"
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

CacheBudget budget_of(const ServingWorkload& workload, const Aggregated& deployment, const Chip& chip,
                      const Shard& shard) {
  const ServingEngine& engine = deployment.engine.value;
  CacheBudget budget = cache_budget(engine, {workload.model.value, workload.precision, shard},
                                    chip.memory->value, usual_length(workload));
  if (deployment.cache_tokens) budget.blocks = *deployment.cache_tokens / engine.block_tokens.value;
  return budget;
}

}  // namespace

int most_tokens(const ServingWorkload& workload) {
  if (const auto* drawn = std::get_if<SyntheticRequests>(&workload.requests.source))
    return most_tokens(*drawn);
  return most_tokens(workload.trace.requests);
}

ServedModel::ServedModel(const ServingWorkload& workload, const Chip& chip, const topology::Wiring& wiring)
    : workload_{workload},
      deployment_{std::get<Aggregated>(workload.deployment)},
      placement_{place(workload.model.value, deployment_.parallel.on_system(), workload.experts(), wiring)},
      budget_{budget_of(workload, deployment_, chip, placement_.shard)},
      costs_{{workload.model.value, chip, placement_, wiring, workload.precision,
              deployment_.parallel.attention_data, deployment_.engine.value.host}} {}

std::map<std::string, Kernel> ServedModel::kernels() const {
  const double length = usual_length(workload_);
  const Slice slice{.shard = placement_.shard,
                    .batch = {{8, 1, length}, {1, length, 0}},
                    .precision = workload_.precision.of_kernels(),
                    .cache = workload_.precision.of_cache()};
  std::map<std::string, Kernel> found;
  for (const Block block : blocks_of_model(workload_.model.value))
    for (const Kernel& kernel : models::kernels(workload_.model.value, slice, block, Phase::forward))
      found.try_emplace(text(family_of(kernel)), kernel);
  return found;
}

FleetRun ServedModel::serve(std::int64_t seed, Stepping stepping, Clock clock) {
  const Fleet fleet{.rules = deployment_.engine.value,
                    .costs = costs_,
                    .blocks = budget_.blocks,
                    .ranks = deployment_.parallel.attention_data,
                    .instances = deployment_.instances,
                    .router = deployment_.router,
                    .stepping = stepping};
  const Demand demand{.requests = workload_.requests,
                      .trace = workload_.trace.requests,
                      .seed = seed,
                      .client_overhead = workload_.client.overhead.value,
                      .slo = workload_.slo};
  return models::serve(fleet, demand, clock);
}

}  // namespace superpod::models
