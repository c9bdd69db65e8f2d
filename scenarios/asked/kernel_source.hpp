/// Which measurements a kernel's time comes from, in words.
#pragma once

#include <string>

#include "models/hardware/chip.hpp"
#include "models/kernels/kernel.hpp"

namespace superpod::scenarios {

/// E.g. `deepgemm_h800_fp8 (gemm fp8 block, error 8.3 %)`, or `roofline`. Names the entry of the catalogue
/// where the timing is another chip's or another family's. The error is the one to expect
/// (models/hardware/kernel_time.hpp).
std::string kernel_source(const models::Kernel& kernel, const models::Chip& chip);

}  // namespace superpod::scenarios
