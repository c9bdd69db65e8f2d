#include "models/training/step_tasks.hpp"

#include <algorithm>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// [pipeline rank] its classes.
std::vector<std::vector<RankId>> by_pipeline_rank(const Mapping& mapping,
                                                  const topology::RankClasses& classes) {
  std::vector<std::vector<RankId>> ranks(index(mapping.pipe.ranks));
  for (RankId rank = 0; rank < classes.classes(); ++rank)
    ranks[index(mapping.stage_rank(classes.representative(rank)))].push_back(rank);
  return ranks;
}

}  // namespace

std::vector<Team> teams_of(const Mapping& mapping, topology::RankClasses& within,
                           topology::RankClasses& across) {
  const auto ranks = by_pipeline_rank(mapping, within);
  const auto ranks_of_blocks = by_pipeline_rank(mapping, across);
  std::vector<int> inside;
  std::vector<int> outside;
  for (const int d : mapping.expert_group()) (within.innermost(d) ? inside : outside).push_back(d);

  const int block_digits = within.block_digits();
  std::vector<int> of_blocks;
  const auto in_block = [&](std::vector<int> digits) {
    std::erase_if(digits, [&](int d) { return d < block_digits; });
    return digits;
  };
  for (const int d : mapping.data)
    if (d < block_digits) of_blocks.push_back(d);

  std::vector<Team> teams;
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    const auto group = [&](const std::vector<int>& digits) { return Group{within, ranks[rank], digits}; };
    teams.push_back({ranks[rank], group(mapping.tensor), group(mapping.context),
                     group(mapping.expert_group()), group(inside), group(outside),
                     group(in_block(mapping.dense_copies())), group(in_block(mapping.expert_copies())),
                     Group{across, ranks_of_blocks[rank], of_blocks}});
  }
  return teams;
}

Writer StepTasks::writer(const std::string& name, const std::string& cause, int microbatch) {
  return {graph_, graph_.label(name, cause), microbatch};
}

Front StepTasks::join(const std::vector<Front>& fronts) {
  Front result(fronts.front().size(), at_once);
  for (std::size_t i = 0; i < result.size(); ++i) {
    std::vector<TaskId> ends;
    for (const Front& front : fronts)
      if (front[i] != at_once && std::ranges::find(ends, front[i]) == ends.end()) ends.push_back(front[i]);
    if (ends.empty()) continue;
    result[i] = ends.front();
    if (ends.size() == 1) continue;
    result[i] = graph_.join();
    graph_.depend(result[i], ends);
  }
  return result;
}

Front StepTasks::gate(const Front& after) {
  Front gates(after.size());
  for (TaskId& gate : gates) gate = graph_.join();
  wait(gates, after);
  return gates;
}

void StepTasks::wait(const Front& after, const Front& before) {
  for (std::size_t i = 0; i < after.size(); ++i)
    if (before[i] != at_once) graph_.depend(after[i], before[i]);
}

TaskId StepTasks::barrier(const std::vector<Front>& fronts) {
  const TaskId all = graph_.join();
  for (const Front& front : fronts)
    for (const TaskId task : front)
      if (task != at_once) graph_.depend(all, task);
  return all;
}

Front StepTasks::send(const Writer& to, int pipeline_rank, int destination, Bytes size, const Front& begin) {
  Front end;
  for (const RankId rank : team(pipeline_rank).ranks) {
    const auto there = mapping_.at_pipeline_rank(classes_.representative(rank), destination);
    end.push_back(graph_.move(classes_.route(rank, there), size, to.label, to.microbatch));
  }
  wait(end, begin);
  return end;
}

Front StepTasks::arrived(const Front& moves, int pipeline_rank) const {
  const Team& receivers = team(pipeline_rank);
  Front result(receivers.ranks.size(), at_once);
  for (const TaskId move : moves) {
    const RankId receiver = classes_.receiver(graph_.tasks()[index(move)].target);
    result[receivers.expert.position(receiver)] = move;
  }
  return result;
}

}  // namespace superpod::models
