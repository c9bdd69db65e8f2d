/// How a training step is run: what a search chooses, and a user may choose instead.
#pragma once

#include "models/mapping/parallelism.hpp"
#include "models/training/schedule.hpp"
#include "models/transformer/layer_kernels.hpp"

namespace superpod::models {

struct MappingChoice {
  Parallelism parallel;
  int batch = 0;       ///< sequences of one step, over all ranks
  int microbatch = 1;  ///< sequences that pass through the pipeline together
  Schedule schedule = Schedule::one_f_one_b;
  Recompute recompute = Recompute::selective;

  bool operator==(const MappingChoice&) const = default;
};

}  // namespace superpod::models
