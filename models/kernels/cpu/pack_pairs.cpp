#if defined(__x86_64__)
#include <immintrin.h>

#include "models/kernels/cpu/pair_order.hpp"
#include "models/kernels/cpu/unpack_pairs.hpp"

namespace superpod::models::cpu {
namespace {

using namespace pairs;

/// Sixteen rows of sixteen 32-bit lanes, turned.
[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi")]] inline void transpose(__m512i (&r)[16]) {
  __m512i t[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xDD);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xDD);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xDD);
    r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xDD);
  }
}

/// A chunk of K of sixteen columns.
[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi")]] inline void pack_square(const Lookup& table,
                                                                                const CodeRows& from,
                                                                                std::int64_t k,
                                                                                std::uint32_t* to) {
  constexpr std::int64_t ahead = 512;  // bytes; the rows are as many streams, too many for the CPU to foresee
  __m512i rows[16];
#pragma GCC unroll 16
  for (std::int64_t i = 0; i < 16; ++i) {
    const fp8::E4m3* const codes = from.codes + i * from.stride + k;
    rows[i] = i < from.rows ? load(codes, from.k - k) : _mm512_setzero_si512();
    _mm_prefetch(reinterpret_cast<const char*>(codes) + ahead, _MM_HINT_T0);
  }
  transpose(rows);
#pragma GCC unroll 16
  for (std::int64_t i = 0; i < 16; ++i) {
    const Pairs pairs = unpack(table, rows[i]);
    _mm512_storeu_si512(to + i * pair_tile_cols, pairs.even);
    _mm512_storeu_si512(to + (i + 16) * pair_tile_cols, pairs.odd);
  }
}

}  // namespace

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi")]] void pack_pairs_a(const CodeRows& from,
                                                                          std::byte* to) {
  const Lookup table = lookup();
  for (std::int64_t row = 0; row < from.rows; ++row)
    for (std::int64_t k = 0; k < from.k; k += chunk) {
      const Pairs pairs = unpack(table, load(from.codes + row * from.stride + k, from.k - k));
      auto* const packed = reinterpret_cast<std::uint32_t*>(to) +
                           (k / k_block * from.rows + row) * pairs_of_block + k % k_block / 2;
      _mm512_storeu_si512(packed, pairs.even);
      _mm512_storeu_si512(packed + 16, pairs.odd);
    }
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi")]] void pack_pairs_b(const CodeRows& from,
                                                                          std::byte* to) {
  const Lookup table = lookup();
  auto* const packed = reinterpret_cast<std::uint32_t*>(to);
  for (std::int64_t col = 0; col < pair_tile_cols; col += 16) {
    const CodeRows some{from.codes + col * from.stride, from.stride, from.rows - col, from.k};
    for (std::int64_t k = 0; k < from.k; k += chunk)
      pack_square(table, some, k, packed + k / 2 * pair_tile_cols + col);
  }
}

}  // namespace superpod::models::cpu
#endif
