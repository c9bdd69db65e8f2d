/// How much ranks send each other where their experts are not alike hot.
#pragma once

#include <vector>

#include "models/collectives/group/group.hpp"

namespace superpod::models {

/// Of `tokens` on each sender, `share` [place in the group] goes to each rank; or, on their way back, comes
/// from it.
struct ExpertShares {
  const std::vector<double>& share;
  double tokens = 0;
  Bytes token;
  bool to_experts = true;
};

/// By the places of a group on `digits`. What it is made of must outlive the amount.
Amount amount_by_place(const Group& group, const std::vector<int>& digits, const ExpertShares& shares);

}  // namespace superpod::models
