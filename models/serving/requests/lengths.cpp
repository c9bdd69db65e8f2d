#include "models/serving/requests/lengths.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/random/random.hpp"

namespace superpod::models {
namespace {

/// P(Z > z) of a standard normal Z.
double tail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

struct Lognormal {
  explicit Lognormal(const LognormalLength& length)
      : s{std::sqrt(std::log1p(length.cv * length.cv))}, mu{std::log(length.mean) - s * s / 2} {}

  /// P(x > tokens), s > 0.
  [[nodiscard]] double above(double tokens) const { return tail((std::log(tokens) - mu) / s); }

  /// The mean of what is below `most`, and of `most` where x is above, s > 0.
  [[nodiscard]] double mean_up_to(double most) const {
    const double z = (std::log(most) - mu) / s;
    return std::exp(mu + s * s / 2) * tail(s - z) + most * tail(z);
  }

  double s, mu;
};

int within(double tokens, int most) {
  return static_cast<int>(std::clamp(std::nearbyint(tokens), 1.0, static_cast<double>(most)));
}

int drawn(const FixedLength& length, Random&) { return length.tokens; }

int drawn(const UniformLength& length, Random& random) {
  return length.low +
         static_cast<int>(random.below(static_cast<std::uint64_t>(length.high - length.low) + 1));
}

int drawn(const LognormalLength& length, Random& random) {
  const Lognormal x{length};
  return within(std::exp(x.mu + x.s * random.normal()), length.most);
}

double mean_of(const FixedLength& length) { return length.tokens; }

double mean_of(const UniformLength& length) { return (static_cast<double>(length.low) + length.high) / 2; }

/// 1, and for each further token the probability that a request has it. Beyond some thousands the sum is an
/// integral to a ten-thousandth, however narrow the distribution is.
double mean_of(const LognormalLength& length) {
  const Lognormal x{length};
  if (x.s == 0) return within(length.mean, length.most);
  constexpr int one_by_one = 8192;
  const int summed = std::min(length.most, one_by_one);
  double sum = 1;
  for (int token = 1; token < summed; ++token) sum += x.above(token + 0.5);
  return length.most == summed ? sum : sum + x.mean_up_to(length.most) - x.mean_up_to(summed);
}

int longest(const FixedLength& length) { return length.tokens; }
int longest(const UniformLength& length) { return length.high; }
int longest(const LognormalLength& length) { return length.most; }

}  // namespace

int draw(const Lengths& lengths, Random& random) {
  return std::visit([&](const auto& kind) { return drawn(kind, random); }, lengths);
}

double mean(const Lengths& lengths) {
  return std::visit([](const auto& kind) { return mean_of(kind); }, lengths);
}

int most(const Lengths& lengths) {
  return std::visit([](const auto& kind) { return longest(kind); }, lengths);
}

}  // namespace superpod::models
