/// What the module behind device.hpp offers. It is loaded when first asked for: cuBLAS alone takes a tenth of
/// a second and 200 MB to load, which a program that times nothing must not pay.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/kernels/cuda/ready_kernel.hpp"
#include "models/kernels/kernel.hpp"

namespace superpod::models::cuda {

struct Door {
  std::optional<std::string> (*why_unavailable)();
  DeviceNotes (*notes)();
  std::unique_ptr<ReadyKernel> (*prepare)(const Kernel&, std::uint64_t);
  std::unique_ptr<ReadyKernel> (*prepare_copy)(Bytes);
  std::unique_ptr<ReadyKernel> (*prepare_launch)();
  std::unique_ptr<ReadyKernel> (*prepare_quantise)(std::int64_t, std::int64_t, std::uint64_t);
  std::unique_ptr<ReadyKernel> (*prepare_rms_norm)(std::int64_t, std::int64_t, std::uint64_t);
};

}  // namespace superpod::models::cuda

extern "C" const superpod::models::cuda::Door* superpod_cuda_door();
