/// Engines that serve a stream of requests, on one clock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "models/serving/engine/instance.hpp"
#include "models/serving/measures/log_histogram.hpp"
#include "models/serving/requests/requests.hpp"
#include "models/serving/serving.hpp"
#include "sim/engine/clock.hpp"

namespace superpod::models {

/// One request, from its arrival to its last token.
struct ServedRequest {
  Request request;
  Seconds admitted, first_token, finished;
  int instance = 0;

  [[nodiscard]] Seconds ttft() const { return first_token - request.arrival; }
  [[nodiscard]] Seconds e2e() const { return finished - request.arrival; }
  /// (E2E - TTFT) / (output tokens - 1), as serving benchmarks define it; 0 where there is one token.
  [[nodiscard]] Seconds tpot() const {
    return request.output_tokens > 1 ? (finished - first_token) / (request.output_tokens - 1) : Seconds{};
  }
};

/// Of the requests that count: those after the warm-up.
struct ServiceMeasures {
  LogHistogram ttft, tpot, e2e, queue;  ///< the last: from arrival to admission
  double requests = 0, input_tokens = 0, output_tokens = 0;
  double kept = 0;     ///< that kept the service level
  Seconds begin, end;  ///< the first arrival, and the last token

  [[nodiscard]] Seconds duration() const { return end - begin; }
};

struct FleetRun {
  ServiceMeasures measures;
  InstanceTotals totals;             ///< of all instances together; most_running of one
  std::vector<ServedRequest> first;  ///< the first of those that count, at most `most_told`
  Seconds makespan;
};
inline constexpr std::size_t most_told = 20000;

/// Instances that are alike, in costs that they share.
struct Fleet {
  const ServingEngine& rules;
  IterationCosts& costs;
  std::int64_t blocks = 0;  ///< of each rank's cache
  int ranks = 1;            ///< of attention data parallelism, in each instance
  int instances = 1;
  Router router = Router::round_robin;
  Stepping stepping = Stepping::jumps;
};

/// What comes, and what counts.
struct Demand {
  const Requests& requests;
  std::span<const Request> trace;
  std::int64_t seed = 0;
  Seconds client_overhead;
  std::optional<ServiceLevel> slo;
};

/// Each arrival, and the end of each stretch of iterations, is a date of the clock: a router sees instances
/// as they are then. `progress` is called now and then with the requests that have ended.
/// Cost: some 1 us a request on SimGrid's clock; memory for requests in flight only.
FleetRun serve(const Fleet& fleet, const Demand& demand, Clock clock = Clock::simgrid);

}  // namespace superpod::models
