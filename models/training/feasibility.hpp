/// Whether a training step can run on a system at all.
#pragma once

#include <vector>

#include "models/training/memory.hpp"
#include "models/training/training.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// What does not fit together, each with the key of the workload that it concerns: the mapping, precisions
/// that the chip lacks, memory.
std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system);

/// Why units whose NPUs have another chip cannot take part; the stages are those that the system's own chip
/// is cut for. The keys are empty: what is wrong concerns the other chip.
std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system, const Chip& other);

/// Why the step does not fit into the NPU's memory; nothing when it does.
std::vector<topology::Flaw> misfits(const std::vector<RankMemory>& memory, const Chip& chip);

}  // namespace superpod::models
