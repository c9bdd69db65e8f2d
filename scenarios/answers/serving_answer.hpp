/// What the run of a serving found.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "models/serving/costs/cache_budget.hpp"
#include "models/serving/fleet.hpp"
#include "models/serving/serving.hpp"

namespace superpod::scenarios {

/// What keeps requests from being answered faster, or more of them.
enum class Limit {
  cache,      ///< requests wait for room in the cache
  slots,      ///< ... for one of the engine's places
  prompts,    ///< ... for the prompts before theirs
  attention,  ///< the largest part of busy iterations, from here on
  products,
  experts,
  exchange,
  head,
  host,
};

struct ServingAnswer {
  std::string system, model, engine;
  double npus = 0, npus_of_system = 0, instances = 1;
  models::CacheBudget budget;
  std::int64_t kv_tokens = 0;  ///< of each tensor group
  int max_running = 0;
  models::FleetRun run;
  /// The same with all kernels faster, and slower, by the error that their timings are expected to have;
  /// none where that is not known.
  std::optional<std::array<models::FleetRun, 2>> off;
  std::optional<models::ServiceLevel> slo;

  [[nodiscard]] Limit limit() const;
  [[nodiscard]] double attainment() const;  ///< share of the requests that keep the service level
};

}  // namespace superpod::scenarios
