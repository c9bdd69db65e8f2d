#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The fabric as levels within levels (tables `levels` and `network`), each with the links that join its
/// units, coloured by use; without these, the classes of links as bars. Then links' use over time. Empty when
/// there is nothing to show.
std::string network_section(const Result& result);

}  // namespace superpod::analysis
