/// A serving's answer as figures, tables and sentences.
#pragma once

#include "analysis/result.hpp"
#include "scenarios/answers/serving_answer.hpp"

namespace superpod::scenarios {

/// Figures in this order: throughputs, latencies, the service level, the cache, where the time goes.
analysis::Result result_of(const ServingAnswer& answer);

}  // namespace superpod::scenarios
