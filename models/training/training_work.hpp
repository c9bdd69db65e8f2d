/// What a planned training step is.
#pragma once

#include <vector>

#include "models/training/mapping.hpp"
#include "models/training/memory.hpp"
#include "models/training/operations.hpp"
#include "models/work/work.hpp"

namespace superpod::models {

/// What the classes of a pipeline rank do in a slot.
struct SlotTasks {
  std::vector<RankId> ranks;
  Slot slot;
  TaskId first = 0, last = 0;  ///< its tasks: those of all of the ranks, from `first` to before `last`
  std::vector<TaskId> end;     ///< [rank] what the rank's next slot waits for
};

/// A kernel, and how often an average rank runs it in a step.
struct KernelCount {
  KernelUse use;
  double calls = 0;
};

struct TrainingWork {
  Work plan;
  Mapping mapping;
  std::vector<Stage> stages;
  std::vector<SlotTasks> slots;      ///< pipeline rank after pipeline rank, each in the order of its schedule
  TaskId all_gradients = 0;          ///< ends when all ranks have all of their gradients, reduced
  std::vector<KernelCount> kernels;  ///< in the order in which they are first run
  std::vector<RankMemory> memory;    ///< [pipeline rank]
};

}  // namespace superpod::models
