/// BF16: the upper half of an FP32.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

namespace superpod::models::cpu {

/// 1 sign, 8 exponent, 7 fraction bits; bias 127; infinities and NaN as in IEEE 754.
struct Bf16 {
  std::uint16_t bits = 0;
  auto operator<=>(const Bf16&) const = default;
};

/// Exact.
constexpr float value(Bf16 x) { return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16); }

/// The nearest value, of two equally near the one with an even code; too large becomes infinity, NaN a quiet
/// NaN.
constexpr Bf16 to_bf16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const bool nan = (bits & 0x7FFF'FFFFU) > 0x7F80'0000U;
  const std::uint32_t rounded = bits + 0x7FFFU + ((bits >> 16) & 1U);
  return {static_cast<std::uint16_t>((nan ? bits | 1U << 22 : rounded) >> 16)};
}

}  // namespace superpod::models::cpu
