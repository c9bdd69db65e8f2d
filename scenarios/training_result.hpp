#pragma once

#include "analysis/result.hpp"
#include "models/system.hpp"
#include "models/training/step.hpp"
#include "sim/trace.hpp"

namespace superpod::scenarios {

/// What ran, and when.
struct Ran {
  const models::Plan& plan;
  const Trace& trace;
};

/// The figures and tables of a training step, and its verdict.
void add_training(const models::TrainingWorkload& workload, const models::System& system,
                  const models::TrainingPlan& planned, const Ran& ran, analysis::Result& result);

}  // namespace superpod::scenarios
