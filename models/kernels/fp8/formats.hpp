/// The 8-bit floating-point formats of the Open Compute Project, bit by bit.
///
/// A code is sign, exponent, fraction, from the top. With bias b and f bits of fraction it means
///
///     (-1)^sign 2^(exponent - b) (1 + fraction / 2^f)      exponent > 0
///     (-1)^sign 2^(1 - b)        (fraction / 2^f)          exponent = 0
///
/// Source: OCP 8-bit Floating Point Specification (OFP8), revision 1.0, 2023, tables 1 and 2;
///         OCP Microscaling Formats (MX) Specification, version 1.0, 2023, sections 5.4.1 and 6.3.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

namespace superpod::models::fp8 {

/// 1 sign, 4 exponent, 3 fraction bits; bias 7. No infinity; S.1111.111 is NaN, so the largest is 1.75 * 2^8.
struct E4m3 {
  std::uint8_t code = 0;
  static constexpr int fraction_bits = 3, bias = 7;
  static constexpr std::uint8_t largest_code = 0x7E, nan_code = 0x7F;
  auto operator<=>(const E4m3&) const = default;
};

/// 1 sign, 5 exponent, 2 fraction bits; bias 15. S.11111.00 is infinity, other fractions NaN, as in IEEE 754.
struct E5m2 {
  std::uint8_t code = 0;
  static constexpr int fraction_bits = 2, bias = 15;
  static constexpr std::uint8_t largest_code = 0x7B, nan_code = 0x7E;
  auto operator<=>(const E5m2&) const = default;
};

/// A scale: 8 exponent bits, bias 127, nothing else; 2^(code - 127), and 0xFF is NaN. Also called UE8M0.
struct E8m0 {
  std::uint8_t code = 0;
  static constexpr int bias = 127;
  static constexpr std::uint8_t largest_code = 0xFE, nan_code = 0xFF;
  auto operator<=>(const E8m0&) const = default;
};

namespace detail {

/// Where FP32 keeps its exponent: 2^e is (e + 127) << 23, for e in [-126, 127].
constexpr std::uint32_t power_of_two(int e) { return static_cast<std::uint32_t>(e + 127) << 23; }

constexpr std::uint32_t infinity = 0x7F80'0000;

/// Exact. A normal code's bits, put where FP32 has its exponent and fraction, lack only the difference of the
/// biases; a subnormal code counts units of the smallest one.
template <class Format>
constexpr float value_of(Format x) {
  constexpr std::uint8_t first_special = Format::largest_code + 1;
  const std::uint32_t magnitude = x.code & 0x7FU, sign = (x.code & 0x80U) << 24;
  if (magnitude >= first_special) {
    constexpr bool has_infinity = first_special + 1 < 0x80;
    const bool infinite = has_infinity && magnitude == first_special;
    return std::bit_cast<float>(sign | infinity | (infinite ? 0U : 1U << 22));
  }
  constexpr float smallest = std::bit_cast<float>(power_of_two(1 - Format::bias - Format::fraction_bits));
  const float reckoned =
      magnitude < (1U << Format::fraction_bits)
          ? static_cast<float>(magnitude) * smallest
          : std::bit_cast<float>((magnitude << (23 - Format::fraction_bits)) + power_of_two(-Format::bias));
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(reckoned));
}

/// Branchless, so that loops over arrays become vector code.
template <class Format>
constexpr Format rounded(float x) {
  constexpr int dropped = 23 - Format::fraction_bits;
  constexpr std::uint32_t half = (1U << (dropped - 1)) - 1;
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t sign = (bits >> 24) & 0x80U, magnitude = bits & 0x7FFF'FFFFU;
  // Normal: add just under half a unit, or half where the unit is odd; a carry moves into the exponent.
  const std::uint32_t normal = ((magnitude + half + ((magnitude >> dropped) & 1U)) >> dropped) -
                               (power_of_two(-Format::bias) >> dropped);
  // Subnormal: added to a float whose last bit is the smallest code's value, it is rounded there.
  constexpr std::uint32_t ruler = power_of_two(1 - Format::bias - Format::fraction_bits + 23);
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + std::bit_cast<float>(ruler)) - ruler;
  const std::uint32_t finite = magnitude < power_of_two(1 - Format::bias) ? subnormal : normal;
  const std::uint32_t saturated = finite < Format::largest_code ? finite : Format::largest_code;
  const std::uint32_t code = magnitude > infinity ? Format::nan_code : saturated;
  return {static_cast<std::uint8_t>(sign | code)};
}

}  // namespace detail

