// One block of up to 128 elements, quantised. Compiled once for each target of Highway, as its guard says.
#if defined(SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_BLOCK_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_BLOCK_INL
#undef SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_BLOCK_INL
#else
#define SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_BLOCK_INL
#endif

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "models/kernels/cpu/lanes-inl.hpp"
#include "models/kernels/fp8/block_quantise.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {

constexpr std::int64_t block_cols = fp8::activation_block.cols;

constexpr std::int32_t infinity_bits = 0x7F80'0000;

/// Zero for what is not finite: it does not count for the scale.
HWY_INLINE Word finite_only(Word magnitude) {
  return hn::IfThenElseZero(hn::Lt(magnitude, hn::Set(ints, infinity_bits)), magnitude);
}

/// As fp8::quantise_float and fp8::quantise_e8m0 choose it.
HWY_INLINE void set_scale(float amax, float& scale) {
  scale = amax == 0 ? 1.0F : std::max(amax / fp8::largest(fp8::E4m3{}), std::numeric_limits<float>::min());
}
HWY_INLINE void set_scale(float amax, fp8::E8m0& scale) {
  float fitting = 0;
  set_scale(amax, fitting);
  scale = fp8::to_e8m0_ceil(fitting);
}

/// x / scale, rounded once. A power of two has an exact reciprocal; it is what `divisor` gives then.
HWY_INLINE Float quotient(Float x, Float divisor, float) { return hn::Div(x, divisor); }
HWY_INLINE Float quotient(Float x, Float reciprocal, fp8::E8m0) { return hn::Mul(x, reciprocal); }
HWY_INLINE float divisor(float scale) { return scale; }
HWY_INLINE float divisor(fp8::E8m0 scale) { return 1.0F / fp8::value(scale); }

/// Up to 128 elements: those that fill vectors, and the rest.
template <class In>
struct Cut {
  const In* from;
  std::int64_t whole, count;
  HWY_INLINE Cut(const In* first, std::int64_t size)
      : from{first}, whole{size / lanes() * lanes()}, count{size} {}
  HWY_INLINE Tail<In> tail() const { return {from + whole, count - whole}; }
};

template <class In, class Magnitude>
HWY_INLINE std::int32_t largest_magnitude(const Cut<In>& in, Magnitude magnitude) {
  Word most = hn::Zero(ints);
  for (std::int64_t j = 0; j < in.whole; j += lanes()) most = hn::Max(most, magnitude(load(in.from + j)));
  if (in.whole < in.count) most = hn::Max(most, magnitude(load(in.tail().padded)));
  return hn::GetLane(hn::MaxOfLanes(ints, most));
}

template <class In, class Codes>
HWY_INLINE void store_codes(const Cut<In>& in, fp8::E4m3* HWY_RESTRICT to, Codes codes_of) {
  for (std::int64_t j = 0; j < in.whole; j += lanes()) store_low_bytes(codes_of(load(in.from + j)), to + j);
  if (in.whole == in.count) return;
  fp8::E4m3 codes[64];
  store_low_bytes(codes_of(load(in.tail().padded)), codes);
  std::memcpy(static_cast<void*>(to + in.whole), codes, static_cast<std::size_t>(in.count - in.whole));
}

/// Blocks of `cols` <= 128 elements, each a stride from the one before it.
template <class In, class Scale>
struct Blocks {
  std::int64_t count, cols;
  const In* from;
  std::int64_t from_stride;
  fp8::E4m3* to;
  std::int64_t to_stride;
  Scale* scales;
  std::int64_t scale_stride;
};

/// True where all elements are finite.
template <class In, class Scale>
HWY_INLINE bool scale_block(const Cut<In>& in, Scale& scale) {
  std::int32_t most = largest_magnitude(in, [](Float x) HWY_ATTR { return magnitude_bits(x); });
  const bool finite = most < infinity_bits;
  if (!finite) most = largest_magnitude(in, [](Float x) HWY_ATTR { return finite_only(magnitude_bits(x)); });
  set_scale(std::bit_cast<float>(most), scale);
  return finite;
}

/// Scales of some blocks first, then their codes: a code waits long for the maximum of its block, and the
/// processor looks only a block or so ahead.
template <class In, class Scale>
HWY_INLINE void quantise_blocks(const Blocks<In, Scale>& b) {
  constexpr std::int64_t ahead = 32;
  for (std::int64_t first = 0; first < b.count; first += ahead) {
    const std::int64_t end = std::min(first + ahead, b.count);
    bool finite[ahead];
    for (std::int64_t i = first; i < end; ++i)
      finite[i - first] =
          scale_block(Cut<In>{b.from + i * b.from_stride, b.cols}, b.scales[i * b.scale_stride]);
    for (std::int64_t i = first; i < end; ++i) {
      const Cut<In> in{b.from + i * b.from_stride, b.cols};
      const Float by = hn::Set(floats, divisor(b.scales[i * b.scale_stride]));
      fp8::E4m3* const to = b.to + i * b.to_stride;
      if (finite[i - first])
        store_codes(in, to,
                    [&](Float x) HWY_ATTR { return e4m3_codes_within_range(quotient(x, by, Scale{})); });
      else
        store_codes(in, to, [&](Float x) HWY_ATTR { return e4m3_codes(quotient(x, by, Scale{})); });
    }
  }
}

/// A row of any length.
template <class In, class Scale>
HWY_INLINE void quantise_row(const In* from, std::int64_t cols, fp8::E4m3* to, Scale* scales) {
  const std::int64_t whole = cols / block_cols, rest = cols % block_cols;
  quantise_blocks(Blocks<In, Scale>{whole, block_cols, from, block_cols, to, block_cols, scales, 1});
  if (rest > 0)
    quantise_blocks(
        Blocks<In, Scale>{1, rest, from + cols - rest, 0, to + cols - rest, 0, scales + whole, 0});
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
