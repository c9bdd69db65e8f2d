/// The innermost part of the block-scaled GEMM: a tile of C from packed panels of A and B.
///
/// Each set of vector instructions has its own; the driver (gemm.cpp) knows them by this table of functions.
/// E4M3 values are exact in FP32 and in BF16, and so are their products in FP32, so packing loses nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/kernels/cpu/multiplier.hpp"
#include "models/kernels/fp8/formats.hpp"

namespace superpod::models::cpu {

/// Elements of K that share a scale, in A and in B.
inline constexpr std::int64_t k_block = 128;

/// Rows of codes in memory: of A, or of B, whose rows are the columns of C.
struct CodeRows {
  const fp8::E4m3* codes = nullptr;
  std::int64_t stride = 0;  ///< codes from one row to the next
  std::int64_t rows = 0, k = 0;
};

/// C[rows, cols] (+)= the sum over blocks of K of scale_a[row] scale_b A[rows, block] B[block, cols]. Both
/// panels begin at the same block, and all columns of the tile lie in one block of B's scales.
struct TileProduct {
  const std::byte* a = nullptr;    ///< what pack_a wrote for these rows
  const std::byte* b = nullptr;    ///< what pack_b wrote for these columns
  std::int64_t rows = 0, k = 0;    ///< rows <= Microkernel::rows
  const float* scale_a = nullptr;  ///< [row][block of K]
  std::int64_t scale_a_stride = 0;
  const float* scale_b = nullptr;  ///< [block of K]
  float* c = nullptr;              ///< [row][Microkernel::cols], without gaps
  const fp8::E4m3* ahead =
      nullptr;  ///< codes of as many columns that are packed next: worth a prefetch meanwhile
  std::int64_t ahead_stride = 0;
  bool first = true;  ///< writes C, else adds to it
};

/// C[rows, cols] over all of K, where the rows are so few that B's codes are best used as they stream by from
/// memory: each row of B is read from end to end, unpacked in registers, and nowhere kept.
struct StreamProduct {
  const std::byte* a = nullptr;    ///< what pack_a wrote for these rows
  std::int64_t rows = 0;           ///< <= Microkernel::stream_rows
  CodeRows b;                      ///< columns of C, in one block of B's scales
  const float* scale_a = nullptr;  ///< [row][block of K]
  const float* scale_b = nullptr;  ///< [block of K]
  float* c = nullptr;              ///< [row][stride]
  std::int64_t c_stride = 0;
};

/// `rows` and `cols` of the largest tile; cols divides 128. A packed block of K takes `element` bytes for
/// each of its 128 elements, in the last block too. pack_b fills up missing columns with zeros, so C has
/// whole tiles.
struct Microkernel {
  std::int64_t rows = 0, cols = 0, element = 0;
  void (*pack_a)(const CodeRows& from, std::byte* to) = nullptr;  ///< [block of K][row][element]
  void (*pack_b)(const CodeRows& from, std::byte* to) = nullptr;  ///< [block of K][its own order][col]
  void (*multiply)(const TileProduct& product) = nullptr;
  std::int64_t stream_rows = 0;  ///< 0: it does not stream
  void (*stream)(const StreamProduct& product) = nullptr;
};

/// Throws std::invalid_argument unless this machine has it.
Microkernel microkernel(Multiplier multiplier);

Microkernel portable_microkernel();
Microkernel avx2_microkernel();
Microkernel avx512_microkernel();
Microkernel avx512_bf16_microkernel();
Microkernel amx_bf16_microkernel();

}  // namespace superpod::models::cpu
