#include "models/serving/requests/load.hpp"

namespace superpod::models {
namespace {

std::optional<Load> part_of(const PoissonLoad& load, double share) { return PoissonLoad{share * load.rate}; }

std::optional<Load> part_of(const RampLoad& load, double share) {
  RampLoad part = load;
  for (RampPoint& point : part.points) point.rate *= share;
  return part;
}

/// A random number of gamma gaps is no gamma gap, and who is in flight depends on all others.
template <class Other>
std::optional<Load> part_of(const Other&, double) {
  return std::nullopt;
}

}  // namespace

std::optional<Load> thinned(const Load& load, double share) {
  return std::visit([&](const auto& kind) { return part_of(kind, share); }, load);
}

}  // namespace superpod::models
