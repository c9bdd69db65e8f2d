// Dot products of up to 16 packed rows of A with rows of B that come straight from memory. K lies along the
// lanes.
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>

#include "models/kernels/cpu/pair_order.hpp"
#include "models/kernels/cpu/unpack_pairs.hpp"

namespace superpod::models::cpu {
namespace {

/// Rows of B that are read together: as many streams as a CPU's prefetchers follow with ease.
constexpr int streams = 4;
/// Rows of A that meet them at a time: 16 sums, which hide the latency of VDPBF16PS. Further rows find the
/// streams' codes in a cache and unpack them again, which costs less than to keep them unpacked.
constexpr int most_rows = 4;

/// Codes of each stream that are asked for before they are used. A CPU that foresees nothing beyond a page of
/// memory needs it: on a Zen 5 (4 KiB pages, one thread, one row of A) it raised 14 GB/s to 30; 512 gave 21.
constexpr std::int64_t prefetched = 2048;

using Codes = std::array<const fp8::E4m3*, streams>;

/// sum[i][j] += A[i] B[j] over a chunk of K.
template <int rows>
[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512bf16"), gnu::always_inline]] inline void add_chunk(
    const std::uint32_t* a, const __m512i (&codes)[streams], const pairs::Lookup& table,
    __m512 (&sum)[rows][streams]) {
  pairs::Pairs b[streams];
#pragma GCC unroll 4
  for (int j = 0; j < streams; ++j) b[j] = pairs::unpack(table, codes[j]);
#pragma GCC unroll 4
  for (int i = 0; i < rows; ++i) {
    const auto even = reinterpret_cast<__m512bh>(_mm512_loadu_si512(a + i * pairs_of_block));
#pragma GCC unroll 4
    for (int j = 0; j < streams; ++j)
      sum[i][j] = _mm512_dpbf16_ps(sum[i][j], even, reinterpret_cast<__m512bh>(b[j].even));
  }
#pragma GCC unroll 4
  for (int i = 0; i < rows; ++i) {
    const auto odd = reinterpret_cast<__m512bh>(_mm512_loadu_si512(a + i * pairs_of_block + 16));
#pragma GCC unroll 4
    for (int j = 0; j < streams; ++j)
      sum[i][j] = _mm512_dpbf16_ps(sum[i][j], odd, reinterpret_cast<__m512bh>(b[j].odd));
  }
}

/// The four sums over lanes.
[[gnu::target("avx512f,avx512bw,avx512vl"), gnu::always_inline]] inline __m128 over_lanes(
    const __m512 (&x)[streams]) {
  const __m512 low = _mm512_add_ps(_mm512_unpacklo_ps(x[0], x[1]), _mm512_unpackhi_ps(x[0], x[1]));
  const __m512 high = _mm512_add_ps(_mm512_unpacklo_ps(x[2], x[3]), _mm512_unpackhi_ps(x[2], x[3]));
  const __m512d l = _mm512_castps_pd(low), h = _mm512_castps_pd(high);
  const __m512 quarters =
      _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(l, h)), _mm512_castpd_ps(_mm512_unpackhi_pd(l, h)));
  const __m256 halves =
      _mm256_add_ps(_mm512_castps512_ps256(quarters),
                    _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(quarters), 1)));
  return _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps(halves, 1));
}

/// Asks for the codes that follow those of block `k`: further along the rows, else of the next streams.
[[gnu::always_inline]] inline void prefetch(const StreamProduct& product, const Codes& codes,
                                            std::int64_t k) {
  const std::int64_t further = k + prefetched, depth = product.b.k;
  const std::int64_t at = further < depth ? further : further - depth + streams * product.b.stride;
#pragma GCC unroll 4
  for (const fp8::E4m3* const row : codes) {
    __builtin_prefetch(row + at);
    __builtin_prefetch(row + at + chunk);
  }
}

/// Rows [row, row + rows) of the product with up to four columns.
template <int rows>
[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512bf16")]] void stream_rows_of(
    const StreamProduct& product, std::int64_t row, const Codes& codes, __mmask8 cols, float* c) {
  const pairs::Lookup table = pairs::lookup();
  const std::int64_t depth = product.b.k, blocks = (depth + k_block - 1) / k_block;
  const auto* a = reinterpret_cast<const std::uint32_t*>(product.a) + row * pairs_of_block;
  __m512 total[rows][streams];
  for (auto& of_row : total)
    for (__m512& one : of_row) one = _mm512_setzero_ps();
  for (std::int64_t block = 0; block < blocks; ++block, a += product.rows * pairs_of_block) {
    if (row == 0) prefetch(product, codes, block * k_block);
    __m512 sum[rows][streams];
#pragma GCC unroll 4
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < streams; ++j) sum[i][j] = _mm512_setzero_ps();
    for (std::int64_t k = block * k_block; k < std::min(block * k_block + k_block, depth); k += chunk) {
      __m512i some[streams];
#pragma GCC unroll 4
      for (std::size_t j = 0; j < streams; ++j) some[j] = pairs::load(codes[j] + k, depth - k);
      add_chunk<rows>(a + k % k_block / 2, some, table, sum);
    }
#pragma GCC unroll 4
    for (int i = 0; i < rows; ++i) {
      const float scale = product.scale_a[(row + i) * blocks + block] * product.scale_b[block];
#pragma GCC unroll 4
      for (int j = 0; j < streams; ++j)
        total[i][j] = _mm512_fmadd_ps(sum[i][j], _mm512_set1_ps(scale), total[i][j]);
    }
  }
  for (int i = 0; i < rows; ++i)
    _mm_mask_storeu_ps(c + (row + i) * product.c_stride, cols, over_lanes(total[i]));
}

void stream_some(const StreamProduct& product, const Codes& codes, __mmask8 cols, float* c) {
  for (std::int64_t row = 0; row < product.rows; row += most_rows) switch (product.rows - row) {
      case 1:
        stream_rows_of<1>(product, row, codes, cols, c);
        break;
      case 2:
        stream_rows_of<2>(product, row, codes, cols, c);
        break;
      case 3:
        stream_rows_of<3>(product, row, codes, cols, c);
        break;
      default:
        stream_rows_of<most_rows>(product, row, codes, cols, c);
    }
}

}  // namespace

void stream_pairs(const StreamProduct& product) {
  for (std::int64_t col = 0; col < product.b.rows; col += streams) {
    const std::int64_t cols = std::min<std::int64_t>(streams, product.b.rows - col);
    Codes codes;
    for (std::int64_t j = 0; j < streams;
         ++j)  // a missing stream repeats the last one, and its sums are dropped
      codes[static_cast<std::size_t>(j)] = product.b.codes + (col + std::min(j, cols - 1)) * product.b.stride;
    stream_some(product, codes, static_cast<__mmask8>((1U << cols) - 1), product.c + col);
  }
}

}  // namespace superpod::models::cpu
#endif
