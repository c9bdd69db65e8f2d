#include "models/serving/requests/arrivals.hpp"

#include <algorithm>
#include <cmath>

namespace superpod::models {
namespace {

using unit::s, unit::Hz;

/// Uniform in (0, 1].
double above_zero(Random& random) { return 1 - random.uniform(); }

double exponential(Random& random) { return -std::log(above_zero(random)); }

/// Of shape >= 1 and scale 1.
double gamma_of_large(double shape, Random& random) {
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double z = random.normal(), root = 1 + c * z;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(above_zero(random)) < z * z / 2 + d * (1 - v + std::log(v))) return d * v;
  }
}

double gamma(double shape, Random& random) {
  if (shape >= 1) return gamma_of_large(shape, random);
  const double of_larger = gamma_of_large(shape + 1, random);
  return of_larger * std::pow(above_zero(random), 1 / shape);
}

}  // namespace

Seconds PoissonDates::next(Random& random) {
  now_ += exponential(random) * mean_gap_;
  return now_;
}

GammaDates::GammaDates(const GammaLoad& load)
    : shape_{load.cv < 1e-6 ? 0 : 1 / (load.cv * load.cv)}, mean_gap_{1 / load.rate.in(Hz)} {}

Seconds GammaDates::next(Random& random) {
  now_ += (shape_ == 0 ? 1 : gamma(shape_, random) / shape_) * mean_gap_;
  return now_;
}

Hertz RampDates::Piece::rate(Seconds passed) const {
  return length < never ? from + (to - from) * (passed / length) : from;
}

double RampDates::Piece::expected_after(Seconds passed) const {
  if (length == never) return from > Hertz{} ? never.in(s) : 0;
  return (rate(passed).in(Hz) + to.in(Hz)) / 2 * (length - passed).in(s);
}

Seconds RampDates::Piece::until(double expected, Seconds passed) const {
  const double r = rate(passed).in(Hz);
  const double slope = length < never ? (to - from).in(Hz) / length.in(s) : 0;
  const double sum = r + std::sqrt(std::max(0.0, r * r + 2 * slope * expected));
  return std::min(length - passed, sum > 0 ? 2 * expected / sum * s : Seconds{});
}

RampDates::RampDates(const RampLoad& load)
    : period_{load.repeat.value_or(Seconds{})}, expected_in_period_{expected_requests(load)} {
  const auto add = [&](const RampPoint& from, Seconds end, Hertz rate) {
    if (end > from.time) pieces_.push_back({from.time, end - from.time, from.rate, rate});
  };
  for (std::size_t i = 1; i < load.points.size(); ++i)
    add(load.points[i - 1], load.points[i].time, load.points[i].rate);
  add(load.points.back(), load.repeat.value_or(never), load.points.back().rate);
}

Seconds RampDates::next(Random& random) {
  double expected = exponential(random);
  if (period_ > Seconds{}) {
    const double rest = std::fmod(expected, expected_in_period_);
    periods_ += std::nearbyint((expected - rest) / expected_in_period_);
    expected = rest;
  }
  while (at_ < pieces_.size()) {
    const Piece& piece = pieces_[at_];
    if (const double left = piece.expected_after(passed_); expected < left) {
      passed_ += piece.until(expected, passed_);
      now_ = std::max(now_, periods_ * period_ + piece.begin + passed_);  // sums are rounded
      return now_;
    } else {
      expected -= left;
    }
    passed_ = {};
    if (++at_ == pieces_.size() && period_ > Seconds{}) at_ = 0, ++periods_;
  }
  return never;
}

}  // namespace superpod::models
