#include "models/training/weight_update.hpp"

#include "models/collectives/collective.hpp"
#include "models/training/memory.hpp"
#include "models/transformer/optimizer.hpp"

namespace superpod::models {

WeightUpdate::WeightUpdate(const TrainingWorkload& workload, const Computing& computing,
                           const std::vector<Stage>& stages, StepTasks& tasks)
    : workload_{workload},
      computing_{computing},
      stages_{stages},
      tasks_{tasks},
      pipe_{tasks.mapping().pipe},
      shared_{workload.parallel.zero == 1},
      mirrored_{workload.schedule == Schedule::dualpipe} {}

std::vector<Front> WeightUpdate::reduce(int pipeline_rank, int stage, const Ops& ops,
                                        const std::vector<Front>& ends) {
  const Team& team = tasks_.team(pipeline_rank);
  const Stage& layers = stages_[static_cast<std::size_t>(stage)];
  const Writer to = tasks_.writer("reduce gradients", "gradient reduction");
  const Bytes element = element_size(workload_.optimizer.gradient);
  std::vector<Front> reduced;
  for (std::size_t l = layers.size(); l-- > 0;) {
    std::vector<Front> of_layer;
    for (std::size_t o = 0; o < ops.size(); ++o)
      if (ops[o].weights && static_cast<std::size_t>(ops[o].layer) == l) of_layer.push_back(ends[o]);
    if (of_layer.empty()) of_layer.push_back(ends.back());  // no kernel of its own: with the end of the pass
    const Front begin = tasks_.join(of_layer);
    const RankParameters parameters =
        parameters_on_rank(workload_.model.value, layers[l], tasks_.mapping().shard);
    if (parameters.dense > 0)
      reduced.push_back(reduce_over(to, pipeline_rank, team.dense_copies, parameters.dense * element, begin));
    if (parameters.expert > 0)
      reduced.push_back(
          reduce_over(to, pipeline_rank, team.expert_copies, parameters.expert * element, begin));
  }
  return reduced;
}

Front WeightUpdate::reduce_over(const Writer& to, int pipeline_rank, const Group& copies, Bytes size,
                                Front begin) {
  const Bytes of_block = size / copies.size();
  const int owners = copies.size() * tasks_.team(pipeline_rank).blocks.size();
  if (copies.size() > 1) begin = Collective{to, copies}.reduce_scatter(size, begin);
  begin = tasks_.across_blocks(pipeline_rank, begin, [&](const Group& blocks, const Front& ready) {
    return shared_ ? Collective{to, blocks}.reduce_scatter(of_block, ready)
                   : Collective{to, blocks}.all_reduce(of_block, ready);
  });
  if (copies.size() > 1 && !shared_) begin = Collective{to, copies}.all_gather(size, begin);
  if (!mirrored_) return begin;
  // The mirror's half; the mirror sends as much at about the same time.
  const Bytes to_mirror = shared_ ? size / owners / 2 : size;
  return tasks_.send(to, pipeline_rank, pipe_.ranks - 1 - pipeline_rank, to_mirror, begin);
}

void WeightUpdate::update(TaskId all_gradients) {
  for (std::size_t stage = 0; stage < stages_.size(); ++stage)
    for (const Layer& layer : stages_[stage]) update_layer(static_cast<int>(stage), layer, all_gradients);
}

void WeightUpdate::update_layer(int stage, const Layer& layer, TaskId all_gradients) {
  const double owned = parameters_owned(workload_, tasks_.mapping(), layer);
  if (owned == 0) return;
  std::vector<Seconds> times;  // [variant]
  for (const Variant& variant : computing_.variants)
    times.push_back(total_time(optimizer_kernels(owned, workload_.optimizer), *variant.chip));
  const auto time_of = [&](RankId rank) {
    const auto at = static_cast<std::size_t>(rank);
    return times[static_cast<std::size_t>(computing_.variant_of[at])] / computing_.speed[at];
  };
  std::vector<int> homes{pipe_.home(stage, 0).first};
  if (mirrored_) homes.push_back(pipe_.ranks - 1 - homes.front());
  std::vector<Front> updated;
  for (const int rank : homes) {
    const Team& team = tasks_.team(rank);
    updated.push_back(tasks_.compute(tasks_.writer("optimizer", "optimizer"), team, time_of,
                                     Front(team.ranks.size(), all_gradients)));
  }
  if (!shared_) return;
  const RankParameters parameters = parameters_on_rank(workload_.model.value, layer, tasks_.mapping().shard);
  gather(homes, parameters.dense, &Team::dense_copies, updated);
  gather(homes, parameters.expert, &Team::expert_copies, updated);
}

void WeightUpdate::gather(const std::vector<int>& homes, double parameters, Group Team::*copies,
                          std::vector<Front> updated) {
  if (parameters == 0) return;
  const Writer to = tasks_.writer("gather weights", "weight gathering");
  const Bytes size = parameters * element_size(workload_.optimizer.weights);
  const int copies_in_block = (tasks_.team(homes.front()).*copies).size();
  const int owners = copies_in_block * tasks_.team(homes.front()).blocks.size();
  if (mirrored_) {
    const Bytes half = size / owners / 2;
    const Front there = tasks_.send(to, homes[0], homes[1], half, updated[0]);
    const Front back = tasks_.send(to, homes[1], homes[0], half, updated[1]);
    updated = {tasks_.join({there, tasks_.arrived(back, homes[0])}),
               tasks_.join({back, tasks_.arrived(there, homes[1])})};
  }
  for (std::size_t i = 0; i < homes.size(); ++i) {
    const Front begin =
        tasks_.across_blocks(homes[i], updated[i], [&](const Group& blocks, const Front& ready) {
          return Collective{to, blocks}.all_gather(size / copies_in_block, ready);
        });
    if (copies_in_block > 1)
      static_cast<void>(Collective{to, tasks_.team(homes[i]).*copies}.all_gather(size, begin));
  }
}

}  // namespace superpod::models
