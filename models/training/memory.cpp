#include "models/training/memory.hpp"

#include <algorithm>

#include "models/transformer/activations.hpp"
#include "models/transformer/context_exchange.hpp"
#include "models/transformer/dispatch.hpp"

namespace superpod::models {
namespace {

/// What the rank of the hottest experts executes.
Slice hottest_slice(const TrainingWorkload& workload, const Mapping& mapping) {
  Slice slice = slice_of(workload, mapping.shard);
  slice.expert_load = mapping.hottest_expert_load();
  return slice;
}

/// What one rank sends and receives at a time, for all passes that may run at once.
Bytes buffers(const Llm& llm, const Mapping& mapping, const Slice& slice) {
  return (mapping.pipe.overlaps() ? 2 : 1) * buffers_of_pass(llm, mapping, slice);
}

/// What recomputation makes for one layer (selective: for one block) while its backward pass runs.
Bytes made_again(const Llm& llm, const Slice& slice, const Layer& layer, Recompute recompute) {
  Bytes most, all;
  for (const Block block : layer.blocks) {
    const Bytes of_block = saved_activations(llm, slice, block, Recompute::none) -
                           saved_activations(llm, slice, block, recompute);
    most = std::max(most, of_block);
    all += of_block;
  }
  return recompute == Recompute::full ? all : most;
}

}  // namespace

Bytes buffers_of_pass(const Llm& llm, const Placement& placement, const Slice& slice) {
  const Precisions& precision = slice.precision;
  const Bytes token = llm.hidden * element_size(precision.state);
  Bytes sum = 2 * slice.own_tokens() * token;
  if (placement.shard.expert > 1) {
    const double copies = expected_distinct_parts(*llm.moe, placement.shard.expert);
    const auto& visits = placement.expert_ranks.visits;
    const double received =
        visits.empty() ? copies : placement.shard.expert * *std::ranges::max_element(visits);
    sum += slice.own_tokens() * (copies + received) *
           (dispatch_size(llm, precision) + combine_size(llm, precision));
  }
  if (placement.shard.context > 1) sum += 2 * keys_and_values(llm, slice);
  return sum;
}

LayerMemory memory_of(const Llm& llm, const OptimizerPlan& optimizer, const Execution& execution,
                      const Layer& layer) {
  const auto& [slice, recompute] = execution;
  const RankParameters parameters = parameters_on_rank(llm, layer, slice.shard);
  const double all = parameters.dense + parameters.expert;
  LayerMemory of_layer{all * element_size(optimizer.weights),
                       all * element_size(optimizer.gradient),
                       {},
                       {},
                       made_again(llm, slice, layer, recompute)};
  for (const Block block : layer.blocks)
    of_layer.activations += saved_activations(llm, slice, block, recompute);
  return of_layer;
}

LayerMemory memory_of(const TrainingWorkload& workload, const Mapping& mapping, const Slice& slice,
                      const Layer& layer) {
  LayerMemory of_layer =
      memory_of(workload.model.value, workload.optimizer, {slice, workload.recompute}, layer);
  of_layer.optimizer =
      parameters_owned(workload, mapping, layer) * optimizer_state_per_parameter(workload.optimizer);
  return of_layer;
}

RankParameters parameters_on_rank(const Llm& llm, const Layer& layer, const Shard& shard) {
  RankParameters sum;
  for (const Block block : layer.blocks) {
    if (block == Block::head && layer.borrows_head) continue;
    const RankParameters more = parameters_on_rank(llm, block, shard);
    sum.dense += more.dense;
    sum.expert += more.expert;
  }
  return sum;
}

double parameters_owned(const TrainingWorkload& workload, const Mapping& mapping, const Layer& layer) {
  const RankParameters held = parameters_on_rank(workload.model.value, layer, mapping.shard);
  if (workload.parallel.zero == 0) return held.dense + held.expert;
  return parameters_shared(held, mapping, workload.schedule == Schedule::dualpipe);
}

double parameters_shared(const RankParameters& held, const Placement& placement, bool mirrored) {
  const int dense_copies = placement.shard.context * placement.data_ranks;
  return (held.dense / dense_copies + held.expert / placement.experts_copies) / (mirrored ? 2.0 : 1.0);
}

std::vector<RankMemory> memory(const TrainingWorkload& workload, const Mapping& mapping,
                               const std::vector<Stage>& stages) {
  const Slice slice = hottest_slice(workload, mapping);
  const auto order = slots(mapping.pipe);
  std::vector<RankMemory> result;
  for (int rank = 0; rank < mapping.pipe.ranks; ++rank) {
    RankMemory of_rank;
    of_rank.buffers = buffers(workload.model.value, mapping, slice);
    std::vector<double> kept;  // [chunk] activations of one microbatch
    Bytes again;
    for (int chunk = 0; chunk < mapping.pipe.chunks_held(); ++chunk) {
      Bytes of_chunk;
      for (const Layer& layer : stages[static_cast<std::size_t>(mapping.pipe.stage(rank, chunk))]) {
        const LayerMemory of_layer = memory_of(workload, mapping, slice, layer);
        of_rank.weights += of_layer.weights;
        of_rank.gradients += of_layer.gradients;
        of_rank.optimizer += of_layer.optimizer;
        of_chunk += of_layer.activations;
        again = std::max(again, of_layer.again);
      }
      kept.push_back(of_chunk.in(unit::B));
    }
    of_rank.activations = Bytes{most_in_flight(order[static_cast<std::size_t>(rank)], kept)} + again;
    result.push_back(of_rank);
  }
  return result;
}

namespace {

/// Of all runs of layers, in constant time.
class RunsOfLayers {
 public:
  explicit RunsOfLayers(const std::vector<LayerMemory>& layers)
      : count_{layers.size()}, lasting_(count_ + 1), kept_(count_ + 1), again_(count_ * (count_ + 1)) {
    for (std::size_t l = 0; l < count_; ++l) {
      lasting_[l + 1] = lasting_[l] + layers[l].weights + layers[l].gradients + layers[l].optimizer;
      kept_[l + 1] = kept_[l] + layers[l].activations;
      Bytes most;
      for (std::size_t end = l + 1; end <= count_; ++end) {
        most = std::max(most, layers[end - 1].again);
        again_[l * (count_ + 1) + end] = most;
      }
    }
  }
  [[nodiscard]] Bytes lasting(const LayerRun& run) const { return difference(lasting_, run); }
  [[nodiscard]] Bytes kept(const LayerRun& run) const { return difference(kept_, run); }
  [[nodiscard]] Bytes again(const LayerRun& run) const {
    if (run.first == run.end) return {};
    return again_[static_cast<std::size_t>(run.first) * (count_ + 1) + static_cast<std::size_t>(run.end)];
  }

