/// All shortest ways between two nodes of a network, around the links that are dead.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// A link, and which share of a message's bytes crosses it.
struct Hop {
  LinkKey link;
  double share = 1;
};

/// Links without any bandwidth, by family.
class DeadLinks {
 public:
  explicit DeadLinks(const Wiring& wiring) : of_family_(wiring.link_families().size()) {}

  void add(const LinkKey& link) {
    auto& links = of_family_[static_cast<std::size_t>(link.family)];
    links.insert(std::ranges::lower_bound(links, link), link);
  }
  [[nodiscard]] bool contains(const LinkKey& link) const {
    const auto& links = of_family_[static_cast<std::size_t>(link.family)];
    return !links.empty() && std::ranges::binary_search(links, link);
  }

 private:
  std::vector<std::vector<LinkKey>> of_family_;  // [family] in order
};

/// One way, or equally long ones over which a message is spread evenly.
struct Ways {
  std::vector<Hop> hops;  ///< each link once
  int links = 0;          ///< of each way
  Seconds latency;        ///< of the links of the slowest way
};

/// One way: these links, in order.
Ways one_way(const Wiring& wiring, const std::vector<LinkKey>& links);

/// First the ones, then the others. Assumes: they have no link in common.
Ways then(Ways first, const Ways& second);

/// Equally long ways, equal parts of the message on each.
Ways spread(const std::vector<Ways>& alternatives);

/// All shortest ways from one node to another over working links that join nodes of their family within
/// `network` (a full mesh, a torus, the trunks of a switched mesh, the local and global links of a
/// dragonfly), each with an equal part of the message; nothing if there is none. A link's share is the number
/// of shortest ways through it over that of all: this is unchanged by every symmetry of the network that maps
/// dead links to dead links. Whatever the nodes' other digits are, they stay.
/// Method: breadth-first search that counts ways, then the shares from the end back to the start.
/// Source: Brandes, "A faster algorithm for betweenness centrality", J. Mathematical Sociology 25(2), 2001,
///         for the counts; that meshes use all paths: Liao et al., "UB-Mesh: a Hierarchically Localized
///         nD-FullMesh Datacenter Network Architecture", arXiv 2503.20377, 2025 (all-path routing), of which
///         this is the case of equal shortest paths.
/// Cost: O(links of the nodes on ways that are at most two links longer than without dead links), if there is
///       one; else O(links of the lattice that the network's own digits span).
std::optional<Ways> shortest_ways(const Wiring& wiring, const DeadLinks& dead, int network,
                                  const NodeKey& from, const NodeKey& to);

}  // namespace superpod::topology
