#include "models/serving/requests/requests.hpp"

#include <algorithm>
#include <numeric>

namespace superpod::models {
namespace {

using topology::Flaw;
using Flaws = std::vector<Flaw>;

void check(const FixedLength&, const std::string&, Flaws&) {}

void check(const UniformLength& length, const std::string& key, Flaws& found) {
  if (length.low > length.high)
    found.push_back({key + ".low",
                     std::to_string(length.low) + " tokens are more than the " + std::to_string(length.high) +
                         " of `high`",
                     "low <= high"});
}

void check(const LognormalLength& length, const std::string& key, Flaws& found) {
  if (length.most < length.mean)
    found.push_back({key + ".most",
                     "the longest has " + std::to_string(length.most) + " tokens, less than the mean",
                     "most requests would be cut off: a multiple of the mean"});
}

void check(const SyntheticRequests& source, const Requests& requests, Flaws& found) {
  std::visit([&](const auto& kind) { check(kind, "source.input_tokens", found); }, source.input_tokens);
  std::visit([&](const auto& kind) { check(kind, "source.output_tokens", found); }, source.output_tokens);
  if (!requests.stop.requests && !requests.stop.time)
    found.push_back(
        {"stop", "nothing says when no more requests come", "`stop` with requests, time or both"});
  if (std::holds_alternative<RecordedLoad>(requests.load))
    found.push_back({"load", "requests that are drawn were recorded nowhere",
                     "a source {kind: trace, ...}, or a load like {kind: poisson, rate: 10 1/s}"});
}

void check(const TraceRequests& source, const Requests&, Flaws& found) {
  if (source.file.empty()) found.push_back({"source.file", "a trace is a file, and this is no name", ""});
}

void check(const RampLoad& load, Flaws& found) {
  const auto& points = load.points;
  const auto earlier = [](const RampPoint& a, const RampPoint& b) { return a.time > b.time; };
  if (points.empty() || points.front().time > Seconds{}) {
    found.push_back({"load.points", "nothing says how many requests come at first", "a point at time 0"});
    return;
  }
  if (const auto at = std::ranges::adjacent_find(points, earlier); at != points.end())
    found.push_back({"load.points." + std::to_string(at - points.begin() + 1) + ".time",
                     "this point is earlier than the one before it", "points in order of time"});
  else if (load.repeat && *load.repeat < points.back().time)
    found.push_back({"load.repeat", "it all begins again before the last point is reached",
                     "at least the time of the last point"});
  else if (expected_requests(load) == 0)
    found.push_back({"load.points", "no request ever comes", "at least one rate above 0"});
}

template <class Other>
void check(const Other&, Flaws&) {}

/// None, where only the time ends it.
std::optional<std::int64_t> count(const Requests& requests) {
  const auto* trace = std::get_if<TraceRequests>(&requests.source);
  if (!trace || !trace->first) return requests.stop.requests;
  return std::min(*trace->first, requests.stop.requests.value_or(*trace->first));
}

}  // namespace

std::vector<Flaw> flaws(const Requests& requests) {
  Flaws found;
  std::visit([&](const auto& kind) { check(kind, requests, found); }, requests.source);
  std::visit([&](const auto& kind) { check(kind, found); }, requests.load);
  if (const auto most = count(requests); most && requests.warm_up >= *most)
    found.push_back({"warm_up",
                     "of " + std::to_string(*most) + " requests none is left to count when the first " +
                         std::to_string(requests.warm_up) + " are not",
                     "fewer than all"});
  return found;
}

int most_tokens(const SyntheticRequests& requests) {
  return most(requests.input_tokens) + most(requests.output_tokens);
}

int most_tokens(std::span<const Request> requests) {
  return std::transform_reduce(
      requests.begin(), requests.end(), 0, [](int a, int b) { return std::max(a, b); },
      [](const Request& request) { return request.input_tokens + request.output_tokens; });
}

}  // namespace superpod::models
