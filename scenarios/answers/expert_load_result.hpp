/// How unevenly experts, and the ranks that hold them, are loaded.
#pragma once

#include <optional>
#include <vector>

#include "analysis/result.hpp"
#include "models/training/mapping.hpp"

namespace superpod::scenarios {

struct ExpertLoads {
  double hottest_expert = 1;   ///< tokens that it gets, over the mean of all experts
  models::PartLoads of_ranks;  ///< [place in the expert group]
};

/// None where all are alike.
std::optional<ExpertLoads> expert_loads(const models::TrainingWorkload& workload,
                                        const models::Mapping& mapping);

/// The figures `expert_load.*`, and the table `expert_ranks`.
void add_expert_loads(const ExpertLoads& loads, analysis::Result& result);

}  // namespace superpod::scenarios
