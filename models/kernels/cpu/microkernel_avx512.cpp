// Tiles of up to 14 x 32 in FP32. Columns lie along the lanes of two registers.
#include "models/kernels/cpu/microkernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <utility>

#include "models/kernels/cpu/pack_floats.hpp"

namespace superpod::models::cpu {
namespace {

constexpr int tile_rows = 14, lanes = 16, tile_cols = 2 * lanes;

/// One block of K.
template <int rows>
[[gnu::target("avx512f,avx512bw,avx512vl")]] inline void add_block(const TileProduct& product,
                                                                   std::int64_t block, const float* a,
                                                                   const float* b) {
  __m512 sum[rows][2];
#pragma GCC unroll 14
  for (int row = 0; row < rows; ++row) sum[row][0] = sum[row][1] = _mm512_setzero_ps();
  const std::int64_t depth = std::min(k_block, product.k - block * k_block);
  for (std::int64_t k = 0; k < depth; ++k) {
    const __m512 left = _mm512_loadu_ps(b + k * tile_cols),
                 right = _mm512_loadu_ps(b + k * tile_cols + lanes);
#pragma GCC unroll 14
    for (int row = 0; row < rows; ++row) {
      const __m512 factor = _mm512_set1_ps(a[row * k_block + k]);
      sum[row][0] = _mm512_fmadd_ps(factor, left, sum[row][0]);
      sum[row][1] = _mm512_fmadd_ps(factor, right, sum[row][1]);
    }
  }
  const bool first = product.first && block == 0;
#pragma GCC unroll 14
  for (int row = 0; row < rows; ++row) {
    const __m512 scale =
        _mm512_set1_ps(product.scale_a[row * product.scale_a_stride + block] * product.scale_b[block]);
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
      float* const c = product.c + row * tile_cols + half * lanes;
      const __m512 before = first ? _mm512_setzero_ps() : _mm512_loadu_ps(c);
      _mm512_storeu_ps(c, _mm512_fmadd_ps(sum[row][half], scale, before));
    }
  }
}

template <int rows>
[[gnu::target("avx512f,avx512bw,avx512vl")]] void multiply_rows(const TileProduct& product) {
  const auto* a = reinterpret_cast<const float*>(product.a);
  const auto* b = reinterpret_cast<const float*>(product.b);
  for (std::int64_t block = 0; block * k_block < product.k; ++block) {
    add_block<rows>(product, block, a, b);
    a += rows * k_block;
    b += k_block * tile_cols;
  }
}

using Multiply = void (*)(const TileProduct&);

template <int... rows>
constexpr std::array<Multiply, sizeof...(rows)> for_each_height(std::integer_sequence<int, rows...>) {
  return {multiply_rows<rows + 1>...};
}

void multiply(const TileProduct& product) {
  static constexpr auto of_height = for_each_height(std::make_integer_sequence<int, tile_rows>{});
  of_height[static_cast<std::size_t>(product.rows - 1)](product);
}

}  // namespace

Microkernel avx512_microkernel() {
  return {tile_rows, tile_cols, sizeof(float), pack_floats_a, pack_floats_b32, multiply};
}

}  // namespace superpod::models::cpu
#endif
