/// The tables of a training step.
#pragma once

#include <string>

#include "analysis/result.hpp"
#include "scenarios/answers/training_answer.hpp"

namespace superpod::scenarios {

/// What counts for each cause, as a user reads it.
std::string meaning_of(const std::string& cause);

/// The cause as a part of a key: `expert_all_to_all`.
std::string key_of(const std::string& cause);

/// `breakdown`, `phases`, `critical_path`, `ranks`, `memory`, `slots`, `kernels`.
void add_step_tables(const TrainingAnswer& answer, analysis::Result& result);

}  // namespace superpod::scenarios
