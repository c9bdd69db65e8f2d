#include "topology/ways.hpp"

#include <map>
#include <stdexcept>

#include "topology/node_links.hpp"

namespace superpod::topology {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

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
  const Lattice lattice{wiring, network, from};
  const std::size_t goal = lattice.number(to);
  std::vector<Reached> reached(lattice.size());
  std::vector<Step> steps;  // in the order of their distance
  std::vector<NodeKey> queue{from};
  reached[lattice.number(from)] = {.links = 0, .ways = 1, .part = 0, .latency = {}};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const NodeKey node = queue[next];
    const std::size_t here = lattice.number(node);
    const Reached at = reached[here];
    if (reached[goal].links != absent && at.links >= reached[goal].links) break;
    lattice.leave(node, [&](const LinkKey& link) {
      if (dead.contains(link)) return;
      const NodeKey neighbour = wiring.ends(link).second;
      const std::size_t there = lattice.number(neighbour);
      Reached& its = reached[there];
      if (its.links == absent) {
        its.links = at.links + 1;
        queue.push_back(neighbour);
      }
      if (its.links != at.links + 1) return;
      its.ways += at.ways;
      its.latency = std::max(its.latency, at.latency + wiring.link_families()[index(link.family)].latency);
      steps.push_back({link, here, there});
    });
  }
  if (reached[goal].links == absent) return std::nullopt;

  Ways result{{}, reached[goal].links, reached[goal].latency};
  reached[goal].part = 1;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const Step& step = steps[i];
    if (reached[step.to].part == 0) continue;
    const double share = reached[step.to].part * reached[step.from].ways / reached[step.to].ways;
    reached[step.from].part += share;
    result.hops.push_back({step.link, share});
  }
  std::ranges::reverse(result.hops);
  return result;
}

}  // namespace superpod::topology
