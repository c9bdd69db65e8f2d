/// E4M3 codes to pairs of BF16, 64 at a time, with AVX-512 VBMI.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>
#include <cstdint>

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/pair_order.hpp"
#include "models/kernels/fp8/formats.hpp"

namespace superpod::models::cpu::pairs {

/// The two bytes of the BF16 of each non-negative E4M3 code, which VPERMI2B looks up 64 at a time.
struct Tables {
  alignas(64) std::array<std::uint8_t, 128> low{}, high{};
};

constexpr Tables make_tables() {
  Tables tables;
  for (unsigned code = 0; code < 128; ++code) {
    const auto bits = to_bf16(value(fp8::E4m3{static_cast<std::uint8_t>(code)})).bits;
    tables.low[code] = static_cast<std::uint8_t>(bits & 0xFFU);
    tables.high[code] = static_cast<std::uint8_t>(bits >> 8);
  }
  return tables;
}
constexpr Tables tables = make_tables();

struct Lookup {
  __m512i low[2], high[2];
  __m512i sign, low_half;  ///< of each byte; of each 16 bits
};

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi")]] inline Lookup lookup() {
  Lookup all{{_mm512_load_si512(tables.low.data()), _mm512_load_si512(tables.low.data() + 64)},
             {_mm512_load_si512(tables.high.data()), _mm512_load_si512(tables.high.data() + 64)},
             _mm512_set1_epi8(static_cast<char>(0x80)),
             _mm512_set1_epi16(0x00FF)};
  // Unknown to the compiler from here on, else it makes the constants anew in every loop.
  asm(""
      : "+v"(all.low[0]), "+v"(all.low[1]), "+v"(all.high[0]), "+v"(all.high[1]), "+v"(all.sign),
        "+v"(all.low_half));
  return all;
}

/// 64 codes as two vectors of BF16: each 32-bit lane's first and third code, and its second and fourth.
struct Pairs {
  __m512i even, odd;
};

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi")]] inline Pairs unpack(const Lookup& table,
                                                                            __m512i codes) {
  const __m512i low = _mm512_permutex2var_epi8(table.low[0], codes, table.low[1]);
  const __m512i magnitude = _mm512_permutex2var_epi8(table.high[0], codes, table.high[1]);
  constexpr int or_of_and = 0xF8;  // a | (b & c)
  const __m512i high = _mm512_ternarylogic_epi32(magnitude, codes, table.sign, or_of_and);
  constexpr int select = 0xCA;  // a ? b : c
  return {_mm512_ternarylogic_epi32(table.low_half, low, _mm512_slli_epi16(high, 8), select),
          _mm512_ternarylogic_epi32(table.low_half, _mm512_srli_epi16(low, 8), high, select)};
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi")]] inline __m512i load(const fp8::E4m3* codes,
                                                                            std::int64_t count) {
  if (count >= chunk) return _mm512_loadu_si512(codes);
  return _mm512_maskz_loadu_epi8((__mmask64{1} << count) - 1, codes);
}

}  // namespace superpod::models::cpu::pairs
#endif
