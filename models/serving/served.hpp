/// From a workload and a system to the fleet that serves it.
#pragma once

#include <map>
#include <string>

#include "models/serving/costs/cache_budget.hpp"
#include "models/serving/costs/engine_costs.hpp"
#include "models/serving/fleet.hpp"
#include "models/serving/serving.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {

/// What an engine of the workload has and costs, on ranks of the system.
class ServedModel {
 public:
  /// All must outlive it. Throws std::invalid_argument where ranks cannot be placed.
  ServedModel(const ServingWorkload& workload, const Chip& chip, const topology::Wiring& wiring);

  [[nodiscard]] const CacheBudget& budget() const { return budget_; }
  [[nodiscard]] IterationCosts& costs() { return costs_; }
  /// Of an iteration with a prompt and requests that decode, each family once, by its name.
  [[nodiscard]] std::map<std::string, Kernel> kernels() const;
  [[nodiscard]] FleetRun serve(std::int64_t seed, Stepping stepping, Clock clock);

 private:
  const ServingWorkload& workload_;
  const Aggregated& deployment_;
  Placement placement_;
  CacheBudget budget_;
  EngineCosts costs_;
};

/// Prompt and answer of the longest request that can come.
int most_tokens(const ServingWorkload& workload);

}  // namespace superpod::models
