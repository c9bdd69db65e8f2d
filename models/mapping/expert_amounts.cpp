#include "models/mapping/expert_amounts.hpp"

#include "sim/values/index.hpp"

namespace superpod::models {

Amount amount_by_place(const Group& group, const std::vector<int>& digits, const ExpertShares& shares) {
  return Amount::Between{[&group, &digits, shares](RankId from, RankId to) {
    const topology::RankClasses& classes = group.classes();
    const RankId holder = shares.to_experts ? to : from;
    const int place = topology::place_of(classes.grid(), digits, classes.representative(holder));
    return shares.tokens * shares.share[index(place)] * shares.token;
  }};
}

}  // namespace superpod::models
