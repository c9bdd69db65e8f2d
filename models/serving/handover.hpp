/// The way of keys and values from engines that read prompts to engines that write answers.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/values/units.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {

/// Engines of one kind, as they lie on a system: `instances * groups * tensor` NPUs, one after the other,
/// from number `first` on; numbers count the innermost level first.
struct PoolPlace {
  std::int64_t first = 0;
  int instances = 1;
  int groups = 1;  ///< of attention data parallelism in each
  int tensor = 1;  ///< ranks of a group

  [[nodiscard]] std::int64_t npus() const { return std::int64_t{instances} * groups * tensor; }
};

/// Each rank of the receiving group gets what it will read from one rank of the sending group: a flow each,
/// over the links between these NPUs, which all handovers share.
class HandoverRoutes {
 public:
  /// Throws topology::Unreachable.
  /// Cost: a route for each pair of groups; some microseconds for each of its flows.
  HandoverRoutes(const topology::Wiring& wiring, const PoolPlace& from, const PoolPlace& to);

  [[nodiscard]] const Platform& platform() const { return platform_; }
  /// From a group of an instance to one of another pool.
  [[nodiscard]] RouteId route(std::int64_t from_group, std::int64_t to_group) const {
    return static_cast<RouteId>(from_group * to_groups_ + to_group);
  }
  /// Of one flow that has the links to itself.
  [[nodiscard]] BytesPerSecond idle_rate(RouteId route) const {
    return idle_rates_[static_cast<std::size_t>(route)];
  }

 private:
  Platform platform_;
  std::int64_t to_groups_;
  std::vector<BytesPerSecond> idle_rates_;  // [route]
};

/// Pairs of groups that may be joined: their routes take some 100 MB.
inline constexpr double most_handover_routes = 0x1p19;

}  // namespace superpod::models
