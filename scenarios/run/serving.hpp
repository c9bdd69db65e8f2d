/// A serving, simulated.
#pragma once

#include <optional>

#include "models/serving/serving.hpp"
#include "scenarios/answers/serving_result.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/how.hpp"

namespace superpod::scenarios {

/// `Detail::full` goes through each iteration by itself; the answer is the same to rounding.
Run<ServingAnswer> simulated(const models::ServingWorkload& workload, const ScenarioFile& on, const How& how);

/// Queues with batches have none.
inline std::optional<Seconds> closed_form(const models::ServingWorkload&, const Scenario&) { return {}; }

}  // namespace superpod::scenarios
