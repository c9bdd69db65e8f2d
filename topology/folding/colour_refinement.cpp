#include "topology/folding/colour_refinement.hpp"

#include <cmath>
#include <compare>
#include <cstdint>
#include <queue>
#include <span>
#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

/// On whom each vertex weighs, and how many grains.
struct Weights {
  struct Weight {
    int on = 0;
    std::int64_t grains = 0;
  };
  std::vector<Weight> all;         // of all vertices in turn
  std::vector<std::size_t> first;  // [vertex] into all, and one more

  [[nodiscard]] std::span<const Weight> of(int vertex) const {
    return {all.data() + first[index(vertex)], all.data() + first[index(vertex) + 1]};
  }
};

/// Grains in a unit of weight: the largest sum on a vertex must stay below 2^62. A power of two keeps whole
/// numbers whole.
double grains_of_one(std::size_t vertices, const std::vector<Influence>& influences) {
  std::vector<double> sum(vertices);
  double largest = 1;
  for (const Influence& influence : influences)
    largest = std::max(largest, sum[index(influence.to)] += influence.weight);
  return std::exp2(std::min(40.0, std::floor(61 - std::log2(largest))));
}

Weights weights(std::size_t vertices, const std::vector<Influence>& influences) {
  const double scale = grains_of_one(vertices, influences);
  Weights result;
  result.first.assign(vertices + 1, 0);
  for (const Influence& influence : influences) ++result.first[index(influence.from) + 1];
  std::partial_sum(result.first.begin(), result.first.end(), result.first.begin());
  result.all.resize(influences.size());
  std::vector<std::size_t> next(result.first.begin(), result.first.end() - 1);
  for (const Influence& influence : influences)
    result.all[next[index(influence.from)]++] = {
        influence.to, std::max<std::int64_t>(1, std::llround(influence.weight * scale))};
  return result;
}

/// The vertices block by block, each a range of one array, which splits in time of what is moved.
class ColourBlocks {
 public:
  explicit ColourBlocks(const std::vector<int>& colours)
      : order_(colours.size()), at_(colours.size()), block_(colours.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::stable_sort(order_, {}, [&](int v) { return colours[index(v)]; });
    for (std::size_t i = 0; i < order_.size(); ++i) {
      at_[index(order_[i])] = i;
      if (i == 0 || colours[index(order_[i])] != colours[index(order_[i - 1])]) ranges_.push_back({i, i});
      block_[index(order_[i])] = count() - 1;
      ranges_.back().end = i + 1;
    }
  }

  [[nodiscard]] int count() const { return static_cast<int>(ranges_.size()); }
  [[nodiscard]] int block_of(int vertex) const { return block_[index(vertex)]; }
  [[nodiscard]] std::size_t size(int block) const {
    return ranges_[index(block)].end - ranges_[index(block)].begin;
  }
  [[nodiscard]] std::span<const int> members(int block) const {
    return {order_.data() + ranges_[index(block)].begin, size(block)};
  }

  /// Takes some members out of their common block into a new one, and returns it.
  template <class Members>
  int move_out(const Members& members) {
    const int old = block_of(members.front().vertex);
    for (const auto& member : members) {
      const std::size_t last = --ranges_[index(old)].end;
      const std::size_t here = at_[index(member.vertex)];
      std::swap(order_[here], order_[last]);
      at_[index(order_[here])] = here;
      at_[index(member.vertex)] = last;
      block_[index(member.vertex)] = count();
    }
    const std::size_t begin = ranges_[index(old)].end;
    ranges_.push_back({begin, begin + members.size()});
    return count() - 1;
  }

 private:
  struct Range {
    std::size_t begin = 0, end = 0;
  };
  std::vector<int> order_;       // vertices, block by block
  std::vector<std::size_t> at_;  // [vertex] its place in order_
  std::vector<int> block_;       // [vertex]
  std::vector<Range> ranges_;    // [block]
};

