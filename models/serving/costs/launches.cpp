#include "models/serving/costs/launches.hpp"

#include <algorithm>

#include "models/hardware/kernel_time.hpp"

namespace superpod::models {
namespace {

bool is_vector(const Kernel& kernel) { return kernel.kind == Kernel::Kind::vector; }

/// Whether tables time vector kernels together with it.
bool is_timed_with_vectors(Block block, const Kernel& kernel) {
  return block == Block::routed_experts ||
         (kernel.kind == Kernel::Kind::gemm && kernel.scaling == Scaling::block);
}

Kernel as_batched(Block block, Kernel kernel) {
  if (block == Block::attention && kernel.kind == Kernel::Kind::grouped_gemm)
    kernel.kind = Kernel::Kind::gemm;
  return kernel;
}

}  // namespace

Seconds launched_time(Block block, std::vector<Kernel> kernels, const Chip& chip) {
  const auto after_last_product =
      std::ranges::find_if_not(kernels.rbegin(), kernels.rend(), is_vector).base();
  std::rotate(kernels.begin(), after_last_product, kernels.end());  // the next block begins as this one does

  const Seconds launch = time_of(vector_kernel("nothing", Flops{}, Bytes{}), chip).time;
  Seconds sum, run;  // the latter of vector kernels, without their launch
  bool in_run = false;
  for (const Kernel& kernel : kernels) {
    const Seconds time = time_of(as_batched(block, kernel), chip).time;
    if (is_vector(kernel)) {
      run = std::max(run, time - launch);
      in_run = true;
      continue;
    }
    sum += time + run;
    if (in_run && !is_timed_with_vectors(block, kernel)) sum += launch;
    run = Seconds{};
    in_run = false;
  }
  return in_run ? sum + run + launch : sum;
}

}  // namespace superpod::models
