#include "models/kernels/kernel.hpp"

#include <algorithm>

namespace superpod::models {

Kernel gemm(std::string_view name, Precision precision, const MatrixShape& shape, Bytes output) {
  return gemm(name, precision, usual_scaling(precision), shape, output);
}

Kernel gemm(std::string_view name, Precision precision, Scaling scaling, const MatrixShape& shape,
            Bytes output) {
  const Bytes element = scaling == Scaling::block ? stored_size(precision) : element_size(precision);
  const auto& [groups, m, n, k] = shape;
  return {.name = name,
          .kind = groups > 1 ? Kernel::Kind::grouped_gemm : Kernel::Kind::gemm,
          .precision = precision,
          .scaling = scaling,
          .cached = precision,
          .matrix = shape,
          .attention = {},
          .flops = Flops{2 * groups * m * n * k},
          .bytes = groups * ((m * k + k * n) * element + m * n * output)};
}

Kernel attention(std::string_view name, Precision precision, const AttentionShape& shape) {
  return attention(name, precision, precision, shape);
}

Kernel attention(std::string_view name, Precision precision, Precision cached, const AttentionShape& shape) {
  const auto& [sequences, heads, kv_heads, queries, keys, pairs, qk, v, backward, shared_kv] = shape;
  const double q_and_o = sequences * queries * heads * (qk + v);
  const double k_and_v = sequences * keys * kv_heads * (shared_kv ? std::max(qk, v) : qk + v);
  const Bytes log_sum_exp = v > 0 ? sequences * queries * heads * element_size(Precision::fp32) : Bytes{};
  // Backward reads Q, K, V, O and the gradient of O, and writes those of Q, K and V: two passes over each.
  const double passes = backward ? 2 : 1;
  return {.name = name,
          .kind = Kernel::Kind::attention,
          .precision = precision,
          .scaling = Scaling::none,
          .cached = cached,
          .matrix = {},
          .attention = shape,
          .flops = Flops{sequences * heads * pairs * 2 * (backward ? 3 * qk + 2 * v : qk + v)},
          .bytes = passes * (q_and_o * stored_size(precision) + k_and_v * stored_size(cached)) + log_sum_exp};
}

Kernel vector_kernel(std::string_view name, Flops flops, Bytes traffic) {
  return {.name = name,
          .kind = Kernel::Kind::vector,
          .precision = Precision::fp32,
          .scaling = Scaling::none,
          .cached = Precision::fp32,
          .matrix = {},
          .attention = {},
          .flops = flops,
          .bytes = traffic};
}

Flops matrix_flops(std::span<const Kernel> kernels) {
  Flops sum;
  for (const Kernel& kernel : kernels)
    if (kernel.kind != Kernel::Kind::vector) sum += kernel.flops;
  return sum;
}

}  // namespace superpod::models
