#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::scenarios {

/// A plan for a terminal: the verdict, and a table of the best answers.
std::string plan_text(const analysis::Result& result);

}  // namespace superpod::scenarios
