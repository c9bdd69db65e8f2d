#include "models/mapping/expert_copies.hpp"

#include "models/transformer/dispatch.hpp"

namespace superpod::models {

ExpertCopies expert_copies(const Moe& moe, double tokens, const ExpertGroup& group, Algorithm all_to_all) {
  ExpertCopies copies;
  copies.hierarchical = all_to_all == Algorithm::hierarchical && group.nodes > 1;
  const double of_all = tokens * expected_distinct_parts(moe, group.ranks);
  if (copies.hierarchical) {
    copies.to_node = tokens * expected_distinct_parts(moe, group.nodes) / group.nodes;
    copies.within_node = of_all / (group.ranks / group.nodes);
  } else {
    copies.to_rank = of_all / group.ranks;
  }
  return copies;
}

}  // namespace superpod::models
