#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The answers of a plan: time against what they take as a chart, all of them as a table, the best of each
/// system, what was rejected and why, how the search went, and a scenario for each. Empty when the result has
/// no answers.
std::string candidates_section(const Result& result);

}  // namespace superpod::analysis
