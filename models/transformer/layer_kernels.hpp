/// The kernels that one rank runs for one block of a model, in order.
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "models/kernels/kernel.hpp"
#include "models/transformer/blocks.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"

namespace superpod::models {

/// The gradient of a linear layer's input and that of its weights are separate phases, so that a schedule may
/// move the second (zero-bubble pipelines, DualPipe). Attention's backward pass has no weights: all of it is
/// backward_input.
enum class Phase { forward, backward_input, backward_weight };

constexpr auto words(Phase) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"forward"}, Phase::forward},
                    pair{string_view{"backward_input"}, Phase::backward_input},
                    pair{string_view{"backward_weight"}, Phase::backward_weight}};
}

/// What is not kept for the backward pass but run again.
enum class Recompute {
  none,
  selective,  ///< norms, activation functions, MLA's up-projections (arXiv 2412.19437, sections 3.2.3, 3.3.3)
  full,       ///< whole layers: only their inputs are kept
};

constexpr auto words(Recompute) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"none"}, Recompute::none},
                    pair{string_view{"selective"}, Recompute::selective},
                    pair{string_view{"full"}, Recompute::full}};
}

/// Kernels of one slice: a microbatch in training, an iteration in serving (forward only, with a cache).
/// Tensor-parallel ranks share out heads and columns, and tokens for norms and routing; MLA's projections
/// down and compressors run on the rank's own tokens. Experts get equal numbers of tokens. Context ranks
/// share out the tokens of each sequence; attention sees the keys of all of them (context_exchange.hpp), and
/// its causal work is even: over all ranks it adds up to that of one alone.
///
/// With block-scaled GEMMs (FP8) each operand is quantised by a kernel of its own, which reads BF16 from HBM
/// and writes it back, and the weight gradient needs copies of both operands with their blocks along the
/// tokens (DeepSeek-V3, arXiv 2412.19437, sections 3.3.2 and 3.5.2). Weight gradients are added to an
/// accumulator in HBM.
///
/// With a cache, new keys and values are appended to it, and attention reads those of the tokens that were
/// seen before: one kernel for all sequences that are alike, however many there are of other kinds. All other
/// kernels run on the new tokens of the whole batch at once. MLA works on the latents where few tokens of a
/// sequence are new; else it makes the heads of all keys again. Experts that no token visits are not read.
/// Logits are those of all new tokens: for the last of each sequence only, ask with slices of one token.
///
/// Compressed attention is that of the mean layer: FLOPs and traffic summed over the model's layers are
/// exact, but each layer pays the launches of all kinds.
/// Leaves out: communication, dropout, biases, the optimiser, quantisation of weights (once a step), the
/// sparse indexer's own loss, hyper-connections (4 residual streams in DeepSeek-V4: 6.7 % of a pipeline
/// stage, arXiv 2606.19348, section 3.4.2).
/// Cost: some microseconds.
std::vector<Kernel> kernels(const Llm& llm, const Slice& slice, Block block, Phase phase);

/// Kernels run again before the block's backward pass. Head and embedding are never recomputed.
std::vector<Kernel> kernels_recomputed(const Llm& llm, const Slice& slice, Block block, Recompute recompute);

}  // namespace superpod::models
