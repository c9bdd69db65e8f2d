/// From what breaks to links: a cable, a switch or a plane that is dead, as shares of links
/// (topology/routing/routes.hpp).
///
/// Traffic is spread evenly over the parallel cables and planes of a link, and after a fault over those that
/// are left: a link keeps the share of its bandwidth that its working cables have. All faults of one link
/// together leave
///
///     max(0, 1 - dead planes / planes - cables lost / cables) * product of the shares kept
///
/// Planes have numbers, so two dead switches of one plane at both ends of a link count once; cables that are
/// lost are taken to be in the planes that are left.
///
/// Assumes: what is left of a link can be used by all traffic that crosses it, whatever has failed elsewhere:
///          NPUs choose the planes of each message, and the planes that work at both of its ends carry as
///          much as the ends do.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "topology/routing/routes.hpp"

namespace superpod::topology {

/// An address that names no digit. A unit has digits on the outer levels only, a switch of a rail also on the
/// inner ones; those in between are `absent`.
inline constexpr Address nowhere = [] {
  Address address{};
  for (int& digit : address) digit = absent;
  return address;
}();

/// Outermost digits first; the others are `absent`.
Address unit(std::span<const int> digits);

/// What becomes of the cables between two ends; without `cables` and `share` all are cut. An end is an NPU,
/// or a unit: its switch (on rails without inner digits: of all rails); of a dragonfly a router, or for a
/// global link a group. One end alone: the link between it and the switch above. Two NPUs of a ring of two
/// are joined by two links: both.
struct CableFault {
  std::string network;
  std::optional<Address> from = {}, to = {};
  std::optional<int> cables = {};    ///< that are lost, of each direction
  std::optional<double> share = {};  ///< of the bandwidth that is kept, in [0, 1]
  bool one_way = false;              ///< only from `from` to `to`
};

/// The switches of one unit: of a Clos in some planes, of a switched mesh or dragonfly (one for each unit or
/// router, without planes) wholly. All links that begin or end there lose these planes; without planes they
/// are dead.
struct SwitchFault {
  std::string network;
  Address at =
      nowhere;  ///< the unit that they join; on rails without inner digits: the switches of all rails
  std::vector<int> planes = {};  ///< numbers of the planes, from 0; none: all
};

/// Whole planes of a Clos, everywhere.
struct PlaneFault {
  std::string network;
  int planes = 1;  ///< how many
};

struct HardwareFaults {
  std::vector<CableFault> cables = {};
  std::vector<SwitchFault> switches = {};
};

/// What is wrong with planes that are lost: each with the key it concerns (`planes.0.network`).
std::vector<Flaw> flaws(const Fabric& fabric, std::span<const PlaneFault> faults);

/// The fabric that is left without these planes: its Clos networks have less bandwidth, fewer cables and
/// planes. It has all the symmetry that it had. Faults of single cables and switches then refer to the planes
/// that are left. Throws std::invalid_argument with the first of flaws(fabric, faults), if there is any.
Fabric without(Fabric fabric, std::span<const PlaneFault> faults);

/// What is wrong with faults: each with the key it concerns (`cables.0.to`, `switches.2.at`).
std::vector<Flaw> flaws(const Wiring& wiring, const HardwareFaults& faults);

/// The links that have less than their bandwidth, each once, in the order of their keys.
/// Throws std::invalid_argument with the first of flaws(wiring, faults), if there is any.
/// Cost: proportional to the links at the ends of which something is broken.
std::vector<Degraded> degraded(const Wiring& wiring, const HardwareFaults& faults);

}  // namespace superpod::topology
