/// One training step as tasks on the ranks of a system.
#pragma once

#include <string>
#include <vector>

#include "models/faults/asymmetry.hpp"
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

/// The step: all microbatches through the pipeline; gradients reduced over the copies of each weight as soon
/// as a layer's last one is there; then, when all ranks have theirs (clipping needs the norm of all
/// gradients; its few bytes are not simulated), the optimizer, layer by layer, each followed by the gathering
/// of its weights (ZeRO-1).
///
/// A slot of a rank begins when its previous slot has ended and its input has arrived. Where the schedule
/// overlaps (dualpipe), the slot's passes run side by side and what follows waits for their computation only,
/// so that the last exchange of a pass is hidden too. What a pass hands to the next stage leaves when all
/// computation of its slot is done, gradients of weights included: frameworks send between their passes. So
/// bubbles on equal stages are those of the schedules' papers. Sending never holds up the sender.
/// What is not alike (asymmetry) makes classes of its own only within its block (classes.hpp): exchanges
/// between pods that do nothing but share gradients and weights begin and end for all ranks of a pipeline
/// rank together. Leaves out: the reduction over tensor ranks of weights that each of them holds whole
/// (norms, router, MLA's down-projections), the exchange of a tied embedding's gradient between the first and
/// the last stage, loading of data, checkpoints.
/// A faster part may make a step a little slower (seen: 1.3 %, Graham's anomalies of list scheduling, and
/// stages that are cut elsewhere): give `layers_per_stage` to compare chips with the same cut.
/// Throws std::invalid_argument with the first flaw of the workload, if there is any.
TrainingWork plan(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring,
                  Detail detail, const Asymmetry& asymmetry = {});

/// What is known of a step before its tasks are written: how it is laid on `wiring`, its stages, kernels and
/// memory. Throws as `plan` does.
TrainingWork without_tasks(const TrainingWorkload& workload, const Chip& chip,
                           const topology::Wiring& wiring);

/// Model FLOPs of the step over the peak of all NPUs in the workload's `mfu_precision`, for a step of this
/// time.
double mfu(const TrainingWorkload& workload, const Chip& chip, double npus, Seconds step);

}  // namespace superpod::models