constexpr float value(E4m3 x) { return detail::value_of(x); }
constexpr float value(E5m2 x) { return detail::value_of(x); }

/// Exact; 2^-127 is an FP32 subnormal.
constexpr float value(E8m0 x) {
  if (x.code == E8m0::nan_code) return std::bit_cast<float>(detail::infinity | 1U << 22);
  return std::bit_cast<float>(x.code == 0 ? 1U << 22 : static_cast<std::uint32_t>(x.code) << 23);
}

/// A scale that is a float means itself.
constexpr float value(float x) { return x; }

constexpr float largest(E4m3) { return value(E4m3{E4m3::largest_code}); }
constexpr float largest(E5m2) { return value(E5m2{E5m2::largest_code}); }

/// floor(log2(largest)): e_max in the MX specification.
constexpr int largest_exponent(E4m3) { return 8; }
constexpr int largest_exponent(E5m2) { return 15; }

/// The nearest value; of two equally near the one with an even code. Saturating, as OFP8 calls it: overflow
/// and infinity become the largest finite value, in E5M2 too, although it has an infinity. NaN stays NaN,
/// with its sign; so does the sign of zero.
constexpr E4m3 to_e4m3(float x) { return detail::rounded<E4m3>(x); }
constexpr E5m2 to_e5m2(float x) { return detail::rounded<E5m2>(x); }

template <class Format>
constexpr Format to(float x) {
  return detail::rounded<Format>(x);
}

/// The smallest power of two that is not below `x`: divided by it, nothing overflows that did not divided by
/// `x`. 2^127 where x is larger, infinity included; 2^-127 for all x below, zero and negatives included; NaN
/// for NaN.
/// Source: DeepSeek-AI, DeepSeek-V3.1 model card, 2025 (UE8M0 scales); that its scales are rounded up is how
///         its open kernels choose them (assumed: from memory).
constexpr E8m0 to_e8m0_ceil(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if ((bits & 0x7FFF'FFFFU) > detail::infinity) return {E8m0::nan_code};
  if ((bits >> 31) != 0) return {0};
  const std::uint32_t up = bits <= 1U << 22 ? 0 : (bits + 0x7F'FFFFU) >> 23;
  return {static_cast<std::uint8_t>(up < E8m0::largest_code ? up : E8m0::largest_code)};
}

/// The scale of an MX block whose largest magnitude is `amax`:
///
///     2^(floor(log2(amax)) - e_max)
///
/// but not below 2^-127. Elements above 7/8 of the next power of two over `amax` then saturate, by at most
/// 1/8 of their value. Zero gives 1: its elements are zero in any scale. Infinity counts as 2^128. NaN for
/// NaN.
/// Source: OCP MX 1.0, section 6.3.
constexpr E8m0 mx_scale(float amax, int e_max = largest_exponent(E4m3{})) {
  const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(amax) & 0x7FFF'FFFFU;
  if (magnitude > detail::infinity) return {E8m0::nan_code};
  if (magnitude == 0) return {E8m0::bias};
  const int code = static_cast<int>(magnitude >> 23) - e_max;
  return {static_cast<std::uint8_t>(code < 0 ? 0 : code)};
}

}  // namespace superpod::models::fp8
