#pragma once

#include <string>

#include "scenarios/answers/training_answer.hpp"
#include "scenarios/planning/plan_tables.hpp"

namespace superpod::scenarios {

/// Whether and with what the question is answered, what binds, and what comes next, in sentences. `simulated`
/// is the best answer; null when there is none.
std::string verdict(const Planned& planned, const SearchSummary& search, const TrainingAnswer* simulated);

}  // namespace superpod::scenarios
