/// Where messages go when some links are slow or dead.
///
/// A message takes its wiring's route (fabric.hpp) as long as every link of it works. Where one is dead:
///
/// - The crossing of a full mesh, torus, switched mesh or dragonfly goes over all shortest ways that work
///   between the same two nodes within this network, evenly (topology/routing/ways.hpp). The link of an NPU
///   to its switch has no way around.
/// - A Clos has no way around a dead link: it is a whole bundle of cables, that of all planes. On rails the
///   message goes over other rails: by the inner networks to the NPU of that rail, along it, and by the inner
///   networks to its goal, evenly over those rails that make the way shortest (in links).
/// - Else there is no way: Unreachable.
///
/// Nothing in this rule tells apart what a symmetry of the wiring that keeps the dead links does not: routes
/// of images are images of routes. So folding (topology/folding/folding.hpp) stays exact when the digits of
/// each degraded link are singled out.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <variant>
#include <vector>

#include "topology/fabric/wiring.hpp"
#include "topology/routing/ways.hpp"

namespace superpod::topology {

/// A link that has only a share of its bandwidth; 0: it is dead. Traffic is split evenly over the parallel
/// cables of a link, so where single cables are dead the others carry their part too: the share is that of
/// the cables left.
struct Degraded {
  LinkKey link;
  double share = 1;
};

/// The links that a message crosses, and which share of its bytes crosses each.
struct Path {
  using Hop = topology::Hop;
  std::vector<Hop> hops;  ///< each link once; of a single way in order
  Seconds latency;        ///< of the endpoints and the longest way
};

/// No way is left from one NPU to another; says between which two, and which dead link is in the way.
struct Unreachable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The routes of a wiring (wiring.hpp), around the links that are dead.
class Routes {
 public:
  /// `wiring` must outlive the routes. Of a link that is listed twice the shares multiply.
  explicit Routes(const Wiring& wiring, std::span<const Degraded> degraded = {});

  [[nodiscard]] const Wiring& wiring() const { return wiring_; }
  [[nodiscard]] const std::map<LinkKey, double>& degraded() const { return share_of_; }

  /// Throws Unreachable.
  [[nodiscard]] Path path(const Address& from, const Address& to) const;

 private:
  using Found = std::variant<Ways, LinkKey>;  // the ways, or the dead link that nothing leads around

  [[nodiscard]] Found ways(const Address& from, const Address& to) const;
  [[nodiscard]] Found crossing(int network, const Address& from, const Address& to) const;
  [[nodiscard]] std::optional<Ways> over_rails(int network, const Address& from, const Address& to) const;

  const Wiring& wiring_;
  std::map<LinkKey, double> share_of_;
  DeadLinks dead_;
};

}  // namespace superpod::topology
