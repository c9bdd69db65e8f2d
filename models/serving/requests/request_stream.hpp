/// The requests that are asked, one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/random/random.hpp"
#include "models/serving/requests/arrivals.hpp"
#include "models/serving/requests/requests.hpp"

namespace superpod::models {

/// Equal ones give equal requests. Each instance that gets a thinned load of its own has its own numbers.
struct StreamSeed {
  std::int64_t seed = 0;
  std::uint32_t instance = 0;
};

/// Dates, prompts and answers have random numbers of their own: another load leaves the lengths as they were,
/// and other prompts the answers.
/// Cost: constant memory (8 kB) beside the trace, some 20 ns a request of fixed lengths.
class RequestStream {
 public:
  /// The requests have no flaws. `trace` is what a source {kind: trace} names; it outlives the stream.
  RequestStream(const Requests& requests, StreamSeed seed, std::span<const Request> trace = {});

  /// In the order of their dates; nothing when no more come, and nothing of a closed loop, whose dates nobody
  /// knows before.
  std::optional<Request> next();

  /// One that is let in at a date: in a closed loop as many at 0 as are to be in flight, then one whenever
  /// one ends. Nothing when no more come.
  std::optional<Request> next_at(Seconds date);

 private:
  [[nodiscard]] Seconds next_date();

  RequestSource source_;
  std::optional<Arrivals> arrivals_;
  std::optional<double> time_scale_;  // of the dates in the trace, where they count
  std::span<const Request> trace_;
  Random inputs_, outputs_;
  std::int64_t left_;
  Seconds end_;
};

}  // namespace superpod::models
