/// A collective, simulated.
#pragma once

#include "models/collectives/workload.hpp"
#include "scenarios/answers/collective_result.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/closed_form.hpp"
#include "scenarios/run/how.hpp"

namespace superpod::scenarios {

/// On levels and networks, or on a graph.
Run<CollectiveAnswer> simulated(const models::CollectiveWorkload& workload, const ScenarioFile& on,
                                const How& how);

}  // namespace superpod::scenarios
