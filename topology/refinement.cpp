#include "topology/refinement.hpp"

#include <algorithm>
#include <compare>
#include <map>
#include <numeric>
#include <queue>
#include <span>

namespace superpod::topology {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Routes and links as the vertices of one graph, and how often each crosses, or is crossed by, each other.
struct Crossings {
  struct Neighbour {
    int vertex = 0;
    double weight = 0;
  };
  std::vector<Neighbour> neighbours;  // of all vertices in turn
  std::vector<std::size_t> first;     // [vertex] into neighbours, and one more

  [[nodiscard]] std::span<const Neighbour> of(int vertex) const {
    return {neighbours.begin() + static_cast<std::ptrdiff_t>(first[index(vertex)]),
            neighbours.begin() + static_cast<std::ptrdiff_t>(first[index(vertex) + 1])};
  }
};

/// Vertices are the routes, then the links.
Crossings crossings(const Platform& platform) {
  const std::size_t routes = platform.routes.size();
  Crossings result;
  result.first.assign(routes + platform.links.size() + 1, 0);
  for (std::size_t r = 0; r < routes; ++r)
    for (const Platform::Hop& hop : platform.routes[r].hops) {
      ++result.first[r + 1];
      ++result.first[routes + index(hop.link) + 1];
    }
  std::partial_sum(result.first.begin(), result.first.end(), result.first.begin());
  result.neighbours.resize(result.first.back());
  std::vector<std::size_t> next(result.first.begin(), result.first.end() - 1);
  for (std::size_t r = 0; r < routes; ++r)
    for (const Platform::Hop& hop : platform.routes[r].hops) {
      const std::size_t link = routes + index(hop.link);
      result.neighbours[next[r]++] = {static_cast<int>(link), hop.times};
      result.neighbours[next[link]++] = {static_cast<int>(r), hop.times * platform.routes[r].flows};
    }
  return result;
}

/// What tells vertices apart before any neighbour is looked at.
struct Signature {
  bool link = false;
  int colour = 0;
  double count = 0;
  double figure = 0;  // bandwidth, or latency
  auto operator<=>(const Signature&) const = default;
};

std::vector<Signature> signatures(const Platform& platform, const Colours& colours) {
  const auto colour = [](const std::vector<int>& of, std::size_t i) { return of.empty() ? 0 : of[i]; };
  std::vector<Signature> result;
  for (std::size_t r = 0; r < platform.routes.size(); ++r) {
    const Platform::Route& route = platform.routes[r];
    result.push_back({false, colour(colours.of_route, r), route.flows, route.latency.in(unit::s)});
  }
  for (std::size_t l = 0; l < platform.links.size(); ++l) {
    const Platform::Link& link = platform.links[l];
    result.push_back({true, colour(colours.of_link, l), link.count, link.bandwidth.in(BytesPerSecond{1})});
  }
  return result;
}

/// A partition of the vertices into blocks, each a range of one array, which splits in time of what is moved.
class Partition {
 public:
  explicit Partition(const std::vector<Signature>& signatures)
      : order_(signatures.size()), at_(signatures.size()), block_(signatures.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::stable_sort(order_, {}, [&](int v) { return signatures[index(v)]; });
    for (std::size_t i = 0; i < order_.size(); ++i) {
      at_[index(order_[i])] = i;
      if (i == 0 || signatures[index(order_[i])] != signatures[index(order_[i - 1])]) begin_new(i);
      block_[index(order_[i])] = static_cast<int>(ranges_.size()) - 1;
      ranges_.back().end = i + 1;
    }
  }

  [[nodiscard]] int blocks() const { return static_cast<int>(ranges_.size()); }
  [[nodiscard]] int block_of(int vertex) const { return block_[index(vertex)]; }
  [[nodiscard]] std::size_t size(int block) const {
    return ranges_[index(block)].end - ranges_[index(block)].begin;
  }
  [[nodiscard]] std::vector<int> members(int block) const {
    const Range& range = ranges_[index(block)];
    return {order_.begin() + static_cast<std::ptrdiff_t>(range.begin),
            order_.begin() + static_cast<std::ptrdiff_t>(range.end)};
  }

  /// Takes some members out of their common block into a new one, and returns it.
  int move_out(std::span<const int> members) {
    const int old = block_of(members.front());
    for (const int vertex : members) {
      const std::size_t last = --ranges_[index(old)].end;
      const std::size_t here = at_[index(vertex)];
      std::swap(order_[here], order_[last]);
      at_[index(order_[here])] = here;
      at_[index(vertex)] = last;
      block_[index(vertex)] = blocks();
    }
    const std::size_t begin = ranges_[index(old)].end;
    begin_new(begin);
    ranges_.back().end = begin + members.size();
    return blocks() - 1;
  }

