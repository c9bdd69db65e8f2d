/// Dense and grouped products through cuBLAS.
#pragma once

#include <memory>

#include "models/kernels/cuda/device.hpp"

namespace superpod::models::cuda {

/// Null where neither cuBLAS nor this device has such a product.
std::unique_ptr<ReadyKernel> prepare_gemm(const Kernel& kernel, std::uint64_t seed);

/// E.g. "cuBLASLt 13.1.0".
std::string cublas_lt_version();

}  // namespace superpod::models::cuda
