#pragma once

#include <string>

#include "analysis/result.hpp"
#include "scenarios/planning/plan_tables.hpp"

namespace superpod::scenarios {

/// Whether and with what the question is answered, what binds, and what comes next, in sentences.
std::string verdict(const Planned& planned, const analysis::Result& result);

}  // namespace superpod::scenarios
