/// Engines that serve a stream of requests, on one clock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "models/serving/handover.hpp"
#include "models/serving/instances.hpp"
#include "models/serving/measures/log_histogram.hpp"
#include "models/serving/requests/requests.hpp"
#include "models/serving/serving.hpp"
#include "sim/engine/clock.hpp"

namespace superpod::models {

/// One request, from its arrival to its last token.
struct ServedRequest {
  Request request;
  Seconds admitted, first_token, finished;
  int instance = 0;       ///< that read the prompt
  Seconds handed_over{};  ///< keys and values have come to another, which ...
  int decoded_by = -1;    ///< ... this is; -1: none
  Seconds decode_admitted{}, handover{};

  [[nodiscard]] Seconds ttft() const { return first_token - request.arrival; }
  [[nodiscard]] Seconds e2e() const { return finished - request.arrival; }
  /// (E2E - TTFT) / (output tokens - 1), as serving benchmarks define it; 0 where there is one token.
  [[nodiscard]] Seconds tpot() const {
    return request.output_tokens > 1 ? (finished - first_token) / (request.output_tokens - 1) : Seconds{};
  }
};

/// Of the requests that count: those after the warm-up.
struct ServiceMeasures {
  LogHistogram ttft, tpot, e2e;
  LogHistogram queue;         ///< from arrival to admission
  LogHistogram handover;      ///< from the first token until keys and values are where the next is made ...
  LogHistogram decode_queue;  ///< ... and on until an iteration begins that makes it
  double requests = 0, input_tokens = 0, output_tokens = 0;
  double kept = 0;     ///< that kept the service level
  Seconds begin, end;  ///< the first arrival, and the last token

  [[nodiscard]] Seconds duration() const { return end - begin; }
};

struct FleetRun {
  ServiceMeasures measures;
  InstanceTotals totals;  ///< of all instances together; most_running of one
  std::optional<InstanceTotals>
      decode;                        ///< where others write the answers: of these, and `totals` of the first
  std::vector<ServedRequest> first;  ///< the first of those that count, at most `most_told`
  Seconds makespan;
};
inline constexpr std::size_t most_told = 20000;

/// Other engines that write the answers, and the way there.
struct Handover {
  Fleet decode;
  const HandoverRoutes& routes;
  std::function<Bytes(int tokens)> flow;  ///< of a prompt's keys and values, to one rank
  int layers = 1;
  bool layerwise = true;
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
/// as they are then. `stream_interval` delays first tokens by as many of the request's mean gaps.
/// Cost: some 1 us a request; memory for requests in flight only.
FleetRun serve(const Fleet& fleet, const Demand& demand, Clock clock = Clock::simgrid);

/// With answers written elsewhere. A handover begins with the first token: what is left of it where layers go
/// one by one is the last layer, or what the idle way has not carried since the prompt was admitted. It takes
/// the way's latency, and shares links max-min fairly with all others. Groups of an instance take turns.
/// Leaves out: the blocks of the sender, which are free with the first token.
FleetRun serve(const Fleet& prefill, const Handover& handover, const Demand& demand,
               Clock clock = Clock::simgrid);

}  // namespace superpod::models
