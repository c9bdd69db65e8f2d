/// Warp-wide matrix instructions in BF16, and copies into shared memory that run beside them.
///
/// Of the 32 lanes of a warp, lane l holds in a 16 x 8 result the columns 2 (l % 4) and the next of the rows
/// l / 4 and 8 + l / 4, in this order.
/// Source: NVIDIA, "PTX ISA" 9.0, sections on mma.m16n8k16, ldmatrix and cp.async.
#pragma once

#include <cuda_bf16.h>

namespace superpod::models::cuda {

__device__ inline unsigned shared_address(const void* pointer) {
  return static_cast<unsigned>(__cvta_generic_to_shared(pointer));
}

/// Four 8 x 8 blocks; lane l points to row l % 8 of block l / 8.
__device__ inline void load_blocks(unsigned (&to)[4], const __nv_bfloat16* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];\n"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(shared_address(row))
               : "memory");
}

/// The same, each block transposed.
__device__ inline void load_blocks_transposed(unsigned (&to)[4], const __nv_bfloat16* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];\n"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(shared_address(row))
               : "memory");
}

/// c [16][8] += a [16][16] b [16][8].
__device__ inline void multiply_add(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};\n"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// Begins to copy 16 bytes into shared memory, or zeros instead.
__device__ inline void begin_copy(void* to, const void* from, bool zeros) {
  const int read = zeros ? 0 : 16;
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(shared_address(to)), "l"(from),
               "r"(read)
               : "memory");
}

/// All copies begun since the last call are one group.
__device__ inline void end_copy_group() { asm volatile("cp.async.commit_group;\n" ::: "memory"); }

/// Until all groups of this thread have arrived but the latest `Latest`.
template <int Latest>
__device__ inline void await_copies() {
  asm volatile("cp.async.wait_group %0;\n" ::"n"(Latest) : "memory");
}

}  // namespace superpod::models::cuda
