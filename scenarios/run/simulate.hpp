/// The whole house in one function: a scenario in, an answer out.
#pragma once

#include <functional>
#include <vector>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/how.hpp"

namespace superpod::scenarios {

/// Builds the fabric, plans the work, runs it and says what it means. `progress` as in sim/engine/engine.hpp;
/// `foreseen` hears what is needed before it is used. Throws std::runtime_error before every rank is planned
/// one by one, or a plan is run, if that takes more memory than there is (forecast.hpp).
Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress = {},
                   const std::function<void(const Forecast&)>& foreseen = {});

/// The figures of `simulate` alone, without what its inputs rest on: for thousands of scenarios.
std::vector<analysis::Figure> simulated_figures(const ScenarioFile& file, models::Detail detail);

}  // namespace superpod::scenarios
