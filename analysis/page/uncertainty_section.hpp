#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// What the answer hangs on: a tornado of the inputs, and how the figures came out in the samples.
/// Empty when the result has neither.
std::string uncertainty_section(const Result& result);

/// What of the answer was compared with measurements, each case with its error.
std::string validation_section(const Result& result);

}  // namespace superpod::analysis
