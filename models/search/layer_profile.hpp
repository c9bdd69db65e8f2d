/// What each kind of layer costs a rank, whatever the pipeline: computation, chains through exchanges,
/// memory.
#pragma once

#include <array>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/training/memory.hpp"
#include "models/training/operations.hpp"

namespace superpod::models {

/// [Op::Kind] of one exchange; of `compute` nothing.
using ExchangeTimes = std::array<Seconds, 7>;

/// The operations of a pass over one layer, without names.
struct PassShape {
  struct Step {
    Op::Kind kind = Op::Kind::compute;
    Seconds time;  ///< of computation
    bool weights = false;
    std::vector<int> after;
  };
  std::vector<Step> steps;
  int first_in_turn =
      -1;  ///< the first exchange that waits for gradients of weights of the layer before; -1: none

  [[nodiscard]] Seconds computation() const;

  /// From the start of the pass over the layer to the last operation that the next layer waits for.
  [[nodiscard]] Seconds chain(const ExchangeTimes& exchanges) const;

  /// From `first_in_turn` to the end of the gradients of weights that the next layer's first exchange waits
  /// for; 0 where no exchange waits for such.
  [[nodiscard]] Seconds chain_of_weights(const ExchangeTimes& exchanges) const;

  /// All exchanges, one after the other.
  [[nodiscard]] Seconds exchanges(const ExchangeTimes& exchanges) const;
};

/// One kind of layer (layers of the same blocks are alike), for one microbatch.
struct LayerProfile {
  PassShape forward, backward, backward_beside;  ///< WeightGradients::in_turn, and beside
  Seconds backward_weights;                      ///< of the kernels that only gradients of weights need
  Seconds cost;                                  ///< of its kernels, summed as the cut of the model does
  RankParameters parameters;
  LayerMemory memory;  ///< `optimizer`: nothing; it hangs on copies
};

/// A model's layers in order, each with its kind.
struct LayerKinds {
  Stage layers;            ///< layers_of(llm)
  std::vector<int> kind;   ///< [layer]
  std::vector<int> first;  ///< [kind] a layer of this kind
};
LayerKinds kinds_of_layers(const Llm& llm);

/// [kind] of what one rank runs. `optimizer`: what it keeps of each weight.
/// Cost: some ten microseconds for each kind.
std::vector<LayerProfile> profile(const OpWriter::Setting& setting, const OptimizerPlan& optimizer,
                                  const LayerKinds& kinds);

}  // namespace superpod::models
