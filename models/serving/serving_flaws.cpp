#include "models/serving/serving_flaws.hpp"

#include <algorithm>

#include "models/mapping/model_flaws.hpp"
#include "models/mapping/placement_flaws.hpp"
#include "models/serving/served.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

void append(std::vector<Flaw> more, const std::string& below, std::vector<Flaw>& found) {
  for (Flaw& flaw : more) {
    flaw.key = below + flaw.key;
    found.push_back(std::move(flaw));
  }
}

std::vector<Flaw> flaws_of_engine(const ServingEngine& engine, const std::string& key) {
  std::vector<Flaw> found;
  if (engine.token_budget.value < engine.max_running.value && engine.order == BatchOrder::mixed)
    found.push_back({key + ".token_budget",
                     std::to_string(engine.token_budget.value) + " tokens are fewer than the " +
                         std::to_string(engine.max_running.value) + " requests that decode at a time",
                     "a budget of at least `max_running`"});
  if (!std::ranges::is_sorted(engine.graph_batches))
    found.push_back({key + ".graph_batches", "the batches do not grow", "the smallest first"});
  return found;
}

/// A pool, and the key under which it is said.
struct NamedPool {
  const Pool& pool;
  std::string key;
};
std::vector<NamedPool> named_pools(const Deployment& deployment) {
  const Pools pools = pools_of(deployment);
  if (!pools.second) return {{pools.first, "deployment"}};
  return {{pools.first, "deployment.prefill"}, {*pools.second, "deployment.decode"}};
}

/// Ranks against the model and the levels.
std::vector<Flaw> flaws_of_ranks(const ServingWorkload& workload, const NamedPool& named,
                                 const System& system) {
  std::vector<Flaw> found;
  const Llm& llm = workload.model.value;
  append(flaws(named.pool.parallel, llm), named.key + ".", found);
  if (found.empty())
    append(flaws(llm, named.pool.parallel.on_system(), workload.experts(), topology::Wiring{system.fabric()}),
           named.key + ".", found);
  return found;
}

/// Pools against the system's NPUs.
std::vector<Flaw> flaws_of_size(const Deployment& deployment, const System& system) {
  const Pools pools = pools_of(deployment);
  const std::int64_t npus = topology::npus(system.fabric());
  if (pools.npus() > npus)
    return {{pools.second ? "deployment" : "deployment.instances",
             std::to_string(pools.npus()) + " NPUs are asked for, the system has " + std::to_string(npus),
             "fewer instances, or fewer ranks in each"}};
  if (!pools.second) return {};
  const auto groups = [](const Pool& pool) {
    return static_cast<double>(pool.instances) * pool.parallel.attention_data;
  };
  if (groups(pools.first) * groups(*pools.second) > most_handover_routes)
    return {{"deployment",
             "the groups that keys and values may go between are too many to be simulated pair by pair",
             "fewer instances: simulate a part of the system under its part of the load"}};
  return {};
}

/// What the cache must hold. Supposes ranks without a flaw.
std::vector<Flaw> flaws_of_cache(const ServingWorkload& workload, const NamedPool& named,
                                 const System& system) {
  const Chip& chip = system.chip.value;
  const topology::Wiring wiring{system.fabric()};
  const ServedPool served{workload, named.pool, chip, wiring};
  const std::int64_t tokens = served.cache_tokens();
  const int most = most_tokens(workload);
  if (tokens >= most) return {};
  const CacheBudget& budget = served.budget();
  return {{named.pool.cache_tokens ? named.key + ".cache_tokens" : named.key,
           "the cache has room for " + std::to_string(tokens) + " tokens, the longest request has " +
               std::to_string(most) + ": of " + text(budget.memory) + " weights take " +
               text(budget.weights) + ", activations " + text(budget.activations),
           "more ranks that share the model, narrower weights or cache, or shorter requests"}};
}

}  // namespace

std::vector<Flaw> flaws(const ServingWorkload& workload, const System& system) {
  std::vector<Flaw> found = flaws(workload.model.value);
  append(flaws(workload.requests), "requests.", found);
  const Chip& chip = system.chip.value;
  for (const std::string& key : lacking(chip, matrix_precisions(workload.precision.of_kernels())))
    found.push_back(
        {"precision", chip.name + " has no `" + key + "`", "choose a precision that the chip has"});
  if (!chip.memory)
    found.push_back({"deployment", "nobody knows the memory of a " + chip.name, "give the chip a `memory`"});
  if (workload.slo && !workload.slo->ttft && !workload.slo->tpot && !workload.slo->e2e)
    found.push_back({"slo", "nothing is to be kept", "say `ttft`, `tpot` or `e2e`"});
  const std::vector<NamedPool> pools = named_pools(workload.deployment);
  for (const NamedPool& named : pools)
    append(flaws_of_engine(named.pool.engine.value, named.key + ".engine"), "", found);
  if (found.empty()) found = flaws_of_size(workload.deployment, system);
  for (const auto of_pool : {flaws_of_ranks, flaws_of_cache})
    if (found.empty())
      for (const NamedPool& named : pools) append(of_pool(workload, named, system), "", found);
  return found;
}

}  // namespace superpod::models
