#include "models/training/stages.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace superpod::models {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Number of consecutive items in each of `parts` non-empty parts, with the smallest possible largest part.
std::vector<int> balanced(const std::vector<double>& costs, int parts) {
  const int items = static_cast<int>(costs.size());
  constexpr double endless = std::numeric_limits<double>::infinity();
  std::vector<double> sum(costs.size() + 1);
  for (std::size_t i = 0; i < costs.size(); ++i) sum[i + 1] = sum[i] + costs[i];

  // best[p][i]: largest part when the items from i on are cut into p parts; ties give the earlier part more.
  std::vector best(index(parts) + 1, std::vector<double>(index(items) + 1, endless));
  std::vector cut(index(parts) + 1, std::vector<int>(index(items) + 1, 0));
  best[0][index(items)] = 0;
  for (int p = 1; p <= parts; ++p)
    for (int i = items - 1; i >= 0; --i)
      for (int end = i + 1; end <= items; ++end) {
        const double largest = std::max(sum[index(end)] - sum[index(i)], best[index(p - 1)][index(end)]);
        if (largest > best[index(p)][index(i)]) continue;
        best[index(p)][index(i)] = largest;
        cut[index(p)][index(i)] = end;
      }
  std::vector<int> counts;
  for (int p = parts, i = 0; p > 0; --p) {
    counts.push_back(cut[index(p)][index(i)] - i);
    i = cut[index(p)][index(i)];
  }
  return counts;
}

}  // namespace

Stage layers_of(const Llm& llm) {
  Stage layers{{"embedding", {Block::embedding}}};
  for (int i = 0; i < llm.layers; ++i) layers.push_back({"layer " + std::to_string(i), blocks_of_layer(llm, i)});
  layers.push_back({"head", {Block::head}});
  for (int i = 0; i < llm.mtp_layers; ++i)
    layers.push_back({"prediction module " + std::to_string(i), blocks_of_mtp_module(llm), true});
  return layers;
}

std::vector<Stage> stages_of(const Llm& llm, int stages, const std::optional<std::vector<int>>& counts,
                             const std::function<double(const Layer&)>& cost) {
  const Stage layers = layers_of(llm);
  if (stages < 1 || stages > llm.layers) throw std::invalid_argument{"each stage needs a layer"};
  const auto first = layers.begin() + 1;
  const auto last = first + llm.layers;

  std::vector<double> costs;
  for (auto layer = first; layer != last; ++layer) costs.push_back(cost(*layer));
  costs.front() += cost(layers.front());
  for (auto layer = last; layer != layers.end(); ++layer) costs.back() += cost(*layer);

  std::vector<Stage> result;
  auto next = first;
  for (const int count : counts ? *counts : balanced(costs, stages)) {
    result.emplace_back(next, next + count);
    next += count;
  }
  result.front().insert(result.front().begin(), layers.front());
  result.back().insert(result.back().end(), last, layers.end());
  return result;
}

}  // namespace superpod::models
