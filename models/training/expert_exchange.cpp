#include "models/training/expert_exchange.hpp"

namespace superpod::models {
namespace {

/// Of `group`: `share` [place on its digits] of `tokens` goes to each rank, or comes back from it.
Amount by_place(const Group& group, const std::vector<int>& digits, const std::vector<double>& share,
                double tokens, Bytes token, ExpertExchange::Way way) {
  return Amount::Between{[&group, &digits, &share, tokens, token, way](RankId from, RankId to) {
    const topology::RankClasses& classes = group.classes();
    const RankId holder = way == ExpertExchange::Way::dispatch ? to : from;
    const int place = topology::place_of(classes.grid(), digits, classes.representative(holder));
    return tokens * share[static_cast<std::size_t>(place)] * token;
  }};
}

}  // namespace

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
    return visits.empty() ? Amount{copies * token} : by_place(ranks, group, visits, tokens, token, way);
  };
  if (!copies_.hierarchical)
    return Exchange{to, team.expert, begin}.with_all(to_ranks(team.expert, copies_.to_rank, tokens_));
  const Amount to_nodes = visits.empty() ? Amount{copies_.to_node * token}
                                         : by_place(team.expert_across, mapping.expert_across,
                                                    mapping.expert_nodes.visits, tokens_, token, way);
  const Front across = Exchange{to, team.expert_across, begin}.with_all(to_nodes);
  if (team.expert_inside.size() == 1) return across;
  const double tokens_of_places = tokens_ * team.expert_across.size();  // from the same place of all nodes
  return tasks.join({across, Exchange{to, team.expert_inside, begin}.with_all(
                                 to_ranks(team.expert_inside, copies_.within_node, tokens_of_places))});
}

}  // namespace superpod::models
