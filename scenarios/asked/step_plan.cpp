#include "scenarios/asked/step_plan.hpp"

#include <numeric>
#include <utility>

#include "models/collectives/cabled_collective.hpp"
#include "models/training/cabled_step.hpp"
#include "scenarios/asked/ground.hpp"
#include "topology/cabling/nearness.hpp"

namespace superpod::scenarios {
namespace {

using models::Detail;
using models::System;
using models::TrainingWorkload;

StepPlan plan_on_graph(const ScenarioFile& on, models::DamagedCabling damage) {
  return [&built = *on.cabling, damage = std::move(damage), order = places_on_graph(on)](
             const TrainingWorkload& workload, const System& system, Detail detail) {
    const Seconds endpoint = system.endpoint_latency.value;
    return models::plan(workload, system.chip.value, {damage.left, endpoint, order, &built, damage.speed},
                        detail);
  };
}

}  // namespace

StepPlan step_plan(const ScenarioFile& on) {
  if (on.cabling) return plan_on_graph(on, damage_of(on));
  return [&scenario = on.scenario](const TrainingWorkload& workload, const System& system, Detail detail) {
    const Ground ground = ground_of(scenario, system);
    return models::plan(workload, system.chip.value, ground.wiring, detail, ground.asymmetry);
  };
}

StepPlan step_plan_without_faults(const ScenarioFile& on) {
  if (on.cabling) return plan_on_graph(on, models::damaged({}, *on.cabling, 0));
  return [](const TrainingWorkload& workload, const System& system, Detail detail) {
    return models::plan(workload, system.chip.value, topology::Wiring{system.fabric()}, detail);
  };
}

topology::Wiring wiring_of_step(const ScenarioFile& on) {
  const System& system = on.scenario.system.value;
  return topology::Wiring{on.cabling ? models::one_level(*on.cabling, system.endpoint_latency.value)
                                     : system.fabric()};
}

std::vector<int> places_on_graph(const ScenarioFile& on) {
  if (on.scenario.system.value.graph->order == models::GraphOrder::nearness)
    return topology::by_nearness(*on.cabling);
  std::vector<int> as_listed(topology::npus_of(*on.cabling).size());
  std::iota(as_listed.begin(), as_listed.end(), 0);
  return as_listed;
}

}  // namespace superpod::scenarios
