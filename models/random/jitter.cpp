#include "models/random/jitter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace superpod::models {
namespace {

constexpr double least_factor = 0.05;

/// Every bit of the result depends on every bit of `x`.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15U;  // 2^64 / phi, odd

}  // namespace

double normal_quantile(double tail) {
  const double q = std::min(tail, 1 - tail);
  const double t = std::sqrt(-2 * std::log(q));
  double z =
      t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  const double off = (0.5 * std::erfc(z / std::numbers::sqrt2) - q) * std::sqrt(2 * std::numbers::pi) *
                     std::exp(z * z / 2);  // over the density: Newton's step
  z += off / (1 - off * z / 2);
  return tail <= 0.5 ? z : -z;
}

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

double random_number(std::uint64_t stream, std::uint64_t index) {
  const std::uint64_t bits = mixed(stream + golden_ratio * (index + 1));
  return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

std::uint64_t stream(std::uint64_t seed, std::uint64_t index) {
  return mixed(mixed(seed + golden_ratio) + golden_ratio * (index + 1));
}

}  // namespace superpod::models
