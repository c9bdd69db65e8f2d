/// The optimiser step: AdamW over the parameters that a rank owns.
#pragma once

#include <string_view>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/kernels/kernel.hpp"
#include "sim/values/describe.hpp"

namespace superpod::models {

/// What the optimiser keeps and reads for each parameter. Defaults: DeepSeek-V3, arXiv 2412.19437, section
/// 3.3.3: FP32 master weights and gradients, BF16 moments.
struct OptimizerPlan {
  Precision master = Precision::fp32, first_moment = Precision::bf16, second_moment = Precision::bf16;
  Precision gradient = Precision::fp32, weights = Precision::bf16;

  static constexpr std::string_view kind = "optimizer_plan";
  static constexpr auto fields() {
    return std::tuple{
        optional("master", &OptimizerPlan::master, "weights that the optimiser updates"),
        optional("first_moment", &OptimizerPlan::first_moment, "running mean of the gradient"),
        optional("second_moment", &OptimizerPlan::second_moment, "running mean of its square"),
        optional("gradient", &OptimizerPlan::gradient, "as reduced over the data-parallel ranks"),
        optional("weights", &OptimizerPlan::weights, "copy that the forward pass reads")};
  }
};

/// Master weight and both moments of one parameter: what ZeRO-1 shares out over the data-parallel ranks.
Bytes optimizer_state_per_parameter(const OptimizerPlan& plan);

/// Norm of the gradient (for clipping), then AdamW: master and moments are read and written, the gradient is
/// read, the weight copy is written.
/// Source: Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.
std::vector<Kernel> optimizer_kernels(double parameters, const OptimizerPlan& plan);

}  // namespace superpod::models
