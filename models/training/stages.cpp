#include "models/training/stages.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

/// Sums of runs of items.
class Costs {
 public:
  explicit Costs(const std::vector<double>& items) : before_(items.size() + 1) {
    for (std::size_t i = 0; i < items.size(); ++i) before_[i + 1] = before_[i] + items[i];
  }
  [[nodiscard]] int items() const { return static_cast<int>(before_.size()) - 1; }
  [[nodiscard]] double of(int first, int end) const { return before_[index(end)] - before_[index(first)]; }

 private:
  std::vector<double> before_;
};

/// Number of consecutive items in each of `parts` non-empty parts, with the smallest possible largest part;
/// nothing where not all parts have room.
std::vector<int> balanced(const Costs& costs, int parts, const HasRoom& room) {
  const int items = costs.items();
  // best[p][i]: largest part when the items from i on are cut into p parts; ties give the earlier part more.
  std::vector best(index(parts) + 1, std::vector<double>(index(items) + 1, endless));
  std::vector cut(index(parts) + 1, std::vector<int>(index(items) + 1, 0));
  best[0][index(items)] = 0;
  for (int p = 1; p <= parts; ++p)
    for (int i = items - 1; i >= 0; --i)
      for (int end = i + 1; end <= items && costs.of(i, end) <= best[index(p)][index(i)]; ++end) {
        const double largest = std::max(costs.of(i, end), best[index(p - 1)][index(end)]);
        if (largest > best[index(p)][index(i)]) continue;
        if (room && !room(parts - p, std::array{LayerRun{i, end}})) continue;
        best[index(p)][index(i)] = largest;
        cut[index(p)][index(i)] = end;
      }
  std::vector<int> counts;
  if (best[index(parts)][0] == endless) return counts;
  for (int p = parts, i = 0; p > 0; --p) {
    counts.push_back(cut[index(p)][index(i)] - i);
    i = cut[index(p)][index(i)];
  }
  return counts;
}

/// Cuts where part r and part parts - 1 - r are one load; `parts` is even. Of all cuts whose loads are at
/// most `limit`, the one with the least sum of squares of the parts, so that the two parts of a load are
/// alike where they can be.
class MirroredCut {
 public:
  MirroredCut(const Costs& costs, int parts, double limit, const HasRoom& room)
      : costs_{costs},
        room_{room},
        limit_{limit},
        items_{costs.items()},
        pairs_{parts / 2},
        best_(states(pairs_ + 1), endless),
        step_(best_.size()) {
    for (int i = 0; i <= items_; ++i) best_[state(0, i, i)] = 0;
    for (int pair = 1; pair <= pairs_; ++pair)
      for (int first = 0; first <= items_; ++first)
        for (int end = first + 2 * pair; end <= items_; ++end)
          if (may_be_part(pair, first, end)) choose(pair, first, end);
  }

  [[nodiscard]] bool exists() const { return best_[state(pairs_, 0, items_)] < endless; }

  [[nodiscard]] std::vector<int> counts() const {
    std::vector<int> front;
    std::vector<int> back;
    for (int pair = pairs_, first = 0, end = items_; pair > 0; --pair) {
      const auto [from_front, from_back] = step_[state(pair, first, end)];
      front.push_back(from_front);
      back.push_back(from_back);
      first += from_front;
      end -= from_back;
    }
    front.insert(front.end(), back.rbegin(), back.rend());
    return front;
  }

 private:
  [[nodiscard]] std::size_t states(int pairs) const {
    return index(pairs) * index(items_ + 1) * index(items_ + 1);
  }
  [[nodiscard]] std::size_t state(int pair, int first, int end) const {
    return states(pair) + index(first) * index(items_ + 1) + index(end);
  }

  /// Whether no pair need be above the limit, neither within [first, end) nor around it; but for rounding.
  [[nodiscard]] bool may_be_part(int pair, int first, int end) const {
    const double within = costs_.of(first, end), limit = limit_ * (1 + 1e-9);
    return within <= pair * limit && costs_.of(0, items_) - within <= (pairs_ - pair) * limit;
  }

  /// Items [first, end) in `pair` pairs of parts: the outermost pair takes some from the front and some from
  /// the back.
  void choose(int pair, int first, int end) {
    double& best = best_[state(pair, first, end)];
    const int spare = end - first - 2 * (pair - 1);  // items that the inner parts can do without
    for (int front = 1; front < spare && costs_.of(first, first + front) < limit_; ++front)
      for (int back = 1; back <= spare - front; ++back) {
        const double in_front = costs_.of(first, first + front);
        const double in_back = costs_.of(end - back, end);
        if (in_front + in_back > limit_) break;
        const double squares =
            in_front * in_front + in_back * in_back + best_[state(pair - 1, first + front, end - back)];
        if (squares >= best) continue;
        if (room_ &&
            !room_(pairs_ - pair, std::array{LayerRun{first, first + front}, LayerRun{end - back, end}}))
          continue;
        best = squares;
        step_[state(pair, first, end)] = {front, back};
      }
  }

