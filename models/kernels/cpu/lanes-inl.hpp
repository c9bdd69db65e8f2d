// Vectors of FP32 to and from the narrow formats. Compiled once for each target of Highway, as its guard
// says.
#if defined(SUPERPOD_MODELS_KERNELS_CPU_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SUPERPOD_MODELS_KERNELS_CPU_LANES_INL
#undef SUPERPOD_MODELS_KERNELS_CPU_LANES_INL
#else
#define SUPERPOD_MODELS_KERNELS_CPU_LANES_INL
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <cstring>

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/fp8/formats.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Words = hn::RebindToSigned<Floats>;
using Halves = hn::Rebind<std::uint16_t, Floats>;
using Octets = hn::Rebind<std::uint8_t, Floats>;
using Float = hn::Vec<Floats>;
using Word = hn::Vec<Words>;
constexpr Floats floats;
constexpr Words ints;
constexpr Halves halves;
constexpr Octets octets;

HWY_INLINE std::int64_t lanes() { return static_cast<std::int64_t>(hn::Lanes(floats)); }

HWY_INLINE Float load(const float* from) { return hn::LoadU(floats, from); }

HWY_INLINE Float load(const Bf16* from) {
  const auto bits = hn::LoadU(halves, reinterpret_cast<const std::uint16_t*>(from));
  return hn::BitCast(floats, hn::ShiftLeft<16>(hn::PromoteTo(ints, bits)));
}

/// Exact, as value(E4m3): subnormal codes are counted in units of the smallest.
HWY_INLINE Float load(const fp8::E4m3* from) {
  const Word code = hn::PromoteTo(ints, hn::LoadU(octets, reinterpret_cast<const std::uint8_t*>(from)));
  const Word magnitude = hn::And(code, hn::Set(ints, 0x7F));
  const Word sign = hn::ShiftLeft<24>(hn::And(code, hn::Set(ints, 0x80)));
  const Word normal = hn::Add(hn::ShiftLeft<20>(magnitude), hn::Set(ints, (127 - 7) << 23));
  const Float subnormal = hn::Mul(hn::ConvertTo(floats, magnitude), hn::Set(floats, 0x1p-9F));
  const Word finite =
      hn::IfThenElse(hn::Lt(magnitude, hn::Set(ints, 8)), hn::BitCast(ints, subnormal), normal);
  const Word nan = hn::Set(ints, 0x7FC00000);
  return hn::BitCast(floats,
                     hn::Or(sign, hn::IfThenElse(hn::Eq(magnitude, hn::Set(ints, 0x7F)), nan, finite)));
}

HWY_INLINE void store(Float x, float* to) { hn::StoreU(x, floats, to); }

/// As to_bf16.
HWY_INLINE void store(Float x, Bf16* to) {
  const Word bits = hn::BitCast(ints, x);
  const Word odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(ints, 1));
  const Word rounded = hn::Add(bits, hn::Add(odd, hn::Set(ints, 0x7FFF)));
  const Word quiet = hn::Or(bits, hn::Set(ints, 1 << 22));
  const Word chosen_bits = hn::IfThenElse(hn::RebindMask(ints, hn::IsNaN(x)), quiet, rounded);
  const hn::RebindToUnsigned<Words> unsigned_words;
  hn::StoreU(hn::TruncateTo(halves, hn::BitCast(unsigned_words, hn::ShiftRight<16>(chosen_bits))), halves,
             reinterpret_cast<std::uint16_t*>(to));
}

