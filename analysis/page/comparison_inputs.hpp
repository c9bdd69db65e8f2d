#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The inputs that differ in value or grade, or that only one of two results has.
std::string differing_inputs(const Result& a, const Result& b);

/// The scenarios' texts laid over each other, with a word before each line that only one of them has.
std::string differing_scenarios(const Result& a, const Result& b);

}  // namespace superpod::analysis
