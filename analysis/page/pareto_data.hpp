#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// Whether there are answers with a time and something that it takes.
bool has_pareto(const Result& result);

/// `{"time": axis, "low", "high", "takes": [axis, ...], "names", "systems", "system", "meets"}` of the
/// answers: their times and the ends of the intervals, what they take (NPUs, power, cost), and as what they
/// are drawn.
std::string pareto_data(const Result& result);

}  // namespace superpod::analysis
