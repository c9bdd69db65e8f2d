#include "models/random/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace superpod::models {
namespace {

/// Every bit of the result depends on every bit of `x`.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15U;  // 2^64 / phi, odd

/// The middle of one of 2^52 equal parts of (0, 1): never an end.
double within(std::uint64_t bits) { return (static_cast<double>(bits >> 12U) + 0.5) * 0x1p-52; }

std::mt19937_64 engine(std::int64_t seed, std::span<const std::uint32_t> words) {
  const auto bits = static_cast<std::uint64_t>(seed);
  std::vector<std::uint32_t> all{static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32U)};
  all.insert(all.end(), words.begin(), words.end());
  std::seed_seq sequence(all.begin(), all.end());  // specified to the bit, as the engine is
  return std::mt19937_64{sequence};
}

}  // namespace

Random::Random(std::int64_t seed, std::span<const std::uint32_t> words) : engine_{engine(seed, words)} {}

std::uint64_t Random::below(std::uint64_t end) {
  constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t excess = (top % end + 1) % end;  // 2^64 mod end
  std::uint64_t number = bits();
  while (number > top - excess) number = bits();
  return number % end;
}

double Random::normal() { return normal_quantile(within(bits())); }

double random_number(std::uint64_t stream, std::uint64_t index) {
  return within(mixed(stream + golden_ratio * (index + 1)));
}

std::uint64_t stream(std::uint64_t seed, std::uint64_t index) {
  return mixed(mixed(seed + golden_ratio) + golden_ratio * (index + 1));
}

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

}  // namespace superpod::models
