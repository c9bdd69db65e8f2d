/// The whole house in one function: a scenario in, an answer out.
#pragma once

#include <functional>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/how.hpp"

namespace superpod::scenarios {

/// Builds the fabric, plans the work, runs it and says what it means. `progress` as in sim/engine/engine.hpp;
/// `foreseen` hears what is needed before it is used. Throws std::runtime_error before every rank is planned
/// one by one, or a plan is run, if that takes more memory than there is (forecast.hpp).
Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress = {},
                   const std::function<void(const Forecast&)>& foreseen = {});

}  // namespace superpod::scenarios
