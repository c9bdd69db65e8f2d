/// How a training step is planned on a scenario's system, on levels and networks or on a graph.
#pragma once

#include <functional>
#include <vector>

#include "models/hardware/system.hpp"
#include "models/training/step.hpp"
#include "models/training/training.hpp"
#include "models/work/work.hpp"
#include "scenarios/asked/scenario.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {

/// On the scenario's system, or on one that differs from it in figures only: in its chip, bandwidths,
/// latencies.
using StepPlan = std::function<models::TrainingWork(const models::TrainingWorkload&, const models::System&,
                                                    models::Detail)>;

/// With the scenario's faults. `on` must outlive the plan.
StepPlan step_plan(const ScenarioFile& on);
StepPlan step_plan_without_faults(const ScenarioFile& on);

/// What a mapping is laid on: the system's levels, or the one that a graph has.
topology::Wiring wiring_of_step(const ScenarioFile& on);

/// [place] which NPU of the graph stands there: near ones next to each other, or as in the file.
std::vector<int> places_on_graph(const ScenarioFile& on);

}  // namespace superpod::scenarios