/// As to_e4m3, step by step.
HWY_INLINE Word e4m3_codes(Float x) {
  constexpr int dropped = 20;
  const Word bits = hn::BitCast(ints, x);
  const Word magnitude = hn::And(bits, hn::Set(ints, 0x7FFF'FFFF));
  const Word sign = hn::And(hn::ShiftRight<24>(bits), hn::Set(ints, 0x80));
  const Word odd = hn::And(hn::ShiftRight<dropped>(magnitude), hn::Set(ints, 1));
  const Word up = hn::Add(hn::Add(magnitude, hn::Set(ints, (1 << (dropped - 1)) - 1)), odd);
  const Word normal = hn::Sub(hn::BitCast(ints, hn::ShiftRight<dropped>(up)), hn::Set(ints, (127 - 7) << 3));
  const Float ruler = hn::Set(floats, 0x1p14F);  // its last bit is worth 2^-9, the smallest code
  const Word subnormal =
      hn::Sub(hn::BitCast(ints, hn::Add(hn::BitCast(floats, magnitude), ruler)), hn::BitCast(ints, ruler));
  const Word smallest_normal = hn::Set(ints, (127 - 6) << 23);
  const Word finite = hn::IfThenElse(hn::Lt(magnitude, smallest_normal), subnormal, normal);
  const Word saturated = hn::Min(finite, hn::Set(ints, 0x7E));
  const auto nan = hn::Gt(magnitude, hn::Set(ints, 0x7F80'0000));
  return hn::Or(sign, hn::IfThenElse(nan, hn::Set(ints, 0x7F), saturated));
}

/// The same for |x| <= 448, in half the steps.
///
/// Added to a power of two 2^20 times its own (or that of the smallest normal code, if that is larger), x is
/// rounded to the three fraction bits that it keeps, and the sum's last bits count in their unit: 8 to 16
/// where x is normal, less where not. Each step of the exponent is worth 8 codes. The 56 makes the bias right
/// modulo 256.
HWY_INLINE Word e4m3_codes_within_range(Float x) {
  const Word bits = hn::BitCast(ints, x);
  const Word magnitude = hn::And(bits, hn::Set(ints, 0x7FFF'FFFF));
  const Word power = hn::Max(hn::And(bits, hn::Set(ints, 0x7F80'0000)), hn::Set(ints, (127 - 6) << 23));
  const Word ruler = hn::Add(power, hn::Set(ints, (20 << 23) + 56));
  const Word sum = hn::BitCast(ints, hn::Add(hn::BitCast(floats, magnitude), hn::BitCast(floats, ruler)));
  const Word code = hn::And(hn::Add(sum, hn::ShiftRight<20>(power)), hn::Set(ints, 0x7F));
  return hn::Or(code, hn::And(hn::ShiftRight<24>(bits), hn::Set(ints, 0x80)));
}

HWY_INLINE void store_low_bytes(Word x, fp8::E4m3* to) {
  const hn::RebindToUnsigned<Words> unsigned_words;
  hn::StoreU(hn::TruncateTo(octets, hn::BitCast(unsigned_words, x)), octets,
             reinterpret_cast<std::uint8_t*>(to));
}

HWY_INLINE void store(Float x, fp8::E4m3* to) { store_low_bytes(e4m3_codes(x), to); }

/// The bits of |x|: they order as the magnitudes do, with NaN above infinity, so their maximum does not
/// depend on the order in which it is taken.
HWY_INLINE Word magnitude_bits(Float x) { return hn::And(hn::BitCast(ints, x), hn::Set(ints, 0x7FFF'FFFF)); }

/// The elements of a row that do not fill a vector, followed by zeros.
template <class In>
struct Tail {
  In padded[64] = {};
  HWY_INLINE Tail(const In* from, std::int64_t count) {
    std::memcpy(static_cast<void*>(padded), from, static_cast<std::size_t>(count) * sizeof(In));
  }
};

/// Calls visit(column, vector) for the elements of a row; the last vector is filled up with zeros.
template <class In, class Visit>
HWY_INLINE void along_row(const In* from, std::int64_t cols, Visit visit) {
  const std::int64_t n = lanes(), whole = cols / n * n;
  for (std::int64_t j = 0; j < whole; j += n) visit(j, load(from + j));
  if (whole < cols) visit(whole, load(Tail<In>{from + whole, cols - whole}.padded));
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
