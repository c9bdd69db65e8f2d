#pragma once

#include <utility>
#include <vector>

#include "analysis/result.hpp"
#include "models/faults/asymmetry.hpp"
#include "models/hardware/system.hpp"
#include "models/training/step.hpp"
#include "sim/platform/trace.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// What ran, and when.
struct Ran {
  const models::Work& plan;
  const Trace& trace;
  const std::vector<models::OtherChip>& chips;  ///< that some units have instead of the system's
};

/// The figures and tables of a training step, and its verdict.
void add_training(const models::TrainingWorkload& workload, const models::System& system,
                  const models::TrainingWork& planned, const Ran& ran, analysis::Result& result);

/// Says how far the step, and what is derived from it, may be off: steps with kernels faster and slower by
/// their expected error.
void add_step_interval(const std::pair<Seconds, Seconds>& step, analysis::Result& result);

}  // namespace superpod::scenarios
