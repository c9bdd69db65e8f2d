/// What the run of a serving found.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/serving/costs/cache_budget.hpp"
#include "models/serving/fleet.hpp"
#include "models/serving/serving.hpp"

namespace superpod::scenarios {

/// What keeps requests from being answered faster, or more of them.
enum class Limit {
  cache,      ///< requests wait for room in the cache
  slots,      ///< ... for one of the engine's places
  prompts,    ///< ... for the prompts before theirs
  handover,   ///< ... for their keys and values to come
  attention,  ///< the largest part of busy iterations, from here on
  products,
  experts,
  exchange,
  head,
  host,
};

/// Engines that are alike.
struct PoolAnswer {
  std::string name;  ///< what they do: `prefill`, `decode`; empty where they do all
  std::string engine;
  double npus = 0, instances = 1;
  models::CacheBudget budget;
  std::int64_t kv_tokens = 0;  ///< of each tensor group
  int places = 0;              ///< for running requests, in each instance
};

struct ServingAnswer {
  std::string system, model;
  std::vector<PoolAnswer> pools;  ///< one, or those that read prompts and those that write answers
  models::FleetRun run;
  /// The same with all kernels faster, and slower, by the error that their timings are expected to have;
  /// none where that is not known.
  std::optional<std::array<models::FleetRun, 2>> off;
  std::optional<models::ServiceLevel> slo;

  [[nodiscard]] double npus() const;
  [[nodiscard]] const models::InstanceTotals& totals(std::size_t pool) const {
    return pool == 0 ? run.totals : *run.decode;
  }
  /// What is in the way, and in which pool.
  struct Bound {
    Limit limit;
    std::size_t pool;
  };
  [[nodiscard]] Bound bound() const;
  [[nodiscard]] double attainment() const;  ///< share of the requests that keep the service level
};

/// Of the pool that writes answers.
const models::InstanceTotals& writing_totals(const models::FleetRun& run);

}  // namespace superpod::scenarios
