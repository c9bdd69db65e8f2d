/// Packing for the FP32 microkernels, with AVX2: A as [block of K][row][k], B as [block of K][k][col].
#pragma once

#include <cstddef>

#include "models/kernels/cpu/microkernel.hpp"

namespace superpod::models::cpu {

void pack_floats_a(const CodeRows& from, std::byte* to);
void pack_floats_b16(const CodeRows& from, std::byte* to);  ///< tiles of 16 columns
void pack_floats_b32(const CodeRows& from, std::byte* to);  ///< of 32

}  // namespace superpod::models::cpu
