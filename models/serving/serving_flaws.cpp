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

/// Ranks against the system's NPUs and the model.
std::vector<Flaw> flaws_of_ranks(const ServingWorkload& workload, const Aggregated& deployment,
                                 const System& system) {
  std::vector<Flaw> found;
  const Llm& llm = workload.model.value;
  append(flaws(deployment.parallel, llm), "deployment.", found);
  if (!found.empty()) return found;
  const std::int64_t npus = topology::npus(system.fabric());
  if (deployment.npus() > npus)
    found.push_back(
        {"deployment.instances",
         std::to_string(deployment.npus()) + " NPUs are asked for, the system has " + std::to_string(npus),
         "fewer instances, or fewer ranks in each"});
  if (!found.empty()) return found;
  append(flaws(llm, deployment.parallel.on_system(), workload.experts(), topology::Wiring{system.fabric()}),
         "deployment.", found);
  return found;
}

/// What the cache must hold. Supposes ranks without a flaw.
std::vector<Flaw> flaws_of_cache(const ServingWorkload& workload, const Aggregated& deployment,
                                 const System& system) {
  const Chip& chip = system.chip.value;
  if (!chip.memory)
    return {{"deployment", "nobody knows the memory of a " + chip.name, "give the chip a `memory`"}};
  const topology::Wiring wiring{system.fabric()};
  const ServedModel served{workload, chip, wiring};
  const int block = deployment.engine.value.block_tokens.value, most = most_tokens(workload);
  const std::int64_t tokens = served.budget().tokens(block);
  if (tokens >= most) return {};
  const CacheBudget& budget = served.budget();
  const std::string key = deployment.cache_tokens ? "deployment.cache_tokens" : "deployment";
  return {{key,
           "the cache has room for " + std::to_string(tokens) + " tokens, the longest request has " +
               std::to_string(most) + ": of " + text(budget.memory) + " weights take " +
               text(budget.weights) + ", activations " + text(budget.activations),
           "more ranks that share the model, narrower weights or cache, or shorter requests"}};
}

}  // namespace

std::vector<Flaw> flaws(const ServingWorkload& workload, const System& system) {
  std::vector<Flaw> found = flaws(workload.model.value);
  append(flaws(workload.requests), "requests.", found);
  const auto& deployment = std::get<Aggregated>(workload.deployment);
  append(flaws_of_engine(deployment.engine.value, "deployment.engine"), "", found);
  const std::vector<Precision> asked = matrix_precisions(workload.precision.of_kernels());
  for (const std::string& key : lacking(system.chip.value, asked))
    found.push_back({"precision", system.chip.value.name + " has no `" + key + "`",
                     "choose a precision that the chip has"});
  if (workload.slo && !workload.slo->ttft && !workload.slo->tpot && !workload.slo->e2e)
    found.push_back({"slo", "nothing is to be kept", "say `ttft`, `tpot` or `e2e`"});
  if (found.empty()) found = flaws_of_ranks(workload, deployment, system);
  if (found.empty()) found = flaws_of_cache(workload, deployment, system);
  return found;
}

}  // namespace superpod::models
