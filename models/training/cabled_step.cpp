#include "models/training/cabled_step.hpp"

#include "models/collectives/cabled_collective.hpp"
#include "models/training/classes.hpp"
#include "models/training/feasibility.hpp"
#include "models/training/folded_step.hpp"
#include "models/training/step_writer.hpp"
#include "sim/values/index.hpp"
#include "topology/cabling/cabled_ranks.hpp"

namespace superpod::models {

std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system,
                                  const topology::Cabling& cabling) {
  if (workload.expert_all_to_all == Algorithm::hierarchical)
    return {{"expert_all_to_all", "a graph has no levels to be hierarchical over", "use direct"}};
  System on_one_level = system;
  topology::Fabric fabric = one_level(cabling, system.endpoint_latency.value);
  on_one_level.levels = std::move(fabric.levels);
  on_one_level.networks = std::move(fabric.networks);
  return flaws(workload, on_one_level);
}

namespace {

/// NPUs that compute more slowly, by their places on the one level.
Asymmetry slow_npus(const CabledFabric& on) {
  Asymmetry asymmetry;
  for (std::size_t place = 0; place < on.order.size() && !on.speed.empty(); ++place)
    if (const double speed = on.speed[index(on.order[place])]; speed != 1)
      asymmetry.npus.push_back({{static_cast<int>(place)}, speed});
  return asymmetry;
}

}  // namespace

TrainingWork plan(const TrainingWorkload& workload, const Chip& chip, const CabledFabric& on, Detail detail) {
  const topology::Wiring alike{one_level(on.cabling, on.endpoint_latency)};
  TrainingWork whole = without_tasks(workload, chip, alike);
  topology::CabledRanks ranks{{on.cabling, on.endpoint_latency, on.order, on.built},
                              topology::full(whole.mapping.grid),
                              whole.plan.platform};
  write_tasks(workload, computing_of(chip, whole.mapping, slow_npus(on), ranks), {ranks, ranks}, whole);
  return detail == Detail::folded ? folded(std::move(whole)) : whole;
}

}  // namespace superpod::models
