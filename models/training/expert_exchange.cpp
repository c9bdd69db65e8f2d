#include "models/training/expert_exchange.hpp"

#include "models/transformer/dispatch.hpp"

namespace superpod::models {

ExpertExchange::ExpertExchange(const TrainingWorkload& workload, double tokens_of_rank, const Team& team) {
  const int ranks = team.expert.size();
  if (ranks == 1 || !workload.model.value.moe) return;
  const Moe& moe = *workload.model.value.moe;
  const double copies = tokens_of_rank * expected_distinct_parts(moe, ranks);
  for_each_rank_ = copies / ranks;
  const int nodes = team.expert_across.size();
  hierarchical_ = workload.expert_all_to_all == Algorithm::hierarchical && nodes > 1;
  if (!hierarchical_) return;
  for_each_node_ = tokens_of_rank * expected_distinct_parts(moe, nodes) / nodes;
  within_node_ = copies / team.expert_inside.size();
}

Front ExpertExchange::write(StepTasks& tasks, const Writer& to, const Team& team, Bytes token,
                            const Front& begin) const {
  if (!hierarchical_) return exchange_with_all(to, team.expert, for_each_rank_ * token, begin);
  const Front across = exchange_with_all(to, team.expert_across, for_each_node_ * token, begin);
  if (team.expert_inside.size() == 1) return across;
  return tasks.join({across, exchange_with_all(to, team.expert_inside, within_node_ * token, begin)});
}

}  // namespace superpod::models
