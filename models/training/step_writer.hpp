/// The tasks of a training step, on ranks of whichever fabric.
#pragma once

#include "models/training/classes.hpp"
#include "models/training/training_work.hpp"
#include "topology/folding/rank_classes.hpp"

namespace superpod::models {

/// The classes of ranks for what happens within blocks, and for what blocks exchange (classes.hpp); where
/// there are no blocks, the same ones.
struct StepRanks {
  topology::RankClasses& within;
  topology::RankClasses& across;
};

/// Adds the tasks and slots of the step to `out`, which has a mapping and stages, and the ranks in its
/// platform.
void write_tasks(const TrainingWorkload& workload, const Computing& computing, const StepRanks& ranks,
                 TrainingWork& out);

}  // namespace superpod::models
