/// A step that was planned rank by rank, folded as far as it is regular (models/work/work_folding.hpp).
#pragma once

#include "models/training/training_work.hpp"

namespace superpod::models {

/// The same step with its ranks, tasks and slots in classes. Ranks of two pipeline ranks are never of one
/// class, nor are tasks of two slots that take time: passes of one microbatch through the stages wait for
/// each other, so each has waited for more than the one before.
TrainingWork folded(TrainingWork whole);

}  // namespace superpod::models
