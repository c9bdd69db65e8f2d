/// Our own fused attention in BF16.
#pragma once

#include <memory>

#include "models/kernels/cuda/device.hpp"

namespace superpod::models::cuda {

/// Null for widths, masks and precisions that it does not know, and for the backward pass.
std::unique_ptr<ReadyKernel> prepare_attention(const Kernel& kernel, std::uint64_t seed);

}  // namespace superpod::models::cuda
