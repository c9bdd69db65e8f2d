#include "topology/routing/ways.hpp"

#include <climits>
#include <map>
#include <stdexcept>

#include "sim/values/index.hpp"
#include "topology/fabric/node_links.hpp"

namespace superpod::topology {
namespace {

using Kind = LinkFamily::Kind;

/// The nodes that differ from one another on a network's own digits only.
class Lattice {
 public:
  Lattice(const Wiring& wiring, int network, const NodeKey& node) : wiring_{wiring} {
    const NodeFamily& nodes = wiring.node_families()[index(node.family)];
    const auto [outer, inner] = wiring.levels_of(network);
    for (int level = outer; level <= inner; ++level)
      if (nodes.has[index(level)]) {
        levels_.push_back(level);
        size_ *= index(wiring.count(level));
      }
    for (int f = 0; f < static_cast<int>(wiring.link_families().size()); ++f) {
      const LinkFamily& family = wiring.link_families()[index(f)];
      if (family.network == network && family.from == node.family && family.to == node.family)
        families_.push_back(f);
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] std::size_t number(const NodeKey& node) const {
    std::size_t number = 0;
    for (const int level : levels_)
      number = number * index(wiring_.count(level)) + index(node.at[index(level)]);
    return number;
  }

  /// Links that lie between two nodes at least, were none of them dead.
  [[nodiscard]] int distance(const NodeKey& from, const NodeKey& to) const {
    int sum = 0;
    bool shortcuts = false;  // one link may change several digits
    for (const int f : families_) {
      const LinkFamily& family = wiring_.link_families()[index(f)];
      shortcuts = shortcuts || family.kind == Kind::global;
      const int size = wiring_.count(family.level);
      const int ahead = (to.at[index(family.level)] - from.at[index(family.level)] + size) % size;
      if (family.kind == Kind::mesh) sum += ahead == 0 ? 0 : 1;
      if (family.kind == Kind::next) sum += std::min(ahead, size - ahead);
    }
    return shortcuts ? (from == to ? 0 : 1) : sum;
  }

  /// Calls visit(link) for each link that leaves a node.
  template <class Visit>
  void leave(const NodeKey& node, Visit&& visit) const {
    for (const int family : families_) for_links_from(wiring_, family, node, visit);
  }

 private:
  const Wiring& wiring_;
  std::vector<int> levels_;
  std::vector<int> families_;
  std::size_t size_ = 1;
};

/// The shortest ways from one node to another.
class Search {
 public:
  Search(const Wiring& wiring, const DeadLinks& dead, int network, const NodeKey& from, const NodeKey& to)
      : wiring_{wiring}, dead_{dead}, lattice_{wiring, network, from}, from_{from}, to_{to} {}

  /// All of them, or none where they are longer than `most` links: nodes on no way that short are left out.
  [[nodiscard]] std::optional<Ways> ways(int most) {
    reached_.assign(lattice_.size(), {});
    reached_[lattice_.number(from_)] = {.links = 0, .ways = 1, .part = 0, .latency = {}};
    queue_ = {from_};
    steps_.clear();
    const std::size_t goal = lattice_.number(to_);
    for (std::size_t next = 0; next < queue_.size(); ++next) {
      const NodeKey node = queue_[next];
      const int links = reached_[lattice_.number(node)].links;
      if (reached_[goal].links != absent && links >= reached_[goal].links) break;
      leave(node, most);
    }
    if (reached_[goal].links == absent) return std::nullopt;
    return Ways{shares(goal), reached_[goal].links, reached_[goal].latency};
  }

  [[nodiscard]] int distance() const { return lattice_.distance(from_, to_); }

 private:
  struct Reached {
    int links = absent;  // from the start; absent: not reached
    double ways = 0;     // shortest ones that lead here
    double part = 0;     // of the message that passes
    Seconds latency;     // of the slowest of these ways
  };
  struct Step {
    LinkKey link;
    std::size_t from = 0, to = 0;
  };

  void leave(const NodeKey& node, int most) {
    const std::size_t here = lattice_.number(node);
    const Reached at = reached_[here];
    lattice_.leave(node, [&](const LinkKey& link) {
      if (dead_.contains(link)) return;
      const NodeKey neighbour = wiring_.ends(link).second;
      const std::size_t there = lattice_.number(neighbour);
      Reached& its = reached_[there];
      if (its.links == absent) {
        if (lattice_.distance(neighbour, to_) > most - at.links - 1) return;
        its.links = at.links + 1;
        queue_.push_back(neighbour);
      }
      if (its.links != at.links + 1) return;
      its.ways += at.ways;
      its.latency = std::max(its.latency, at.latency + wiring_.link_families()[index(link.family)].latency);
      steps_.push_back({link, here, there});
    });
  }

  /// From the end back to the start: of what passes a node, each way that leads there brings an equal part.
  [[nodiscard]] std::vector<Hop> shares(std::size_t goal) {
    std::vector<Hop> hops;
    reached_[goal].part = 1;
    for (std::size_t i = steps_.size(); i-- > 0;) {
      const auto& [link, from, to] = steps_[i];
      if (reached_[to].part == 0) continue;
      const double share = reached_[to].part * reached_[from].ways / reached_[to].ways;
      reached_[from].part += share;
      hops.push_back({link, share});
    }
    std::ranges::reverse(hops);
    return hops;
  }

  const Wiring& wiring_;
  const DeadLinks& dead_;
  Lattice lattice_;
  NodeKey from_, to_;
  std::vector<Reached> reached_;  // [number of a node]
  std::vector<NodeKey> queue_;    // by distance
  std::vector<Step> steps_;       // links of shortest ways, by distance
};

}  // namespace

Ways one_way(const Wiring& wiring, const std::vector<LinkKey>& links) {
  Ways ways;
  ways.links = static_cast<int>(links.size());
  for (const LinkKey& link : links) {
    ways.hops.push_back({link, 1});
    ways.latency += wiring.link_families()[index(link.family)].latency;
  }
  return ways;
}

Ways then(Ways first, const Ways& second) {
  first.hops.insert(first.hops.end(), second.hops.begin(), second.hops.end());
  first.links += second.links;
  first.latency += second.latency;
  return first;
}

Ways spread(const std::vector<Ways>& alternatives) {
  if (alternatives.empty()) throw std::logic_error{"ways: nothing to spread a message over"};
  Ways all{{}, alternatives.front().links, alternatives.front().latency};
  std::map<LinkKey, std::size_t> position;
  for (const Ways& ways : alternatives) {
    all.latency = std::max(all.latency, ways.latency);
    for (const auto& [link, share] : ways.hops) {
      const auto [at, added] = position.try_emplace(link, all.hops.size());
      if (added) all.hops.push_back({link, 0});
      all.hops[at->second].share += share;
    }
  }
  for (Hop& hop : all.hops) hop.share /= static_cast<double>(alternatives.size());
  return all;
}

std::optional<Ways> shortest_ways(const Wiring& wiring, const DeadLinks& dead, int network,
                                  const NodeKey& from, const NodeKey& to) {
  Search search{wiring, dead, network, from, to};
  const int distance = search.distance();
  for (const int most :
       {distance, distance + 1, distance + 2})  // nearly always one of these, and far fewer nodes
    if (auto found = search.ways(most)) return found;
  return search.ways(INT_MAX);
}

}  // namespace superpod::topology
