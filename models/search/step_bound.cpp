#include "models/search/step_bound.hpp"

#include <algorithm>
#include <numeric>

#include "models/mapping/placement_flaws.hpp"
#include "models/search/slot_bound.hpp"
#include "models/training/mapping.hpp"
#include "models/training/memory.hpp"
#include "models/training/operations.hpp"

namespace superpod::models {

StepBounds::StepBounds(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring)
    : workload_{workload},
      chip_{chip},
      wiring_{wiring},
      kinds_{kinds_of_layers(workload.model.value)},
      geometer_{workload_, chip, wiring, kinds_} {}

std::string StepBounds::misfit(const Parallelism& parallel) const {
  const Llm& llm = workload_.model.value;
  const ExpertTraffic experts = workload_.experts();
  auto found = flaws_of_groups(llm, parallel);
  if (found.empty()) found = flaws_of_chunks(parallel, workload_.sequence_length);
  if (found.empty()) found = flaws_of_shape(llm, parallel, experts, npus());
  if (found.empty()) found = flaws_of_stages(llm, parallel.pipeline);
  if (found.empty()) found = flaws_of_layout(llm, parallel, experts, wiring_);
  return found.empty() ? std::string{} : found.front().message;
}

SliceProfile& StepBounds::profile_of(const Slice& slice, const MappingChoice& choice) {
  const Shard& shard = slice.shard;
  const auto [at, added] =
      profiles_.try_emplace({shard.tensor, shard.context, shard.expert, shard.expert_tensor,
                             choice.microbatch, static_cast<int>(choice.recompute)});
  SliceProfile& of_slice = at->second;
  if (!added) return of_slice;
  of_slice.kinds =
      profile({workload_.model.value, chip_, slice, choice.recompute, core_share(workload_, chip_)},
              workload_.optimizer, kinds_);
  for (const int kind : kinds_.kind)
    of_slice.costs.push_back(of_slice.kinds[static_cast<std::size_t>(kind)].cost.in(unit::s));
  return of_slice;
}

LayerSums StepBounds::sums(const Geometry& geometry, const MappingChoice& choice) {
  const Slice slice{geometry.placement.shard,
                    {whole_sequences(choice.microbatch, workload_.sequence_length)},
                    workload_.precision};
  return layer_sums({workload_.model.value, slice, geometry, kinds_}, profile_of(slice, choice));
}

const std::vector<std::vector<int>>& StepBounds::held(const Pipeline& pipe) {
  Pipeline steady = pipe;  // what is held does not grow any more with further microbatches
  steady.microbatches = std::min(pipe.microbatches, 4 * pipe.ranks);
  const auto [at, added] =
      held_.try_emplace({static_cast<int>(pipe.schedule), pipe.ranks, steady.microbatches, steady.chunks});
  if (added)
    for (const auto& of_rank : slots(steady)) {
      std::vector<int> most;
      for (const auto& moment : most_held(of_rank, steady.chunks_held()))
        if (most.empty() ||
            std::accumulate(moment.begin(), moment.end(), 0) > std::accumulate(most.begin(), most.end(), 0))
          most = moment;
      at->second.push_back(most);
    }
  return at->second;
}

StepBound StepBounds::bound(const Geometry& geometry, const LayerSums& sums, const MappingChoice& choice) {
  const bool mirrored = choice.schedule == Schedule::dualpipe;
  const Pipeline pipe{choice.schedule, choice.parallel.pipeline,
                      choice.batch / (choice.microbatch * geometry.placement.data_ranks),
                      choice.parallel.virtual_stages};
  const PipelineCase work{pipe, sums, geometry.update[choice.parallel.zero == 1][mirrored], held(pipe),
                          capacity()};
  const int stages = pipe.stages();
  const auto [at, added] = sums.profile->cuts.try_emplace(stages);
  if (added) at->second = balanced_counts(sums.profile->costs, stages);
  return mirrored ? bound_of_dualpipe(work, at->second) : bound_in_turn(work, at->second);
}

StepBound StepBounds::refined(const MappingChoice& choice) {
  const TrainingWorkload workload = workload_.with(choice);
  const Mapping mapping = map(workload, wiring_);
  const std::vector<Stage> stages = stages_of(workload, chip_, mapping);
  StepBound bound;
  for (const RankMemory& of_rank : memory(workload, mapping, stages))
    bound.memory = std::max(bound.memory, of_rank.total());
  bound.fits = bound.memory <= capacity();
  if (!bound.fits) return bound;
  std::vector<int> counts;
  for (const Stage& stage : stages) counts.push_back(static_cast<int>(stage.size()));
  const Geometry geometry = this->geometry(choice.parallel);
  const bool mirrored = choice.schedule == Schedule::dualpipe;
  bound.step = slot_bound(mapping.pipe, counts, sums(geometry, choice),
                          geometry.update[choice.parallel.zero == 1][mirrored]);
  return bound;
}

}  // namespace superpod::models
