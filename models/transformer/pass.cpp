#include "models/transformer/pass.hpp"

#include <algorithm>
#include <utility>

namespace superpod::models {
namespace {

// Arithmetic of vector kernels, in operations for each element; an exponential or a root counts as one. It
// matters only on chips whose vector units are weak beside their memory.
constexpr double norm_flops = 4, norm_backward_flops = 8;
constexpr double rotary_flops = 3;      // four products and two sums for each pair of elements
constexpr double activation_flops = 8;  // GELU by tanh; SwiGLU is much the same
constexpr double quantise_flops = 3;    // absolute value and maximum, then the product with the scale

Kernel quantisation(std::string_view name, double elements, Bytes from, Bytes to) {
  return vector_kernel(name, Flops{quantise_flops * elements}, elements * (from + to));
}

}  // namespace

void Pass::add(std::vector<Kernel> layer) {
  if (!layer.empty()) layers_.push_back(std::move(layer));
}

std::vector<Kernel> Pass::take() {
  if (kind_ == Kind::backward_input || kind_ == Kind::backward_weight) std::ranges::reverse(layers_);
  std::vector<Kernel> kernels;
  for (const auto& layer : layers_) kernels.insert(kernels.end(), layer.begin(), layer.end());
  layers_.clear();
  return kernels;
}

void Pass::elementwise(std::string_view name, const Elementwise& forward, const Elementwise& backward) {
  if (kind_ == Kind::forward) add({vector_kernel(name, forward.flops, forward.traffic)});
  if (kind_ == Kind::backward_input) add({vector_kernel(name, backward.flops, backward.traffic)});
}

void Pass::rerunnable(std::string_view name, const Elementwise& forward, const Elementwise& backward) {
  elementwise(name, forward, backward);
  if (kind_ == Kind::selective_rerun) add({vector_kernel(name, forward.flops, forward.traffic)});
}

void Pass::norm(std::string_view name, double elements) {
  const Bytes size = elements * element_size(plan_.state);
  rerunnable(
      name, {Flops{norm_flops * elements}, 2 * size},      // read the input, write the output
      {Flops{norm_backward_flops * elements}, 3 * size});  // read input and gradient, write the gradient
}

void Pass::rotary_embedding(double elements) {
  const Elementwise turn{Flops{rotary_flops * elements}, 2 * elements * element_size(plan_.state)};
  rerunnable("rotary embedding", turn, turn);
}

void Pass::activation_function(bool gated, double outputs) {
  const double inputs = gated ? 2 : 1;  // for each output
  const Bytes size = outputs * element_size(plan_.state);
  rerunnable(gated ? "SwiGLU" : "GELU", {Flops{activation_flops * outputs}, (inputs + 1) * size},
             {Flops{2 * activation_flops * outputs}, (2 * inputs + 1) * size});
}

void Pass::residual(std::string_view name, double elements, int operands) {
  const Bytes size = elements * element_size(plan_.state);
  elementwise(name, {Flops{(operands - 1) * elements}, (operands + 1) * size}, {Flops{elements}, 3 * size});
}

void Pass::quantise(std::string_view name, Precision precision, double elements) {
  if (!is_block_scaled(precision)) return;
  if (kind_ == Kind::forward || kind_ == Kind::backward_input)
    add({quantisation(name, elements, element_size(plan_.state), stored_size(precision))});
}

void Pass::core_attention(CoreAttention core) {
  if (kind_ != Kind::forward && kind_ != Kind::backward_input) return;
  AttentionShape& shape = core.shape;
  shape.backward = kind_ == Kind::backward_input;
  Kernel kernel = attention(core.name, core.precision, core.cached, shape);
  kernel.bytes += shape.sequences * shape.keys * core.wider;
  const bool scores_only = shape.v_dim == 0;
  if (!shape.backward || scores_only) return add({kernel});

  const Bytes element = stored_size(core.precision), accumulated = element_size(Precision::fp32);
  const double rows = shape.sequences * shape.queries * shape.heads;
  const double query = rows * shape.qk_dim, result = rows * shape.v_dim;
  add({vector_kernel("row sums", Flops{2 * result}, 2 * result * element + (rows + query) * accumulated),
       kernel, vector_kernel("query gradient", Flops{query}, query * (accumulated + element))});
}

void Pass::broadcast(std::string_view name, double inputs, double outputs) {
  const Bytes traffic = (inputs + outputs) * element_size(plan_.state);
  rerunnable(name, {Flops{}, traffic}, {Flops{outputs - inputs}, traffic});
}

void Pass::forward_only(const Kernel& kernel) {
  if (kind_ == Kind::forward) add({kernel});
}

void Pass::weight_gradient_only(const Kernel& kernel) {
  if (kind_ == Kind::backward_weight) add({kernel});
}

void Pass::linear(const Linear& layer) {
  switch (kind_) {
    case Kind::forward:
      return add(forward_kernels(layer));
    case Kind::selective_rerun:
      return add(layer.rerun ? forward_kernels(layer) : std::vector<Kernel>{});
    case Kind::backward_input:
      return add(input_gradient_kernels(layer));
    case Kind::backward_weight:
      return add(weight_gradient_kernels(layer));
  }
}

std::vector<Kernel> Pass::forward_kernels(const Linear& layer) const {
  const auto& [groups, m, n, k] = layer.shape;
  std::vector<Kernel> kernels;
  if (is_block_scaled(layer.precision) && layer.input == Operand::plain)
    kernels.push_back(quantisation("quantise input", groups * m * k, element_size(plan_.state),
                                   stored_size(layer.precision)));
  kernels.push_back(gemm(layer.name, layer.precision, layer.shape, element_size(plan_.state)));
  return kernels;
}

std::vector<Kernel> Pass::input_gradient_kernels(const Linear& layer) const {
  const auto& [groups, m, n, k] = layer.shape;
  std::vector<Kernel> kernels;
  if (is_block_scaled(layer.precision) && layer.output_gradient == Operand::plain)
    kernels.push_back(quantisation("quantise gradient", groups * m * n, element_size(plan_.state),
                                   stored_size(layer.precision)));
  kernels.push_back(gemm(layer.name, layer.precision, {groups, m, k, n}, element_size(plan_.state)));
  return kernels;
}

std::vector<Kernel> Pass::weight_gradient_kernels(const Linear& layer) const {
  const auto& [groups, m, n, k] = layer.shape;
  const Bytes stored = stored_size(layer.precision), state = element_size(plan_.state);
  const Bytes gradient = layer.output_gradient == Operand::quantised ? stored : state;
  const bool scaled = is_block_scaled(layer.precision);
  std::vector<Kernel> kernels;
  if (scaled && layer.input != Operand::shared)  // it was kept quantised
    kernels.push_back(quantisation("transpose input", groups * m * k, stored, stored));
  if (scaled) kernels.push_back(quantisation("transpose gradient", groups * m * n, gradient, stored));
  kernels.push_back(gemm(layer.name, layer.precision, {groups, n, k, m}, 2 * element_size(plan_.gradient)));
  return kernels;
}

}  // namespace superpod::models
