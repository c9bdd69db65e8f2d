/// A fabric as a value: how many NPUs there are on each level, and which networks join them.
///
/// An NPU's *address* is one digit a level, outermost first: (pod, cabinet, board, slot). Each network owns
/// some levels and joins the NPUs that differ on them; every level belongs to one network. Two kinds of
/// network:
///
/// - *positional* (full mesh, torus, rail-optimised Clos): joins NPUs of equal inner digits;
/// - *addressed* (switch, Clos, switched mesh, dragonfly): joins any two NPUs below it, whatever their inner
///   digits.
///
/// A route from a to b looks at the outermost level on which they differ and at the network that owns it. An
/// addressed network delivers straight to b. A positional one is crossed last, after the inner digits were
/// put right at the source: dimension order, innermost first (on rails: first to the NPU of the right rail,
/// then along the rail).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod::topology {

/// Work on a level takes time and memory in proportion to its size: more are levels of their own.
inline constexpr double most_of_a_level = 0x1p20;

struct Level {
  std::string name;
  int count = 1;

  static constexpr std::string_view kind = "level";
  static constexpr auto fields() {
    return std::tuple{required("name", &Level::name, "cluster's word for it: pod, cabinet, board, slot"),
                      required("count", &Level::count, "of these within one of the next outer level",
                               between(1, most_of_a_level))};
  }
};

/// Direct links between all NPUs that differ in one digit only; over several levels an nD full mesh (UB-Mesh,
/// HyperX).
struct FullMesh {
  std::string name;
  std::vector<std::string> levels;
  Sourced<BytesPerSecond> bandwidth;
  Sourced<Seconds> latency;
  Sourced<double> efficiency{1.0};

  static constexpr std::string_view kind = "full_mesh";
  static constexpr auto fields() {
    return std::tuple{required("name", &FullMesh::name, "how reports call this network"),
                      required("levels", &FullMesh::levels, "levels that it joins, one dimension each"),
                      required("bandwidth", &FullMesh::bandwidth,
                               "of the link between one pair, in one direction", positive),
                      required("latency", &FullMesh::latency, "of one hop", not_negative),
                      optional("efficiency", &FullMesh::efficiency,
                               "share of the bandwidth that payload gets", usable_share)};
  }
};

/// Each NPU is cabled to its two neighbours along each level, with wrap-around; one level is a ring.
struct Torus {
  std::string name;
  std::vector<std::string> levels;
  Sourced<BytesPerSecond> bandwidth;
  Sourced<Seconds> latency;
  Sourced<double> efficiency{1.0};

  static constexpr std::string_view kind = "torus";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Torus::name, "how reports call this network"),
        required("levels", &Torus::levels, "levels that it joins, one dimension each"),
        required("bandwidth", &Torus::bandwidth, "of one link, in one direction", positive),
        required("latency", &Torus::latency, "of one hop", not_negative),
        optional("efficiency", &Torus::efficiency, "share of the bandwidth that payload gets", usable_share)};
  }
};

/// One switch tier of a Clos below its top: switches that join the NPUs which agree down to `level`.
struct Tier {
  std::string level;
  double oversubscription = 1;

  static constexpr std::string_view kind = "tier";
  static constexpr auto fields() {
    return std::tuple{
        required("level", &Tier::level, "one switch group for each unit of this level, e.g. cabinet"),
        optional("oversubscription", &Tier::oversubscription, "bandwidth below over bandwidth above",
                 between(1, 1e6))};
  }
};

/// Tiers of switches, even split over planes and equal paths. Without tiers it is one (ideal) switch.
struct Clos {
  std::string name;
  std::vector<std::string> levels;
  Sourced<BytesPerSecond> bandwidth;
  Sourced<Seconds> latency;
  Sourced<double> efficiency{1.0};
  int planes = 1;
  std::vector<Tier> tiers;
  bool rails = false;

