/// From a workload and a system to the engines that serve it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "models/serving/costs/cache_budget.hpp"
#include "models/serving/costs/engine_costs.hpp"
#include "models/serving/fleet.hpp"
#include "models/serving/serving.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {

/// What the engines of one pool have and cost, on ranks of the system.
class ServedPool {
 public:
  /// All must outlive it. Throws std::invalid_argument where ranks cannot be placed.
  ServedPool(const ServingWorkload& workload, const Pool& pool, const Chip& chip,
             const topology::Wiring& wiring);

  [[nodiscard]] const Pool& pool() const { return pool_; }
  [[nodiscard]] const CacheBudget& budget() const { return budget_; }
  [[nodiscard]] std::int64_t cache_tokens() const {
    return budget_.tokens(pool_.engine.value.block_tokens.value);
  }
  /// Of an iteration with a prompt and requests that decode, each family once, by its name.
  [[nodiscard]] std::map<std::string, Kernel> kernels() const;
  [[nodiscard]] Fleet fleet(Stepping stepping);

 private:
  const ServingWorkload& workload_;
  const Pool& pool_;
  Placement placement_;
  CacheBudget budget_;
  EngineCosts costs_;
};

/// All pools of a workload.
class ServedModel {
 public:
  ServedModel(const ServingWorkload& workload, const Chip& chip, const topology::Wiring& wiring);

  [[nodiscard]] const ServedPool& first() const { return first_; }
  [[nodiscard]] const std::optional<ServedPool>& second() const { return second_; }
  [[nodiscard]] FleetRun serve(std::int64_t seed, Stepping stepping, Clock clock);

 private:
  const ServingWorkload& workload_;
  const topology::Wiring& wiring_;
  ServedPool first_;
  std::optional<ServedPool> second_;
};

/// Prompt and answer of the longest request that can come.
int most_tokens(const ServingWorkload& workload);

}  // namespace superpod::models
