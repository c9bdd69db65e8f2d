/// Where the BF16 microkernels put the elements of K: in pairs, for the instructions that sum two products.
///
/// The order is the one that unpacking costs least in: of four neighbouring codes, the first and the third
/// form a pair, the second and the fourth another; of 64 codes, the sixteen pairs of the first kind come
/// before those of the second. A and B agree on it, so no sum notices but in its rounding.
#pragma once

#include <cstdint>

#include "models/kernels/cpu/microkernel.hpp"

namespace superpod::models::cpu {

inline constexpr std::int64_t chunk = 64;  ///< codes that are unpacked together; blocks are cut to multiples
inline constexpr std::int64_t pairs_of_block = k_block / 2;

struct PairPlace {
  std::int64_t pair = 0;  ///< within a block of K
  std::int64_t half = 0;  ///< first or second of the pair
};

constexpr PairPlace pair_place(std::int64_t k) {
  const std::int64_t within = k % chunk, of_four = within % 4;
  return {k / chunk * (chunk / 2) + of_four % 2 * (chunk / 4) + within / 4, of_four / 2};
}

/// Pairs that `k` elements of a block fill: whole chunks, padded with zeros.
constexpr std::int64_t pairs_of(std::int64_t k) { return (k + chunk - 1) / chunk * (chunk / 2); }

/// Columns of a tile of either BF16 microkernel: packed B is [block of K][pair][col].
inline constexpr std::int64_t pair_tile_cols = 32;

void pack_pairs_a(const CodeRows& from, std::byte* to);
void pack_pairs_b(const CodeRows& from, std::byte* to);

/// Microkernel::stream, with VDPBF16PS, of both BF16 microkernels.
inline constexpr std::int64_t stream_rows = 4;
void stream_pairs(const StreamProduct& product);

}  // namespace superpod::models::cpu
