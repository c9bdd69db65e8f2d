/// The whole house in one function: a scenario in, an answer out.
#pragma once

#include <functional>

#include "analysis/result.hpp"
#include "models/work/work.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/forecast.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::scenarios {

struct Simulated {
  analysis::Result result;  ///< the same for the same scenario, seed and version
  models::Work plan;
  Trace trace;
};

/// Builds the fabric, plans the work, runs it and says what it means. `progress` as in sim/engine/engine.hpp;
/// `foreseen` hears what is needed before it is used. Throws std::runtime_error before every rank is planned
/// one by one, or a plan is run, if that takes more memory than there is (forecast.hpp).
Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress = {},
                   const std::function<void(const Forecast&)>& foreseen = {});

}  // namespace superpod::scenarios
