#include "models/training/step_tasks.hpp"

#include <algorithm>

namespace superpod::models {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

std::vector<Team> teams_of(const Mapping& mapping, topology::Folding& folding) {
  std::vector<std::vector<RankId>> ranks(index(mapping.pipe.ranks));
  for (RankId rank = 0; rank < folding.classes(); ++rank)
    ranks[index(mapping.stage_rank(folding.representative(rank)))].push_back(rank);
  std::vector<int> inside;
  std::vector<int> across;
  for (const int d : mapping.expert_group())
    (folding.wiring().network_of(mapping.grid[index(d)].level) == 0 ? inside : across).push_back(d);

  std::vector<Team> teams;
  for (const auto& of_rank : ranks) {
    const auto group = [&](const std::vector<int>& digits) { return Communicator{folding, of_rank, digits}; };
    teams.push_back({of_rank, group(mapping.tensor), group(mapping.context), group(mapping.expert_group()),
                     group(inside), group(across), group(mapping.dense_copies()),
                     group(mapping.expert_copies())});
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

Front StepTasks::compute(const Writer& to, const Team& team, Seconds time, const Front& begin) {
  Front end;
  for (const RankId rank : team.ranks) end.push_back(graph_.occupy(rank, time, to.label, to.microbatch));
  wait(end, begin);
  return end;
}

Front StepTasks::send(const Writer& to, int pipeline_rank, int destination, Bytes size, const Front& begin) {
  Front end;
  for (const RankId rank : team(pipeline_rank).ranks) {
    const auto there = mapping_.at_pipeline_rank(folding_.representative(rank), destination);
    end.push_back(graph_.move(folding_.route(rank, there), size, to.label, to.microbatch));
  }
  wait(end, begin);
  return end;
}

Front StepTasks::arrived(const Front& moves, int pipeline_rank) const {
  const Team& receivers = team(pipeline_rank);
  Front result(receivers.ranks.size(), at_once);
  for (const TaskId move : moves) {
    const RankId receiver = folding_.receiver(graph_.tasks()[index(move)].target);
    result[receivers.expert.position(receiver)] = move;
  }
  return result;
}

}  // namespace superpod::models