 private:
  struct Range {
    std::size_t begin = 0, end = 0;
  };
  void begin_new(std::size_t begin) { ranges_.push_back({begin, begin}); }

  std::vector<int> order_;       // vertices, block by block
  std::vector<std::size_t> at_;  // [vertex] its place in order_
  std::vector<int> block_;       // [vertex]
  std::vector<Range> ranges_;    // [block]
};

/// A vertex and how often it meets the block that splits.
struct Met {
  int block = 0;
  double weight = 0;
  int vertex = 0;
  auto operator<=>(const Met&) const = default;
};

class Refinement {
 public:
  Refinement(const Crossings& crossings, const std::vector<Signature>& signatures)
      : crossings_{crossings}, partition_{signatures}, weight_(signatures.size(), 0) {
    for (int block = 0; block < partition_.blocks(); ++block) enqueue(block);
  }

  Partition run() {
    while (!queue_.empty()) {
      const int splitter = queue_.front();
      queue_.pop();
      waiting_[index(splitter)] = false;
      const std::vector<Met> met = neighbours_of(splitter);
      for (std::size_t begin = 0, end = 0; begin < met.size(); begin = end) {
        while (end < met.size() && met[end].block == met[begin].block) ++end;
        split({met.data() + begin, end - begin});
      }
    }
    return std::move(partition_);
  }

 private:
  void enqueue(int block) {
    waiting_.resize(std::max(waiting_.size(), index(block) + 1), false);
    if (waiting_[index(block)]) return;
    waiting_[index(block)] = true;
    queue_.push(block);
  }

  /// All vertices that meet the block, sorted by their own block and by how often they do.
  std::vector<Met> neighbours_of(int splitter) {
    std::vector<int> touched;
    for (const int member : partition_.members(splitter))
      for (const auto& [vertex, weight] : crossings_.of(member)) {
        if (weight_[index(vertex)] == 0) touched.push_back(vertex);
        weight_[index(vertex)] += weight;
      }
    std::vector<Met> met;
    for (const int vertex : touched) {
      met.push_back({partition_.block_of(vertex), weight_[index(vertex)], vertex});
      weight_[index(vertex)] = 0;
    }
    std::ranges::sort(met);
    return met;
  }

  /// Splits one block by weight; what was not met stays. All parts but the largest have to split others in
  /// their turn: what the largest would tell apart follows from the rest and from the whole, which has had or
  /// will have its turn.
  void split(std::span<const Met> met) {
    const int old = met.front().block;
    std::vector<int> parts;
    const bool all_met = met.size() == partition_.size(old);
    for (std::size_t begin = 0, end = 0; begin < met.size(); begin = end) {
      std::vector<int> alike;
      for (; end < met.size() && met[end].weight == met[begin].weight; ++end)
        alike.push_back(met[end].vertex);
      if (all_met && end == met.size()) break;  // the last part keeps the block
      parts.push_back(partition_.move_out(alike));
    }
    if (parts.empty()) return;
    waiting_.resize(index(partition_.blocks()), false);
    if (!waiting_[index(old)]) {
      parts.push_back(old);
      parts.erase(std::ranges::max_element(parts, {}, [&](int part) { return partition_.size(part); }));
    }
    for (const int part : parts) enqueue(part);
  }

  const Crossings& crossings_;
  Partition partition_;
  std::vector<double> weight_;  // [vertex] scratch, 0 between uses
  std::queue<int> queue_;
  std::vector<bool> waiting_;  // [block] is it in the queue
};

/// Blocks of some vertices, renumbered by first appearance; returns how many.
int renumber(const Partition& partition, int first, std::vector<int>& classes) {
  std::map<int, int> seen;
  for (std::size_t i = 0; i < classes.size(); ++i)
    classes[i] =
        seen.try_emplace(partition.block_of(first + static_cast<int>(i)), static_cast<int>(seen.size()))
            .first->second;
  return static_cast<int>(seen.size());
}

}  // namespace

Classes refine(const Platform& platform, const Colours& colours) {
  const Crossings graph = crossings(platform);
  const Partition partition = Refinement(graph, signatures(platform, colours)).run();
  Classes result;
  result.of_route.resize(platform.routes.size());
  result.of_link.resize(platform.links.size());
  result.routes = renumber(partition, 0, result.of_route);
  result.links = renumber(partition, static_cast<int>(platform.routes.size()), result.of_link);
  return result;
}

}  // namespace superpod::topology
