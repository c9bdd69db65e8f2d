// Tiles of up to 14 x 32, summed by VDPBF16PS in 28 registers. Columns lie along the lanes.
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <utility>

#include "models/kernels/cpu/pair_order.hpp"

namespace superpod::models::cpu {
namespace {

constexpr int tile_rows = 14;

[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] inline __m512bh as_bf16(__m512i x) {
  return reinterpret_cast<__m512bh>(x);
}

/// Few rows are few chains of dependent sums, so they are cut: chain s sums the pairs p with p % chains == s.
template <int rows>
constexpr int chains = rows <= 2   ? 4
                       : rows <= 6 ? 2
                                   : 1;

/// One block of K.
template <int rows>
[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] inline void add_block(const TileProduct& product,
                                                                              std::int64_t block,
                                                                              const std::uint32_t* a,
                                                                              const std::uint32_t* b) {
  constexpr int ways = chains<rows>;
  const std::int64_t pairs = pairs_of(std::min(k_block, product.k - block * k_block));
  __m512 sum[ways][rows][2];
#pragma GCC unroll 4
  for (int way = 0; way < ways; ++way)
#pragma GCC unroll 14
    for (int row = 0; row < rows; ++row) sum[way][row][0] = sum[way][row][1] = _mm512_setzero_ps();
  const fp8::E4m3* const ahead = product.ahead + block * k_block;
  for (std::int64_t pair = 0; pair < pairs; pair += ways) {
    if (product.ahead != nullptr && pair % 2 == 0) {  // a row of codes for each second pair: two cache lines
      const auto* const row = reinterpret_cast<const char*>(ahead + pair / 2 * product.ahead_stride);
      _mm_prefetch(row, _MM_HINT_T0);
      _mm_prefetch(row + 64, _MM_HINT_T0);
    }
#pragma GCC unroll 4
    for (int way = 0; way < ways; ++way) {
      const std::uint32_t* const column = b + (pair + way) * pair_tile_cols;
      const __m512bh left = as_bf16(_mm512_loadu_si512(column));
      const __m512bh right = as_bf16(_mm512_loadu_si512(column + 16));
#pragma GCC unroll 14
      for (int row = 0; row < rows; ++row) {
        const __m512bh factor =
            as_bf16(_mm512_set1_epi32(static_cast<int>(a[row * pairs_of_block + pair + way])));
        sum[way][row][0] = _mm512_dpbf16_ps(sum[way][row][0], factor, left);
        sum[way][row][1] = _mm512_dpbf16_ps(sum[way][row][1], factor, right);
      }
    }
  }
  const __m512 scale_b = _mm512_set1_ps(product.scale_b[block]);
  const __mmask16 has_sum = product.first && block == 0 ? 0 : 0xFFFF;
#pragma GCC unroll 14
  for (int row = 0; row < rows; ++row) {
    const __m512 scale =
        _mm512_mul_ps(_mm512_set1_ps(product.scale_a[row * product.scale_a_stride + block]), scale_b);
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
      __m512 whole = sum[0][row][half];
#pragma GCC unroll 4
      for (int way = 1; way < ways; ++way) whole = _mm512_add_ps(whole, sum[way][row][half]);
      float* const c = product.c + row * pair_tile_cols + half * 16;
      _mm512_storeu_ps(c, _mm512_fmadd_ps(whole, scale, _mm512_maskz_loadu_ps(has_sum, c)));
    }
  }
}

template <int rows>
[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] void multiply_rows(const TileProduct& product) {
  const auto* a = reinterpret_cast<const std::uint32_t*>(product.a);
  const auto* b = reinterpret_cast<const std::uint32_t*>(product.b);
  const std::int64_t blocks = (product.k + k_block - 1) / k_block;
  for (std::int64_t row = 0; row < rows; ++row) {
    _mm_prefetch(reinterpret_cast<const char*>(product.c + row * pair_tile_cols), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char*>(product.c + row * pair_tile_cols + 16), _MM_HINT_T0);
  }
  for (std::int64_t block = 0; block < blocks; ++block) {
    add_block<rows>(product, block, a, b);
    a += rows * pairs_of_block;
    b += pairs_of_block * pair_tile_cols;
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

Microkernel avx512_bf16_microkernel() {
  return {tile_rows, pair_tile_cols, 2, pack_pairs_a, pack_pairs_b, multiply, stream_rows, stream_pairs};
}

}  // namespace superpod::models::cpu
#endif
