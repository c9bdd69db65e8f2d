#include "models/training/expert_exchange.hpp"

#include "models/mapping/expert_amounts.hpp"

namespace superpod::models {

ExpertExchange::ExpertExchange(const TrainingWorkload& workload, double tokens_of_rank, const Team& team)
    : tokens_{tokens_of_rank} {
  const ExpertGroup group{team.expert.size(), team.expert_across.size()};
  if (group.ranks == 1 || !workload.model.value.moe) return;
  copies_ = expert_copies(*workload.model.value.moe, tokens_of_rank, group, workload.expert_all_to_all);
}

Front ExpertExchange::write(StepTasks& tasks, const Writer& to, const Team& team, Way way, Bytes token,
                            const Front& begin) const {
  const Mapping& mapping = tasks.mapping();
  const std::vector<double>& visits = mapping.expert_ranks.visits;
  const std::vector<int> group = mapping.expert_group();
  const auto to_ranks = [&](const Group& ranks, double copies, double tokens) {
    return visits.empty() ? Amount{copies * token}
                          : amount_by_place(ranks, group, {visits, tokens, token, way == Way::dispatch});
  };
  if (!copies_.hierarchical)
    return Exchange{to, team.expert, begin}.with_all(to_ranks(team.expert, copies_.to_rank, tokens_));
  const Amount to_nodes =
      visits.empty() ? Amount{copies_.to_node * token}
                     : amount_by_place(team.expert_across, mapping.expert_across,
                                       {mapping.expert_nodes.visits, tokens_, token, way == Way::dispatch});
  const Front across = Exchange{to, team.expert_across, begin}.with_all(to_nodes);
  if (team.expert_inside.size() == 1) return across;
  const double tokens_of_places = tokens_ * team.expert_across.size();  // from the same place of all nodes
  return tasks.join({across, Exchange{to, team.expert_inside, begin}.with_all(
                                 to_ranks(team.expert_inside, copies_.within_node, tokens_of_places))});
}

}  // namespace superpod::models
