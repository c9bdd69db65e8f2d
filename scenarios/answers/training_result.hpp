/// A training's answer as figures, tables and sentences.
#pragma once

#include "analysis/result.hpp"
#include "scenarios/answers/training_answer.hpp"

namespace superpod::scenarios {

/// Figures and tables in this order: size of the run, the step (time, causes, phases, memory, kernels),
/// links, the network, faults, jitter, the bill, reliability, energy, uncertainty.
analysis::Result result_of(const TrainingAnswer& answer);

}  // namespace superpod::scenarios
