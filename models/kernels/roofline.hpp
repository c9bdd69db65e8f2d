/// How long a kernel takes on a chip that is known only by its peaks.
#pragma once

#include <span>

#include "models/chip.hpp"
#include "models/kernels/kernel.hpp"

namespace superpod::models {

struct KernelTime {
  enum class Bound { compute, memory, launch };

  Seconds time;
  Bound bound = Bound::launch;  ///< what most of the time is
};

/// Time of one kernel that has the chip to itself, but for the cores that communication took.
///
///     T = launch_overhead + max(flops / (core_share * peak * matrix_efficiency),
///                               bytes / (memory_bandwidth * memory_efficiency))
///
/// A vector kernel computes at core_share * vector_peak (no such bound where that peak is unknown).
/// `core_share` in (0, 1] is the share of the cores that compute: DeepSeek-V3 leaves 112 of 132 (arXiv
/// 2412.19437, section 3.2.2). It takes nothing from the HBM, which a part of the cores saturates.
/// Assumes: each operand moves once; compute and memory overlap fully; no tile or wave quantisation.
/// Throws std::invalid_argument, with the catalogue key, when the chip lacks a figure that the kernel needs.
/// Source: Williams, Waterman & Patterson, "Roofline", CACM 52(4), 2009.
KernelTime time_of(const Kernel& kernel, const Chip& chip, double core_share = 1);

/// One after the other.
Seconds total_time(std::span<const Kernel> kernels, const Chip& chip, double core_share = 1);

}  // namespace superpod::models
