#pragma once

#include "analysis/result.hpp"
#include "models/training/mapping.hpp"

namespace superpod::scenarios {

/// How unevenly the experts and their ranks are loaded: figures, and a table of the ranks. Nothing where all
/// are alike.
void add_expert_load(const models::TrainingWorkload& workload, const models::Mapping& mapping,
                     analysis::Result& result);

}  // namespace superpod::scenarios
