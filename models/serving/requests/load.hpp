/// When requests come.
#pragma once

#include <optional>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "sim/values/describe.hpp"

namespace superpod::models {

/// Many users who know nothing of each other: gaps are exponential.
struct PoissonLoad {
  Hertz rate;

  static constexpr std::string_view kind = "poisson";
  static constexpr auto fields() {
    return std::tuple{required("rate", &PoissonLoad::rate, "requests in a time", positive)};
  }
};

/// Gaps are independent and gamma distributed: of shape 1 / cv^2 and scale cv^2 / rate. Above a cv of 1
/// requests come in bursts, below they come more evenly than from a Poisson process.
struct GammaLoad {
  Hertz rate;
  double cv = 1;

  static constexpr std::string_view kind = "gamma";
  static constexpr auto fields() {
    return std::tuple{required("rate", &GammaLoad::rate, "requests in a time", positive),
                      required("cv", &GammaLoad::cv,
                               "coefficient of variation of the gaps between requests: 1 is Poisson, 0 one "
                               "request after the other in equal gaps",
                               between(0, 100))};
  }
};

struct RampPoint {
  Seconds time;
  Hertz rate;

  static constexpr std::string_view kind = "ramp_point";
  static constexpr auto fields() {
    return std::tuple{required("time", &RampPoint::time, "since the start; the first is 0", not_negative),
                      required("rate", &RampPoint::rate, "requests in a time, then", not_negative)};
  }
};

/// A Poisson process whose rate goes in straight lines from point to point; two points at one time are a
/// step. After the last point its rate stays, until `repeat` where that is given.
struct RampLoad {
  std::vector<RampPoint> points;
  std::optional<Seconds> repeat;

  static constexpr std::string_view kind = "ramp";
  static constexpr auto fields() {
    return std::tuple{required("points", &RampLoad::points, "times and the rates then, in order of time"),
                      optional("repeat", &RampLoad::repeat,
                               "after this time it all begins again, as day follows day", positive)};
  }
};

/// A client that keeps so many requests in flight: all of them at once at the start, and each that ends lets
/// the next one in. InferenceX measures so: `--request-rate inf --max-concurrency C`. What its client sends
/// to warm the server up is over before these begin, so that its burst counts (Requests::warm_up is 0).
struct ClosedLoad {
  int concurrency = 1;

  static constexpr std::string_view kind = "closed_loop";
  static constexpr auto fields() {
    return std::tuple{
        required("concurrency", &ClosedLoad::concurrency, "requests in flight", between(1, 0x1p24))};
  }
};

/// When they came where the trace was recorded.
struct RecordedLoad {
  double time_scale = 1;

  static constexpr std::string_view kind = "recorded";
  static constexpr auto fields() {
    return std::tuple{optional("time_scale", &RecordedLoad::time_scale,
                               "that gaps are multiplied with: 0.5 is twice the load", between(1e-6, 1e6))};
  }
};

/// Of one period, or, where nothing repeats, of all time: infinite unless the last rate is 0. The load has
/// points, in order of time.
double expected_requests(const RampLoad& load);

using RequestLoad = std::variant<PoissonLoad, GammaLoad, RampLoad, ClosedLoad, RecordedLoad>;

/// What is left of a load for one that gets each request with the probability `share`, independently of all
/// others; nothing where that is no load of these kinds. A Poisson process stays one, with part of its rate.
/// Source: Lewis & Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research
///         Logistics Quarterly 26(3), 1979, theorem 1.
std::optional<RequestLoad> thinned(const RequestLoad& load, double share);

}  // namespace superpod::models
