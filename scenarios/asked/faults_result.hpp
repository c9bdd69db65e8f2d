/// What faults are in a result: how many, which, and what they cost.
#pragma once

#include <string>

#include "analysis/result.hpp"
#include "models/faults/asymmetry.hpp"
#include "sim/values/units.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {

/// Counts (`faults.dead_links`, ...) and the table `faults` of everything that is not alike, random ones by
/// their address.
void add_faults(const models::Asymmetry& asymmetry, const topology::Wiring& wiring, analysis::Result& result);

/// `faults.slowdown`, and a sentence in the verdict.
void add_slowdown(Seconds with_faults, Seconds without, analysis::Result& result);

/// The rows of that table, one a line.
std::string faults_text(const models::Asymmetry& asymmetry, const topology::Wiring& wiring);

}  // namespace superpod::scenarios
