/// Which layers a pipeline stage holds.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/training/training.hpp"
#include "models/transformer/blocks.hpp"
#include "models/transformer/llm.hpp"

namespace superpod::models {

/// What a token passes through between two points at which the model may be cut.
struct Layer {
  std::string name;
  std::vector<Block> blocks;
  bool borrows_head = false;  ///< multi-token prediction uses the model's own output head
};
using Stage = std::vector<Layer>;

/// Consecutive layers of the model: places in `layers_of`.
struct LayerRun {
  int first = 0, end = 0;
};
/// Whether the memory of a pipeline rank has room for a stage of these layers for each of its chunks.
using HasRoom = std::function<bool(int rank, std::span<const LayerRun> chunks)>;

/// Embedding, layers, output head and multi-token prediction modules, in order.
Stage layers_of(const Llm& llm);

/// Number of consecutive items in each of `parts` non-empty parts, so that the largest part costs as little
/// as can be; ties give earlier parts more. Cost: parts * items^2 / 2 steps of some nanoseconds.
std::vector<int> balanced_counts(const std::vector<double>& costs, int parts);

/// Cuts the model into the stages of a pipeline. With `counts` (transformer layers of each stage) as given,
/// embedding with the first, head and prediction modules with the last. Else so that the slowest stage is as
/// fast as can be by `cost`; in a dualpipe, where each rank holds a stage and its mirror, so that the slowest
/// rank is, and the two stages of a rank are alike where they can be. Each stage gets something. Where a rank
/// lacks room for its part of this cut, the fastest of the cuts for which all have room is taken, if there is
/// any (not when interleaved).
/// Cost: dynamic programming over cuts: some milliseconds.
std::vector<Stage> stages_of(const Llm& llm, const Pipeline& pipeline,
                             const std::optional<std::vector<int>>& counts,
                             const std::function<double(const Layer&)>& cost, const HasRoom& room = {});

}  // namespace superpod::models
