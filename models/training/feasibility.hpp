/// Whether a training step can run on a system at all.
#pragma once

#include <vector>

#include "models/training/memory.hpp"
#include "models/training/training.hpp"
#include "topology/fabric.hpp"

namespace superpod::models {

/// What does not fit together, each with the key of the workload that it concerns: the mapping, precisions that the chip
/// lacks, memory.
std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system);

/// Why the step does not fit into the NPU's memory; nothing when it does.
std::vector<topology::Flaw> misfits(const std::vector<RankMemory>& memory, const Chip& chip);

}  // namespace superpod::models
