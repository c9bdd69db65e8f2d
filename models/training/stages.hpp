/// Which layers a pipeline stage holds.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/llm.hpp"
#include "models/training/training.hpp"
#include "models/transformer/blocks.hpp"

namespace superpod::models {

/// What a token passes through between two points at which the model may be cut.
struct Layer {
  std::string name;
  std::vector<Block> blocks;
  bool borrows_head = false;  ///< multi-token prediction uses the model's own output head
};
using Stage = std::vector<Layer>;

/// Embedding, layers, output head and multi-token prediction modules, in order.
Stage layers_of(const Llm& llm);

/// Cuts the model into `stages` runs of layers. With `counts` (transformer layers of each stage) as given; else so that the
/// largest sum of `cost` is as small as can be, with the earlier stages filled first. Embedding goes with the first
/// stage, head and prediction modules with the last; each stage gets at least one layer.
/// Cost: O(stages * layers^2), by dynamic programming.
std::vector<Stage> stages_of(const Llm& llm, int stages, const std::optional<std::vector<int>>& counts,
                             const std::function<double(const Layer&)>& cost);

}  // namespace superpod::models