  const Costs& costs_;
  const HasRoom& room_;
  double limit_;
  int items_, pairs_;
  std::vector<double> best_;               // [pairs][first][end]
  std::vector<std::pair<int, int>> step_;  // what the outermost pair takes
};

/// The largest load of a rank, and the largest part, of a mirrored cut.
std::pair<double, double> largest(const Costs& costs, const std::vector<int>& counts) {
  std::vector<double> parts;
  for (int first = 0; const int count : counts) {
    parts.push_back(costs.of(first, first + count));
    first += count;
  }
  double load = 0;
  for (std::size_t r = 0; r < parts.size() / 2; ++r)
    load = std::max(load, parts[r] + parts[parts.size() - 1 - r]);
  return {load, *std::ranges::max_element(parts)};
}

/// A dualpipe's cut. Its steady state takes the largest load for each pair of microbatches, its ramps about
/// the largest part for each of half of the ranks: the cut that makes the sum least, among those whose loads
/// are at most some per cent above the least possible. Nothing where not all ranks have room.
std::vector<int> balanced_dualpipe(const Costs& costs, const Pipeline& pipeline, const HasRoom& room) {
  double low = costs.of(0, costs.items()) / pipeline.ranks;  // the mean of parts; loads are twice that
  double high = costs.of(0, costs.items());
  if (!MirroredCut{costs, pipeline.ranks, high, room}.exists()) return {};
  constexpr double close_enough = 1e-3;
  while (high - low > close_enough * high) {
    const double limit = (low + high) / 2;
    (MirroredCut{costs, pipeline.ranks, limit, room}.exists() ? high : low) = limit;
  }
  std::vector<int> chosen;
  double least = endless;
  for (const double slack : {0.0, 0.02, 0.05, 0.1, 0.2}) {
    const auto counts = MirroredCut{costs, pipeline.ranks, high * (1 + slack), room}.counts();
    const auto [load, part] = largest(costs, counts);
    const double time = pipeline.microbatches / 2.0 * load + (pipeline.ranks / 2.0 - 1) * part;
    if (time >= least) continue;
    least = time;
    chosen = counts;
  }
  return chosen;
}

bool all_have_room(const std::vector<int>& counts, const Pipeline& pipeline, const HasRoom& room) {
  std::vector<LayerRun> stages;
  for (const int count : counts) {
    const int first = stages.empty() ? 0 : stages.back().end;
    stages.push_back({first, first + count});
  }
  for (int rank = 0; rank < pipeline.ranks; ++rank) {
    std::vector<LayerRun> chunks;
    for (int chunk = 0; chunk < pipeline.chunks_held(); ++chunk)
      chunks.push_back(stages[index(pipeline.stage(rank, chunk))]);
    if (!room(rank, chunks)) return false;
  }
  return true;
}

std::vector<int> cut(const Costs& costs, const Pipeline& pipeline, const HasRoom& room) {
  return pipeline.schedule == Schedule::dualpipe ? balanced_dualpipe(costs, pipeline, room)
                                                 : balanced(costs, pipeline.stages(), room);
}

}  // namespace

std::vector<int> balanced_counts(const std::vector<double>& costs, int parts) {
  return balanced(Costs{costs}, parts, {});
}

Stage layers_of(const Llm& llm) {
  Stage layers{{"embedding", {Block::embedding}}};
  for (int i = 0; i < llm.layers; ++i)
    layers.push_back({"layer " + std::to_string(i), blocks_of_layer(llm, i)});
  layers.push_back({"head", {Block::head}});
  for (int i = 0; i < llm.mtp_layers; ++i)
    layers.push_back({"prediction module " + std::to_string(i), blocks_of_mtp_module(llm), true});
  return layers;
}

std::vector<Stage> stages_of(const Llm& llm, const Pipeline& pipeline,
                             const std::optional<std::vector<int>>& given,
                             const std::function<double(const Layer&)>& cost, const HasRoom& room) {
  const Stage layers = layers_of(llm);
  std::vector<int> counts;
  if (given) {
    counts = *given;
    counts.front() += 1;  // the embedding
    counts.back() += static_cast<int>(layers.size()) - llm.layers - 1;
  } else {
    std::vector<double> items;
    for (const Layer& layer : layers) items.push_back(cost(layer));
    const Costs costs{items};
    counts = cut(costs, pipeline, {});
    if (room && pipeline.schedule != Schedule::interleaved && !all_have_room(counts, pipeline, room))
      if (const auto roomy = cut(costs, pipeline, room); !roomy.empty()) counts = roomy;
  }
  std::vector<Stage> result;
  auto next = layers.begin();
  for (const int count : counts) {
    result.emplace_back(next, next + count);
    next += count;
  }
  return result;
}

}  // namespace superpod::models
