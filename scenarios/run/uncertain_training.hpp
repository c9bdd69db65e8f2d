/// How sure a simulated training is.
#pragma once

#include "analysis/result.hpp"
#include "scenarios/asked/scenario.hpp"

namespace superpod::scenarios {

/// Simulates the step, folded, with each input of the system at both ends, then samples of all together to
/// first order, and some of these in full; goodput and the time to train follow in closed form from each
/// (uncertainty_result.hpp says what is added). The layers of the stages stay where they are: a system that
/// is a little different trains with the same mapping. `result` has the step's figures, and those of
/// reliability where the scenario tells any. Faults change all of it in proportion: they are left out of
/// these runs.
void add_training_uncertainty(const Scenario& scenario, analysis::Result& result);

}  // namespace superpod::scenarios
