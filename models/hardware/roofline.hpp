/// How long a kernel takes on a chip that is known only by its peaks.
#pragma once

#include <string_view>

#include "models/hardware/chip.hpp"
#include "models/kernels/kernel.hpp"
#include "models/kernels/timing.hpp"

namespace superpod::models {

/// Throws the std::invalid_argument that says which figure of the catalogue the kernel needs and the chip
/// lacks.
[[noreturn]] void refuse(const Chip& chip, const Kernel& kernel, std::string_view key);

/// Time of one kernel that has the chip to itself, but for the cores that communication took.
///
///     T = launch_overhead + max(flops / (core_share * peak * matrix_efficiency),
///                               bytes / (memory_bandwidth * memory_efficiency))
///
/// A vector kernel computes at core_share * vector_peak (no such bound where that peak is unknown).
/// Assumes: each operand moves once; compute and memory overlap fully; no tile or wave quantisation.
/// Throws std::invalid_argument, with the catalogue key, when the chip lacks a figure that the kernel needs.
/// Source: Williams, Waterman & Patterson, "Roofline", CACM 52(4), 2009.
KernelTime roofline_time(const Kernel& kernel, const Chip& chip, double core_share);

}  // namespace superpod::models