 private:
  [[nodiscard]] static Bytes difference(const std::vector<Bytes>& sums, const LayerRun& run) {
    return sums[static_cast<std::size_t>(run.end)] - sums[static_cast<std::size_t>(run.first)];
  }
  std::size_t count_;
  std::vector<Bytes> lasting_, kept_;  // [layer + 1] sums over the layers before
  std::vector<Bytes> again_;           // [first][end] most of one layer
};

}  // namespace

HasRoom room(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping) {
  if (!chip.memory) return {};
  const Slice slice = hottest_slice(workload, mapping);
  std::vector<LayerMemory> layers;
  for (const Layer& layer : layers_of(workload.model.value))
    layers.push_back(memory_of(workload, mapping, slice, layer));
  std::vector<std::vector<std::vector<int>>> held;  // [rank][moment][chunk] microbatches
  for (const auto& of_rank : slots(mapping.pipe))
    held.push_back(most_held(of_rank, mapping.pipe.chunks_held()));
  const Bytes free = chip.memory->value - buffers(workload.model.value, mapping, slice);
  return [runs = RunsOfLayers{layers}, held, free](int rank, std::span<const LayerRun> chunks) {
    Bytes lasting, again;
    for (const LayerRun& run : chunks) {
      lasting += runs.lasting(run);
      again = std::max(again, runs.again(run));
    }
    return std::ranges::all_of(held[static_cast<std::size_t>(rank)], [&](const std::vector<int>& moment) {
      Bytes sum = lasting + again;
      for (std::size_t chunk = 0; chunk < moment.size(); ++chunk)
        sum += moment[chunk] * runs.kept(chunks[chunk]);
      return sum <= free;
    });
  };
}

}  // namespace superpod::models
