/// Lists of values as JSON that scripts read.
#pragma once

#include <string>
#include <vector>

namespace superpod::analysis {

std::string list(const std::vector<double>& values);
std::string list(const std::vector<std::string>& values);

}  // namespace superpod::analysis
