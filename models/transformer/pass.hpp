/// How the layers of a network become kernels in each pass over them. Used by layer_kernels.cpp and
/// attention_kernels.cpp only.
#pragma once

#include <string_view>
#include <vector>

#include "models/kernels/kernel.hpp"
#include "models/transformer/slice.hpp"

namespace superpod::models {

/// How an operand of a block-scaled product reaches it. Products in wider formats take it as it is.
enum class Operand {
  plain,      ///< in the `state` precision: the layer quantises it
  quantised,  ///< already quantised, along the columns: only the weight's gradient needs another copy
  shared,     ///< an earlier layer made all copies of the same tensor
};

/// Y[m, n] = X[m, k] W[k, n], for each of `groups`.
struct Linear {
  std::string_view name{};
  MatrixShape shape{};  ///< of the forward product
  Precision precision = Precision::bf16;
  Operand input = Operand::plain, output_gradient = Operand::plain;
  bool rerun = false;  ///< selective recomputation runs it again
};

struct CoreAttention {
  std::string_view name{};
  Precision precision = Precision::bf16;
  Precision cached = Precision::bf16;  ///< of keys and values
  AttentionShape shape{};
  Bytes wider{};  ///< of each key beside that: elements that are cached in a wider precision
};

/// Elementwise work in one direction.
struct Elementwise {
  Flops flops;
  Bytes traffic;
};

/// One pass over a block, to which its layers are added in forward order; `take` gives the kernels in the
/// order in which the pass runs them (backward passes: last layer first).
class Pass {
 public:
  enum class Kind { forward, selective_rerun, backward_input, backward_weight };

  Pass(Kind kind, const Precisions& plan) : kind_{kind}, plan_{plan} {}

  void norm(std::string_view name, double elements);
  void linear(const Linear& layer);
  /// Backward with two kernels more: one sums O dO over each row and clears the FP32 accumulators of the
  /// queries' gradient, to which blocks of keys add; one rounds these (Dao, arXiv 2307.08691, algorithm 2 and
  /// section 3.2).
  void core_attention(CoreAttention core);
  void rotary_embedding(double elements);
  /// Some of `inputs` are written several times; backward, their gradients are summed.
  void broadcast(std::string_view name, double inputs, double outputs);
  void activation_function(bool gated, double outputs);
  /// The sum of `operands` vectors; backward, the gradient of the branch is added to that of the stream.
  void residual(std::string_view name, double elements, int operands = 2);
  void elementwise(std::string_view name, const Elementwise& forward, const Elementwise& backward);
  /// From the `state` precision to a block-scaled one, in the passes forward and backward_input; else
  /// nothing.
  void quantise(std::string_view name, Precision precision, double elements);
  void forward_only(const Kernel& kernel);
  void weight_gradient_only(const Kernel& kernel);

  std::vector<Kernel> take();

 private:
  void add(std::vector<Kernel> layer);
  void rerunnable(std::string_view name, const Elementwise& forward, const Elementwise& backward);
  [[nodiscard]] std::vector<Kernel> forward_kernels(const Linear& layer) const;
  [[nodiscard]] std::vector<Kernel> input_gradient_kernels(const Linear& layer) const;
  [[nodiscard]] std::vector<Kernel> weight_gradient_kernels(const Linear& layer) const;

  Kind kind_;
  Precisions plan_;
  std::vector<std::vector<Kernel>> layers_;
};

}  // namespace superpod::models
