#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// How many mappings were rejected at which stage, as bars, and the reasons behind a line that unfolds them,
/// those of most mappings first. Empty when the result names none.
std::string rejects(const Result& result);

}  // namespace superpod::analysis
