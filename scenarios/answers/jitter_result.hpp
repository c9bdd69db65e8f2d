/// What NPUs that are each as fast as chance makes them are in a result.
#pragma once

#include "analysis/result.hpp"
#include "models/training/jittered_step.hpp"

namespace superpod::scenarios {

/// `jitter.step_time_s` and `jitter.slowdown` with their intervals, `jitter.standard_error_s`, the table
/// `jitter` of all steps that were drawn, and a sentence in the verdict.
void add_jitter(const models::Jitter& jitter, const models::JitteredStep& step, analysis::Result& result);

}  // namespace superpod::scenarios
