/// Where messages go when some links are slow or dead.
#pragma once

#include <map>
#include <span>
#include <stdexcept>
#include <vector>

#include "topology/wiring.hpp"

namespace superpod::topology {

/// A link that has only a share of its bandwidth; 0: it is dead. Traffic is split evenly over the parallel cables of a
/// link, so where single cables are dead the others carry their part too: the share is that of the cables left.
struct Degraded {
  LinkKey link;
  double share = 1;
};

/// The links that a message crosses, and which share of its bytes crosses each.
struct Path {
  struct Hop {
    LinkKey link;
    double share = 1;
  };
  std::vector<Hop> hops;
  Seconds latency;  ///< of the endpoints and the longest way
};

/// No way is left from one NPU to another; says between which two, and which dead link is in the way.
struct Unreachable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The routes of a wiring (wiring.hpp), around the links that are dead.
class Routes {
 public:
  /// `wiring` must outlive the routes.
  explicit Routes(const Wiring& wiring, std::span<const Degraded> degraded = {});

  [[nodiscard]] const Wiring& wiring() const { return wiring_; }
  [[nodiscard]] const std::map<LinkKey, double>& degraded() const { return share_of_; }

  /// Throws Unreachable.
  [[nodiscard]] Path path(const Address& from, const Address& to) const;

 private:
  const Wiring& wiring_;
  std::map<LinkKey, double> share_of_;
};

}  // namespace superpod::topology
