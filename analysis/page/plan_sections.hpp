/// What a planner asks beside time: limits, equipment, failures, energy and money.
#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

// Each is empty when the result lacks what it shows.
std::string limits_section(const Result& result);       ///< how much of each limit the best answer uses
std::string performance_section(const Result& result);  ///< figures that are uncertain, with their intervals
std::string reliability_section(const Result& result);  ///< what failures take
std::string energy_section(const Result& result);       ///< power, energy and money by part

}  // namespace superpod::analysis
