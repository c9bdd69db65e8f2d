/// The whole house in one function: a scenario in, an answer out.
#pragma once

#include <functional>

#include "analysis/result.hpp"
#include "models/workloads/plan.hpp"
#include "scenarios/scenario.hpp"
#include "sim/trace.hpp"

namespace superpod::scenarios {

struct Simulated {
  analysis::Result result;  ///< the same for the same scenario, seed and version
  models::Plan plan;
  Trace trace;
};

/// Builds the fabric, plans the work, runs it and says what it means. `progress` as in sim/engine.hpp.
Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress = {});

}  // namespace superpod::scenarios
