#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/kernels/timing.hpp"

namespace superpod::scenarios {

/// Name and value of each parameter that the form has, e.g. `launch` and `2.1 us`, as the catalogue writes
/// them.
std::vector<std::pair<std::string, std::string>> fitted_values(const models::FamilyTiming& timing);

}  // namespace superpod::scenarios