/// A vertex and how much the block that splits weighs on it.
struct Weighed {
  int block = 0;
  std::int64_t grains = 0;
  int vertex = 0;
  auto operator<=>(const Weighed&) const = default;
};

class Refinement {
 public:
  Refinement(const std::vector<int>& colours, const Weights& weights)
      : weights_{weights}, blocks_{colours}, sum_(colours.size(), 0) {
    for (int block = 0; block < blocks_.count(); ++block) enqueue(block);
  }

  const ColourBlocks& run() {
    while (!queue_.empty()) {
      const int splitter = queue_.front();
      queue_.pop();
      waiting_[index(splitter)] = false;
      weigh(splitter);
      for (std::size_t begin = 0, end = 0; begin < weighed_.size(); begin = end) {
        while (end < weighed_.size() && weighed_[end].block == weighed_[begin].block) ++end;
        split({weighed_.data() + begin, end - begin});
      }
    }
    return blocks_;
  }

 private:
  void enqueue(int block) {
    if (is_waiting(block)) return;
    if (index(block) >= waiting_.size()) waiting_.resize(2 * index(block) + 1, false);
    waiting_[index(block)] = true;
    queue_.push(block);
  }

  [[nodiscard]] bool is_waiting(int block) const {
    return index(block) < waiting_.size() && waiting_[index(block)];
  }

  /// All vertices on which the block weighs, sorted by their own block and by how much it does. Blocks of one
  /// vertex cannot split.
  void weigh(int splitter) {
    touched_.clear();
    for (const int member : blocks_.members(splitter))
      for (const auto& [vertex, grains] : weights_.of(member)) {
        if (sum_[index(vertex)] == 0) touched_.push_back(vertex);
        sum_[index(vertex)] += grains;
      }
    weighed_.clear();
    for (const int vertex : touched_) {
      const int block = blocks_.block_of(vertex);
      if (blocks_.size(block) > 1) weighed_.push_back({block, sum_[index(vertex)], vertex});
      sum_[index(vertex)] = 0;
    }
    std::ranges::sort(weighed_);
  }

  /// Splits one block by weight; what was not weighed on stays. All parts but the largest have to split
  /// others in their turn: what the largest would tell apart follows from the rest and from the whole, which
  /// has had or will have its turn.
  void split(std::span<const Weighed> weighed) {
    const int old = weighed.front().block;
    const bool all = weighed.size() == blocks_.size(old);
    parts_.clear();
    for (std::size_t begin = 0, end = 0; begin < weighed.size(); begin = end) {
      while (end < weighed.size() && weighed[end].grains == weighed[begin].grains) ++end;
      if (all && end == weighed.size()) break;  // the last part keeps the block
      parts_.push_back(blocks_.move_out(weighed.subspan(begin, end - begin)));
    }
    if (parts_.empty()) return;
    if (!is_waiting(old)) {
      parts_.push_back(old);
      parts_.erase(std::ranges::max_element(parts_, {}, [&](int part) { return blocks_.size(part); }));
    }
    for (const int part : parts_) enqueue(part);
  }

  const Weights& weights_;
  ColourBlocks blocks_;
  std::vector<std::int64_t> sum_;  // [vertex] scratch, 0 between uses
  std::vector<int> touched_, parts_;
  std::vector<Weighed> weighed_;
  std::queue<int> queue_;
  std::vector<bool> waiting_;  // [block] is it in the queue
};

}  // namespace

Partition refine(const std::vector<int>& colours, const std::vector<Influence>& influences) {
  const Weights graph = weights(colours.size(), influences);
  Refinement refinement{colours, graph};
  const ColourBlocks& blocks = refinement.run();
  Partition result;
  result.of.resize(colours.size());
  std::vector<int> number(index(blocks.count()), -1);
  for (std::size_t v = 0; v < colours.size(); ++v) {
    int& its = number[index(blocks.block_of(static_cast<int>(v)))];
    if (its < 0) its = result.classes++;
    result.of[v] = its;
  }
  return result;
}

}  // namespace superpod::topology
