#include "models/kernels/cpu/pack_floats.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

namespace superpod::models::cpu {
namespace {

constexpr std::int64_t side = 16;  ///< of the squares of codes that are turned

/// Eight codes, as value(E4m3): a subnormal one counts units of the smallest.
[[gnu::target("avx2,fma")]] inline __m256 unpack(__m128i codes) {
  const __m256i code = _mm256_cvtepu8_epi32(codes);
  const __m256i magnitude = _mm256_and_si256(code, _mm256_set1_epi32(0x7F));
  const __m256i sign = _mm256_slli_epi32(_mm256_and_si256(code, _mm256_set1_epi32(0x80)), 24);
  const __m256i normal =
      _mm256_add_epi32(_mm256_slli_epi32(magnitude, 20), _mm256_set1_epi32((127 - 7) << 23));
  const __m256 subnormal = _mm256_mul_ps(_mm256_cvtepi32_ps(magnitude), _mm256_set1_ps(0x1p-9F));
  const __m256i is_normal = _mm256_cmpgt_epi32(magnitude, _mm256_set1_epi32(7));
  const __m256i is_nan = _mm256_cmpeq_epi32(magnitude, _mm256_set1_epi32(0x7F));
  const __m256i finite = _mm256_blendv_epi8(_mm256_castps_si256(subnormal), normal, is_normal);
  const __m256i any = _mm256_blendv_epi8(finite, _mm256_set1_epi32(0x7FC0'0000), is_nan);
  return _mm256_castsi256_ps(_mm256_or_si256(sign, any));
}

[[gnu::target("avx2,fma")]] inline void unpack16(__m128i codes, float* to) {
  _mm256_storeu_ps(to, unpack(codes));
  _mm256_storeu_ps(to + 8, unpack(_mm_srli_si128(codes, 8)));
}

/// Sixteen rows of sixteen bytes, turned.
[[gnu::target("avx2,fma")]] inline void transpose(__m128i (&r)[side]) {
  for (int step = 0; step < 4; ++step) {
    __m128i t[side];
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
      t[2 * i] = _mm_unpacklo_epi8(r[i], r[i + 8]);
      t[2 * i + 1] = _mm_unpackhi_epi8(r[i], r[i + 8]);
    }
    std::copy_n(t, side, r);
  }
}

/// A square of codes at (col, k); what lies outside of `from` is zero.
[[gnu::target("avx2,fma")]] inline void load_square(const CodeRows& from, std::int64_t col, std::int64_t k,
                                                    __m128i (&to)[side]) {
  if (col + side <= from.rows && k + side <= from.k) {
    for (std::int64_t i = 0; i < side; ++i)
      to[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from.codes + (col + i) * from.stride + k));
    return;
  }
  for (std::int64_t i = 0; i < side; ++i) {
    alignas(16) fp8::E4m3 row[side] = {};
    if (col + i < from.rows)
      std::copy_n(from.codes + (col + i) * from.stride + k, std::min(side, from.k - k), row);
    to[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(row));
  }
}

/// Blocks of K follow each other without gaps, so k alone gives the place.
template <std::int64_t cols>
[[gnu::target("avx2,fma")]] void pack_b(const CodeRows& from, std::byte* to) {
  for (std::int64_t k = 0; k < from.k; k += side)
    for (std::int64_t col = 0; col < cols; col += side) {
      __m128i square[side];
      load_square(from, col, k, square);
      transpose(square);
      for (std::int64_t i = 0; i < side; ++i)
        unpack16(square[i], reinterpret_cast<float*>(to) + (k + i) * cols + col);
    }
}

}  // namespace

[[gnu::target("avx2,fma")]] void pack_floats_a(const CodeRows& from, std::byte* to) {
  auto* const packed = reinterpret_cast<float*>(to);
  for (std::int64_t row = 0; row < from.rows; ++row)
    for (std::int64_t k = 0; k < from.k; k += side) {
      const fp8::E4m3* const codes = from.codes + row * from.stride + k;
      float* const place = packed + (k / k_block * from.rows + row) * k_block + k % k_block;
      if (k + side <= from.k) {
        unpack16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes)), place);
      } else {
        std::transform(codes, codes + (from.k - k), place, [](fp8::E4m3 code) { return value(code); });
      }
    }
}

void pack_floats_b16(const CodeRows& from, std::byte* to) { pack_b<16>(from, to); }
void pack_floats_b32(const CodeRows& from, std::byte* to) { pack_b<32>(from, to); }

}  // namespace superpod::models::cpu
#endif
