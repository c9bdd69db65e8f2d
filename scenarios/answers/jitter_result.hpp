/// What NPUs that are each as fast as chance makes them are in a result.
#pragma once

#include <string>

#include "analysis/result.hpp"
#include "models/training/jittered_step.hpp"

namespace superpod::scenarios {

struct JitterAnswer {
  models::Jitter jitter;
  models::JitteredStep step;
};

/// `jitter.step_time_s` and `jitter.slowdown` with their intervals, `jitter.standard_error_s`, and the table
/// `jitter` of all steps that were drawn.
void add_jitter(const JitterAnswer& answer, analysis::Result& result);

/// How long such a step takes, in a sentence of the verdict.
std::string sentence(const JitterAnswer& answer);

}  // namespace superpod::scenarios
