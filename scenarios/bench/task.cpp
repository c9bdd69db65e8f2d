#include "scenarios/bench/task.hpp"

#include "sim/values/units.hpp"

namespace superpod::scenarios {

using models::Precision;

std::string text(const RowWork& work) {
  std::string out;
  for (const auto& [word, value] : words(work.what))
    if (value == work.what) out = word;
  if (work.what == RowWork::What::launch) return out;
  return out + " " + std::to_string(work.rows) + " x " + std::to_string(work.columns);
}

models::Kernel kernel_of(const RowWork& work) {
  using enum RowWork::What;
  const Bytes bf16 = models::element_size(Precision::bf16), fp8 = models::stored_size(Precision::fp8);
  const double elements = static_cast<double>(work.rows) * static_cast<double>(work.columns);
  const auto kernel = [&](std::string_view name, double flops, Bytes traffic) {
    return models::vector_kernel(name, Flops{flops * elements}, elements * traffic);
  };
  switch (work.what) {
    case launch:
      break;
    case copy:
      return kernel("copy", 0, 2 * bf16);
    case quantise:
      return kernel("quantise", 3, bf16 + fp8);
    case rms_norm:
      return kernel("norm", 4, 2 * bf16);
    case rms_norm_quantise:
      return kernel("norm and quantise", 4 + 3, bf16 + fp8);
    case swiglu_quantise:
      return kernel("SwiGLU and quantise", 8 + 3, 2 * bf16 + fp8);
  }
  return models::vector_kernel("launch", Flops{}, Bytes{});
}

}  // namespace superpod::scenarios
