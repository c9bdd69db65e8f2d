/// The nodes and directed links of a fabric, by families, without listing them; and the routes over them.
///
/// A family is what a network has one of for each value of certain digits: an uplink for each NPU, a trunk
/// for each cabinet, a mesh link for each pair of slots of a board. A key names one member. Nothing here
/// grows with the fabric.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/values/units.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::topology {

struct NodeFamily {
  std::string name;                    ///< `NPU`, or the network's name and the tier
  int network = absent;                ///< index into Fabric::networks; absent: the NPUs
  std::array<bool, max_levels> has{};  ///< which digits tell its members apart
};

struct LinkFamily {
  /// How `from` and `to` differ.
  enum class Kind {
    mesh,      ///< on the digit of `level`: one link for each ordered pair of values
    next,      ///< one step up along the ring of `level`
    previous,  ///< one step down along it
    up,        ///< from a node to the switch above it
    down,      ///< from a switch to a node below it
    global,    ///< dragonfly: from a group to the group `extra` + 1 further
  };
  std::string name;  ///< network's name and what it is: `board mesh slot`, `pod clos up cabinet`
  int network = 0;
  Kind kind = Kind::mesh;
  int from = 0, to = 0;                ///< node families
  int level = absent;                  ///< of the pair, ring or group
  int extras = 1;                      ///< members that share all digits (global links of a group)
  std::array<bool, max_levels> has{};  ///< which digits tell its members apart
  BytesPerSecond bandwidth;            ///< payload, of one member: all its parallel cables together
  Seconds latency;
  double cables = 1;  ///< parallel physical links in one member, over which traffic is split evenly
};

struct NodeKey {
  int family = 0;
  Address at{};  ///< digits that the family has; the others are `absent`
  auto operator<=>(const NodeKey&) const = default;
};

struct LinkKey {
  int family = 0;
  Address
      at{};  ///< digits that the family has, of the `from` end (a link down: of the lower end), else `absent`
  int other = absent;  ///< mesh: the digit of the `to` end on the family's level; global: which of the extras
  auto operator<=>(const LinkKey&) const = default;
};

class Wiring {
 public:
  /// Throws std::invalid_argument with the first of flaws(fabric), if there is any.
  explicit Wiring(const Fabric& fabric);

  [[nodiscard]] const Fabric& fabric() const { return fabric_; }
  [[nodiscard]] int levels() const { return static_cast<int>(fabric_.levels.size()); }
  [[nodiscard]] int count(int level) const { return fabric_.levels[static_cast<std::size_t>(level)].count; }
  [[nodiscard]] const std::vector<NodeFamily>& node_families() const {
    return nodes_;
  }  ///< family 0: the NPUs
  [[nodiscard]] const std::vector<LinkFamily>& link_families() const { return links_; }
  [[nodiscard]] double members(const NodeFamily& family) const;
  [[nodiscard]] double members(const LinkFamily& family) const;

  [[nodiscard]] std::pair<NodeKey, NodeKey> ends(const LinkKey& link) const;

  /// The links that a message crosses from one NPU to another, in order; see fabric.hpp for the rule.
  [[nodiscard]] std::vector<LinkKey> route(const Address& from, const Address& to) const;

  /// The part of a route on which one network takes a message between two NPUs: positional, they differ on
  /// its levels only; addressed, also on those within.
  [[nodiscard]] std::vector<LinkKey> crossing(int network, const Address& from, const Address& to) const;

  /// Latency of a route: the endpoints' and that of each hop.
  [[nodiscard]] Seconds latency(const std::vector<LinkKey>& route) const;

  /// Which permutations of a level's digit leave the wiring and the routes as they are.
  enum class Symmetry { all, rotations, none };
  [[nodiscard]] Symmetry symmetry(int level) const { return symmetry_[static_cast<std::size_t>(level)]; }

  /// Network that owns a level, as an index into Fabric::networks.
  [[nodiscard]] int network_of(int level) const { return network_of_[static_cast<std::size_t>(level)]; }

  /// Whether a network joins only NPUs of equal inner digits (fabric.hpp).
  [[nodiscard]] bool is_positional(int network) const {
    return networks_[static_cast<std::size_t>(network)].positional;
  }

  /// The outermost and the innermost level that a network owns.
  [[nodiscard]] std::pair<int, int> levels_of(int network) const {
    const Network& its = networks_[static_cast<std::size_t>(network)];
    return {its.outer, its.inner};
  }

 private:
  struct Network {
    int outer = 0, inner = 0;  // levels that it owns
    bool positional = false;
    int first_link = 0;  // its link families, in the order in which its builder adds them
    int first_node = 0;
    int tiers = 0;  // Clos: below the top
  };
  void add(const FullMesh& mesh, int network);
  void add(const Torus& torus, int network);
  void add(const Clos& clos, int network);
  void add(const SwitchedMesh& mesh, int network);
  void add(const Dragonfly& dragonfly, int network);
  void add_up_and_down(LinkFamily up);  ///< a family of links up, and the one of those that lead back

  void cross(int network, const Address& from, const Address& to, std::vector<LinkKey>& route) const;
  void cross_clos(const Network& clos, const Address& from, const Address& to,
                  std::vector<LinkKey>& route) const;
  void cross_dragonfly(const Network& d, const Address& from, const Address& to,
                       std::vector<LinkKey>& route) const;
  [[nodiscard]] LinkKey link(int family, const Address& from, int other = absent) const;
  [[nodiscard]] int level_named(const std::string& name) const;

  Fabric fabric_;
  std::vector<NodeFamily> nodes_;
  std::vector<LinkFamily> links_;
  std::vector<Network> networks_;
  std::vector<int> network_of_;     // [level]
  std::vector<Symmetry> symmetry_;  // [level]
};

}  // namespace superpod::topology
