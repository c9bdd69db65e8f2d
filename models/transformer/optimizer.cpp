#include "models/transformer/optimizer.hpp"

namespace superpod::models {

Bytes optimizer_state_per_parameter(const OptimizerPlan& plan) {
  return element_size(plan.master) + element_size(plan.first_moment) + element_size(plan.second_moment);
}

std::vector<Kernel> optimizer_kernels(double parameters, const OptimizerPlan& plan) {
  constexpr double norm_flops = 2;  // square and add
  constexpr double adamw_flops =
      15;  // two means 3 each, two corrections, root, quotient, decay, step, clipping
  const Bytes gradient = element_size(plan.gradient);
  const Bytes update = 2 * optimizer_state_per_parameter(plan) + gradient + stored_size(plan.weights);
  return {vector_kernel("gradient norm", Flops{norm_flops * parameters}, parameters * gradient),
          vector_kernel("AdamW", Flops{adamw_flops * parameters}, parameters * update)};
}

}  // namespace superpod::models
