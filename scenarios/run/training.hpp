/// A training step, simulated, and what follows for the training.
#pragma once

#include <optional>

#include "models/training/training.hpp"
#include "scenarios/answers/training_result.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/how.hpp"

namespace superpod::scenarios {

/// With intervals, what faults cost, the bill, and what the scenario asks for beside: reliability, energy and
/// uncertainty. What is asked of the system without faults, or with speeds by chance, is run folded, whatever
/// the detail, so that large runs are not repeated.
Run<TrainingAnswer> simulated(const models::TrainingWorkload& workload, const ScenarioFile& on,
                              const How& how);

/// A step has none.
inline std::optional<Seconds> closed_form(const models::TrainingWorkload&, const Scenario&) { return {}; }

}  // namespace superpod::scenarios
