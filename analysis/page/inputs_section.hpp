#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

std::string figures_section(const Result& result);   ///< every figure with its definition
std::string inputs_section(const Result& result);    ///< every input with its grade and source
std::string scenario_section(const Result& result);  ///< the text that was run, by which version

}  // namespace superpod::analysis