  static constexpr std::string_view kind = "clos";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Clos::name, "how reports call this network"),
        required("levels", &Clos::levels, "levels that it joins"),
        required("bandwidth", &Clos::bandwidth, "of one NPU over all planes, in one direction", positive),
        required("latency", &Clos::latency, "of one hop: NPU to switch, or switch to switch", not_negative),
        optional("efficiency", &Clos::efficiency, "share of the bandwidth that payload gets", usable_share),
        optional("planes", &Clos::planes, "parallel networks over which traffic is split evenly",
                 between(1, 1024)),
        optional("tiers", &Clos::tiers, "switch tiers below the top, lowest first; none: a single switch"),
        optional("rails", &Clos::rails, "one network for each inner position (rail-optimised)")};
  }
};

/// Units (racks) whose switches are joined pairwise by trunks along each level; each NPU has one link to its
/// unit's switch.
struct SwitchedMesh {
  std::string name;
  std::vector<std::string> levels;
  Sourced<BytesPerSecond> bandwidth;
  Sourced<BytesPerSecond> trunk;
  Sourced<Seconds> latency;
  Sourced<double> efficiency{1.0};

  static constexpr std::string_view kind = "switched_mesh";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &SwitchedMesh::name, "how reports call this network"),
        required("levels", &SwitchedMesh::levels, "levels that it joins, one dimension each"),
        required("bandwidth", &SwitchedMesh::bandwidth, "between one NPU and its switch, in one direction",
                 positive),
        required("trunk", &SwitchedMesh::trunk, "between two switches, in one direction", positive),
        required("latency", &SwitchedMesh::latency, "of one hop", not_negative),
        optional("efficiency", &SwitchedMesh::efficiency, "share of the bandwidth that payload gets",
                 usable_share)};
  }
};

/// Canonical dragonfly with minimal routes: groups of fully meshed routers, one global link for each pair of
/// groups.
///
/// `levels` names [group, router, terminal]; groups - 1 must be a multiple of routers. Router r of group g
/// holds the global links to groups g + r*h + j + 1 (mod groups), j < h = (groups - 1) / routers.
/// Source: Kim, Dally, Scott, Abts, "Technology-Driven, Highly-Scalable Dragonfly Topology", ISCA 2008.
struct Dragonfly {
  std::string name;
  std::vector<std::string> levels;
  Sourced<BytesPerSecond> bandwidth;
  Sourced<BytesPerSecond> local;
  Sourced<BytesPerSecond> global;
  Sourced<Seconds> latency;
  Sourced<double> efficiency{1.0};

  static constexpr std::string_view kind = "dragonfly";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Dragonfly::name, "how reports call this network"),
        required("levels", &Dragonfly::levels, "[group, router, terminal]"),
        required("bandwidth", &Dragonfly::bandwidth, "between one NPU and its router, in one direction",
                 positive),
        required("local", &Dragonfly::local, "between two routers of a group, in one direction", positive),
        required("global", &Dragonfly::global, "between two groups, in one direction", positive),
        required("latency", &Dragonfly::latency, "of one hop", not_negative),
        optional("efficiency", &Dragonfly::efficiency, "share of the bandwidth that payload gets",
                 usable_share)};
  }
};

/// The list of topologies, written once.
using Network = std::variant<FullMesh, Torus, Clos, SwitchedMesh, Dragonfly>;

struct Fabric {
  std::vector<Level> levels;          ///< outermost first
  std::vector<Network> networks;      ///< innermost first
  Sourced<Seconds> endpoint_latency;  ///< paid once by each message, whatever its route
};

inline constexpr int max_levels = 8;
inline constexpr int absent = -1;

/// [level] digits, outermost first; what lies beyond the fabric's levels is 0.
using Address = std::array<int, max_levels>;

/// NPUs of the fabric: the product of its levels' counts.
std::int64_t npus(const Fabric& fabric);

/// What is wrong with a fabric, in words for its author: each with the key it concerns (`networks.2.levels`,
/// ...).
struct Flaw {
  std::string key, message, help;
};
std::vector<Flaw> flaws(const Fabric& fabric);

}  // namespace superpod::topology
