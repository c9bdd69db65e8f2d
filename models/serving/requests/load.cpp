#include "models/serving/requests/load.hpp"

#include <cstddef>
#include <limits>

namespace superpod::models {
namespace {

std::optional<RequestLoad> part_of(const PoissonLoad& load, double share) {
  return PoissonLoad{share * load.rate};
}

std::optional<RequestLoad> part_of(const RampLoad& load, double share) {
  RampLoad part = load;
  for (RampPoint& point : part.points) point.rate *= share;
  return part;
}

/// A random number of gamma gaps is no gamma gap, and who is in flight depends on all others.
template <class Other>
std::optional<RequestLoad> part_of(const Other&, double) {
  return std::nullopt;
}

}  // namespace

double expected_requests(const RampLoad& load) {
  const auto product = [](Hertz rate, Seconds time) { return rate.in(unit::Hz)*time.in(unit::s); };
  double sum = 0;
  for (std::size_t i = 1; i < load.points.size(); ++i) {
    const RampPoint &from = load.points[i - 1], &to = load.points[i];
    sum += product((from.rate + to.rate) / 2, to.time - from.time);
  }
  const RampPoint& last = load.points.back();
  if (load.repeat) return sum + product(last.rate, *load.repeat - last.time);
  return last.rate > Hertz{} ? std::numeric_limits<double>::infinity() : sum;
}

std::optional<RequestLoad> thinned(const RequestLoad& load, double share) {
  return std::visit([&](const auto& kind) { return part_of(kind, share); }, load);
}

}  // namespace superpod::models
