// A tile of up to 128 x 128 elements, quantised along its columns and transposed. Compiled once for each
// target of Highway, as its guard says.
#if defined(SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_TILE_INL
#undef SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_TILE_INL
#else
#define SUPERPOD_MODELS_KERNELS_CPU_QUANTISE_TILE_INL
#endif

#include "models/kernels/cpu/quantise_block-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {

/// 128 x 128 codes that lie together, so that a matrix whose rows are a power of two apart does not fight for
/// one set of the cache.
struct CodeTile {
  alignas(64) std::uint8_t codes[block_cols][block_cols];
};

#if HWY_TARGET == HWY_SCALAR
/// 16 x 16 bytes.
HWY_INLINE void transpose_16(const CodeTile& from, std::int64_t row, std::int64_t col, CodeTile& to) {
  for (std::int64_t i = 0; i < 16; ++i)
    for (std::int64_t j = 0; j < 16; ++j) to.codes[col + j][row + i] = from.codes[row + i][col + j];
}
#else
/// 16 x 16 bytes: each of four rounds of interleaving row i with row i + 8 moves one bit of the row number
/// into the column number.
HWY_INLINE void transpose_16(const CodeTile& from, std::int64_t row, std::int64_t col, CodeTile& to) {
  constexpr hn::FixedTag<std::uint8_t, 16> bytes;
  hn::Vec<hn::FixedTag<std::uint8_t, 16> > a[16], b[16];
  for (int i = 0; i < 16; ++i) a[i] = hn::Load(bytes, &from.codes[row + i][col]);
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 8; ++i) {
      b[2 * i] = hn::InterleaveLower(bytes, a[i], a[i + 8]);
      b[2 * i + 1] = hn::InterleaveUpper(bytes, a[i], a[i + 8]);
    }
    for (int i = 0; i < 16; ++i) a[i] = b[i];
  }
  for (int i = 0; i < 16; ++i) hn::Store(a[i], bytes, &to.codes[col + i][row]);
}
#endif

/// A tile of `rows` x `cols` elements whose rows are `stride` apart.
template <class In>
struct InTile {
  const In* from;
  std::int64_t rows, cols, stride;
};

/// For each column its largest magnitude, as bits; true where all elements are finite.
template <class In, class Magnitude>
HWY_INLINE bool magnitudes_of_columns(const InTile<In>& in, std::int32_t* most, Magnitude magnitude) {
  for (std::int64_t i = 0; i < in.rows; ++i)
    along_row(in.from + i * in.stride, in.cols, [&](std::int64_t j, Float x) HWY_ATTR {
      hn::Store(hn::Max(hn::Load(ints, most + j), magnitude(x)), ints, most + j);
    });
  return *std::max_element(most, most + block_cols) < infinity_bits;
}

template <class In, class Scale, class Codes>
HWY_INLINE void codes_of_columns(const InTile<In>& in, CodeTile& to, const Scale* scales, Codes codes_of) {
  alignas(64) float divisors[block_cols];
  for (std::int64_t j = 0; j < block_cols; ++j) divisors[j] = divisor(scales[j]);
  for (std::int64_t i = 0; i < in.rows; ++i)
    along_row(in.from + i * in.stride, in.cols, [&](std::int64_t j, Float x) HWY_ATTR {
      const Float quotients = quotient(x, hn::Load(floats, divisors + j), Scale{});
      store_low_bytes(codes_of(quotients), reinterpret_cast<fp8::E4m3*>(&to.codes[i][j]));
    });
}

/// Row j of `to` gets the codes of column j; `scales` holds 128.
template <class In, class Scale>
HWY_INLINE void quantise_columns(const InTile<In>& in, CodeTile& to, Scale* scales) {
  alignas(64) std::int32_t most[block_cols] = {};
  const bool finite = magnitudes_of_columns(in, most, [](Float x) HWY_ATTR { return magnitude_bits(x); });
  if (!finite) {
    std::fill_n(most, block_cols, 0);
    magnitudes_of_columns(in, most, [](Float x) HWY_ATTR { return finite_only(magnitude_bits(x)); });
  }
  for (std::int64_t j = 0; j < block_cols; ++j) set_scale(std::bit_cast<float>(most[j]), scales[j]);
  CodeTile straight;
  if (finite)
    codes_of_columns(in, straight, scales, [](Float x) HWY_ATTR { return e4m3_codes_within_range(x); });
  else
    codes_of_columns(in, straight, scales, [](Float x) HWY_ATTR { return e4m3_codes(x); });
  for (std::int64_t i = 0; i < in.rows; i += 16)
    for (std::int64_t j = 0; j < in.cols; j += 16) transpose_16(straight, i, j, to);
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
