/// NPUs that are alike and yet not equally fast: clocks, temperatures and voltages differ from chip to chip
/// and from step to step.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "sim/values/describe.hpp"

namespace superpod::models {

/// The time factor f of an NPU: all that it computes in a step takes f times as long. Drawn once a step,
/// independently for each NPU; its mean is 1 and its standard deviation `spread`:
///
///     normal       f = 1 + spread * z            z standard normal; above 0.05 (4.75 sigma at 0.2)
///     lognormal    f = exp(s z - s^2 / 2)        s^2 = ln(1 + spread^2)
///     uniform      f between 1 - and 1 + sqrt(3) * spread
///     exponential  f = 1 + spread * (e - 1)      e standard exponential: few are slow, by much
///
/// Valid: spread <= 0.2. The cut of the normal distribution moves its mean by less than 1e-7.
struct Jitter {
  enum class Distribution { normal, lognormal, uniform, exponential };
  Distribution distribution = Distribution::normal;
  double spread = 0.02;
  int samples = 16;

  static constexpr std::string_view kind = "jitter";
  static constexpr auto fields() {
    return std::tuple{
        optional("distribution", &Jitter::distribution,
                 "of the factor by which the computation of an NPU takes longer in a step; its mean is 1"),
        optional("spread", &Jitter::spread, "standard deviation of that factor",
                 Range{.low = 0, .high = 0.2}),
        optional("samples", &Jitter::samples, "steps that are drawn", between(2, 10000))};
  }
};

constexpr auto words(Jitter::Distribution) {
  using std::pair, std::string_view;
  using enum Jitter::Distribution;
  return std::array{pair{string_view{"normal"}, normal}, pair{string_view{"lognormal"}, lognormal},
                    pair{string_view{"uniform"}, uniform}, pair{string_view{"exponential"}, exponential}};
}

/// The factor that a share `tail` of all NPUs exceeds, 0 < tail < 1.
double factor(const Jitter& jitter, double tail);

/// The factor of the slowest of `npus` NPUs, by inversion: P(max <= x) = F(x)^n, so that max = F^-1(u^(1/n))
/// for u uniform in (0, 1). One draw, whatever the number of NPUs.
double slowest(const Jitter& jitter, double npus, double u);

}  // namespace superpod::models
