#include "models/random/jitter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "models/random/random.hpp"

namespace superpod::models {
namespace {

constexpr double least_factor = 0.05;

}  // namespace

double factor(const Jitter& jitter, double tail) {
  const double spread = jitter.spread;
  switch (jitter.distribution) {
    case Jitter::Distribution::normal:
      return std::max(least_factor, 1 + spread * normal_quantile(tail));
    case Jitter::Distribution::lognormal: {
      const double variance = std::log1p(spread * spread);
      return std::exp(std::sqrt(variance) * normal_quantile(tail) - variance / 2);
    }
    case Jitter::Distribution::uniform:
      return 1 + std::numbers::sqrt3 * spread * (1 - 2 * tail);
    case Jitter::Distribution::exponential:
      return 1 + spread * (-std::log(tail) - 1);
  }
  throw std::logic_error{"jitter: a distribution without quantiles"};
}

double slowest(const Jitter& jitter, double npus, double u) {
  return factor(jitter, -std::expm1(std::log(u) / npus));
}

}  // namespace superpod::models
