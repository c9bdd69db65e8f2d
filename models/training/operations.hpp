/// What one rank does in one pass over one pipeline stage: computation, and exchanges with the ranks of its
/// groups.
#pragma once

#include <string>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/hardware/kernel_time.hpp"
#include "models/training/mapping.hpp"
#include "models/training/stages.hpp"
#include "models/transformer/layer_kernels.hpp"

namespace superpod::models {

struct Op {
  enum class Kind {
    compute,
    gather,        ///< tensor-parallel ranks collect each other's tokens
    scatter,       ///< and add up and share out their results
    gather_keys,   ///< context-parallel ranks collect each other's keys and values
    scatter_keys,  ///< and add up and share out their gradients
    dispatch,      ///< tokens (or their gradients) go to the ranks of their experts
    combine,       ///< and come back
  };
  Kind kind = Kind::compute;
  std::string name;        ///< e.g. `attention forward`
  Seconds time;            ///< compute: of its kernels, one after the other
  int layer = 0;           ///< of the stage
  bool weights = false;    ///< gradients of weights
  std::vector<int> after;  ///< earlier operations of the list; none: starts with the pass
};
using Ops = std::vector<Op>;

/// One kind of kernel in a step, for the report.
struct KernelUse {
  std::string name;  ///< block, phase and kernel
  Kernel kernel;
  KernelTime time;  ///< of one call
};

/// When a backward pass computes the gradients of weights.
enum class WeightGradients {
  put_off,  ///< not at all: a pass of their own follows
  in_turn,  ///< right after those of the block's input; the next exchange with experts waits for them
  beside,   ///< likewise, but nothing in the pass waits for them
};

/// Turns blocks into operations on a chip. The kernels of a block in one phase are one computation: context
/// ranks' keys and values are gathered before it and the gradients scattered after it, in turn with it as in
/// Llama 3 (context_exchange.hpp), rather than amid its kernels.
class OpWriter {
 public:
  struct Setting {
    const Llm& llm;
    const Chip& chip;
    Slice slice;
    Recompute recompute = Recompute::none;
    double core_share = 1;  ///< of the cores that compute
  };
  explicit OpWriter(const Setting& setting) : setting_{setting} {}

  /// The last operations that nothing else waits for end the pass.
  [[nodiscard]] Ops forward(const Stage& stage) const;

  /// From the last layer to the first. Frameworks issue the kernels and exchanges of a pass in turn, so that
  /// an exchange with experts leaves the chip idle (Megatron-Core, unless told to delay weight gradients;
  /// DeepSeek's 1B and 1W, arXiv 2505.09343, table 4, add up so); a schedule that overlaps two passes lets
  /// weight gradients fill such gaps (arXiv 2412.19437, figure 4). Exchanges of tensor-parallel ranks travel
  /// behind weight gradients in either case (Korthikanti et al., arXiv 2205.05198, section 4.2.2).
  [[nodiscard]] Ops backward(const Stage& stage, WeightGradients weights) const;

  /// The gradients of the weights alone, which were put off.
  [[nodiscard]] Ops backward_weights(const Stage& stage) const;

  /// All kernels of a layer, in the phases of one microbatch.
  [[nodiscard]] std::vector<KernelUse> kernel_uses(const Layer& layer) const;

 private:
  class List;
  class Forward;
  class Backward;
  void forward(List& list, const Layer& layer, const std::string& suffix) const;
  void backward(List& list, const Layer& layer, WeightGradients weights) const;
  [[nodiscard]] std::vector<Kernel> kernels_of(Block block, Phase phase) const;
  [[nodiscard]] bool runs_again(Block block) const;  ///< forward, as a part of its layer's backward pass

  Setting setting_;
};

/// The share of a chip's cores that compute, beside those that move data.
double core_share(const TrainingWorkload& workload, const Chip& chip);

/// The writer of a workload's operations on its ranks, for one whose routed experts get `expert_load` times
/// the mean: the operations are the same for all loads, only their times differ.
OpWriter op_writer(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping,
                   double expert_load = 1);

/// Kernels of a layer in both directions, one after the other: what a cut of the model balances.
Seconds computation(const OpWriter& writer, const Layer& layer);

/// The model cut into the pipeline's stages, by the time that forward and backward passes of each layer
/// compute, and so that they fit into memory, if they can.
std::vector<Stage> stages_of(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping);

}  // namespace superpod::models
