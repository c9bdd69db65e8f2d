/// Why a model cannot be served as it is asked for.
#pragma once

#include <vector>

#include "models/hardware/system.hpp"
#include "models/serving/serving.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// What does not fit together, each with the key of the workload that it concerns.
std::vector<topology::Flaw> flaws(const ServingWorkload& workload, const System& system);

}  // namespace superpod::models
