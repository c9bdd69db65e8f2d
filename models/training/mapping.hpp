/// A training step laid on a system: who does what, and in which order.
#pragma once

#include <vector>

#include "models/mapping/placement.hpp"
#include "models/training/training.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {

/// Where the dimensions of a step lie, and the pipeline that its microbatches go through.
struct Mapping : Placement {
  Pipeline pipe;
};

/// What does not fit together, each with the key of the workload that it concerns.
std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const topology::Fabric& fabric);

/// Throws std::invalid_argument with the first of the flaws, if there is any.
Mapping map(const TrainingWorkload& workload, const topology::Wiring& wiring);

/// What one rank executes of each microbatch.
Slice slice_of(const TrainingWorkload& workload, const Shard& shard);

}  // namespace superpod::models
