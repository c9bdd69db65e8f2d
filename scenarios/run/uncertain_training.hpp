/// How sure a simulated training is.
#pragma once

#include "models/training/training.hpp"
#include "scenarios/answers/training_answer.hpp"
#include "scenarios/asked/scenario.hpp"

namespace superpod::scenarios {

/// Simulates the step, folded, with each input of the system at both ends, then samples of all together to
/// first order, and some of these in full; goodput and the time to train follow in closed form from each.
/// The layers of the stages stay where they are: a system that is a little different trains with the same
/// mapping. `found` has the step, and reliability where the scenario tells any. Faults change all of it in
/// proportion: they are left out of these runs. A graph's file gives its links no grades: they stay as they
/// are.
UncertainAnswer training_uncertainty(const models::TrainingWorkload& workload, const ScenarioFile& on,
                                     const TrainingAnswer& found);

}  // namespace superpod::scenarios
