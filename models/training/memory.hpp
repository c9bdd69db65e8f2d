/// What a stage keeps in an NPU's memory.
#pragma once

#include <vector>

#include "models/hardware/chip.hpp"
#include "models/training/mapping.hpp"
#include "models/training/stages.hpp"
#include "models/transformer/parameters.hpp"

namespace superpod::models {

/// Of one NPU of one pipeline rank, at its fullest: where experts are not alike hot, that of the hottest.
///
/// Weights and gradients of all its chunks in the precisions of the optimizer plan; optimizer state shared
/// over the copies of each weight (ZeRO-1); activations of as many microbatches as the schedule keeps in
/// flight, and what is recomputed for the layer whose backward pass runs; buffers: tokens
/// sent to and received from experts, activations sent to and received from the neighbouring stages, keys and
/// values of all context ranks and their gradients, once for each pass that may run at a time.
/// Leaves out: FP8 copies of weights, workspaces of libraries, fragmentation, the runtime's own memory.
/// Source: Rajbhandari et al., "ZeRO", SC 2020 (states); Korthikanti et al., arXiv 2205.05198 (activations).
struct RankMemory {
  Bytes weights, gradients, optimizer, activations, buffers;
  [[nodiscard]] Bytes total() const { return weights + gradients + optimizer + activations + buffers; }
};

/// Of one layer on one rank: what lasts, and what one microbatch keeps (`activations`) or makes again in its
/// backward pass.
struct LayerMemory {
  Bytes weights, gradients, optimizer, activations, again;
};
/// What a rank executes of each microbatch, and what of it again.
struct Execution {
  const Slice& slice;
  Recompute recompute = Recompute::none;
};
/// Without the optimizer's state, which hangs on how many copies there are of the weights.
LayerMemory memory_of(const Llm& llm, const OptimizerPlan& optimizer, const Execution& execution,
                      const Layer& layer);
LayerMemory memory_of(const TrainingWorkload& workload, const Mapping& mapping, const Slice& slice,
                      const Layer& layer);

/// What one rank sends and receives at a time in one pass.
Bytes buffers_of_pass(const Llm& llm, const Placement& placement, const Slice& slice);

/// [pipeline rank]
std::vector<RankMemory> memory(const TrainingWorkload& workload, const Mapping& mapping,
                               const std::vector<Stage>& stages);

/// Whether ranks have room on a chip, for the choice of a cut; always, where its memory is not known.
HasRoom room(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping);

/// Parameters of a layer that one rank updates: with ZeRO-1 its share of those that it holds, else all.
double parameters_owned(const TrainingWorkload& workload, const Mapping& mapping, const Layer& layer);

/// ... of those that it holds: the share of one of all copies, of which a dualpipe's mirror has the half.
double parameters_shared(const RankParameters& held, const Placement& placement, bool mirrored);

/// Parameters of a layer on one rank; a borrowed head counts where it is at home.
RankParameters parameters_on_rank(const Llm& llm, const Layer& layer, const Shard& shard);

}  // namespace superpod::models
