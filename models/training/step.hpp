/// One training step as tasks on the ranks of a system.
#pragma once

#include "models/faults/asymmetry.hpp"
#include "models/training/training_work.hpp"

namespace superpod::models {

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
