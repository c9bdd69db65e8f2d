/// A tile of C with AMX, written for any unit that has AMX's eight tiles: the CPU's own, or a model of it in
/// software, by which tests prove packing and indices on machines without AMX.
///
/// A Tiles has static functions. Tile numbers are template arguments, a tile is up to 16 rows of 64 B:
///     configure(rows_0, rows_1)  C tiles 0, 1 and A tile 4 have rows_0 rows, C 2, 3 and A 5 rows_1; all zero
///     zero<t>(), load<t>(from, stride in bytes), store<t>(to, stride in bytes)
///     multiply<c, a, b>()        TDPBF16PS
///     release()
/// Source: Intel, Architecture Instruction Set Extensions Programming Reference, chapter on AMX.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/kernels/cpu/pair_order.hpp"

namespace superpod::models::cpu {

/// 2 x 2 tiles of C, 16 x 16 each.
inline constexpr std::int64_t tile_side = 16, amx_rows = 2 * tile_side;

/// Sums of one block of K, unscaled: C tiles 0 to 3 are at (0, 0), (0, 16), (16, 0), (16, 16) of `to`.
template <class Tiles>
void multiply_block(const std::uint32_t* a, const std::uint32_t* b, std::int64_t rows, std::int64_t pairs,
                    float (&to)[amx_rows][pair_tile_cols]) {
  constexpr std::int64_t a_stride = pairs_of_block * 4, b_stride = pair_tile_cols * 4,
                         c_stride = sizeof(to[0]);
  const bool tall = rows > tile_side;
  Tiles::template zero<0>();
  Tiles::template zero<1>();
  if (tall) {
    Tiles::template zero<2>();
    Tiles::template zero<3>();
  }
  for (std::int64_t pair = 0; pair < pairs; pair += tile_side) {
    Tiles::template load<6>(b + pair * pair_tile_cols, b_stride);
    Tiles::template load<7>(b + pair * pair_tile_cols + tile_side, b_stride);
    Tiles::template load<4>(a + pair, a_stride);
    Tiles::template multiply<0, 4, 6>();
    Tiles::template multiply<1, 4, 7>();
    if (tall) {
      Tiles::template load<5>(a + tile_side * pairs_of_block + pair, a_stride);
      Tiles::template multiply<2, 5, 6>();
      Tiles::template multiply<3, 5, 7>();
    }
  }
  Tiles::template store<0>(&to[0][0], c_stride);
  Tiles::template store<1>(&to[0][tile_side], c_stride);
  if (tall) {
    Tiles::template store<2>(&to[tile_side][0], c_stride);
    Tiles::template store<3>(&to[tile_side][tile_side], c_stride);
  }
}

/// Microkernel::multiply.
template <class Tiles>
void multiply_with(const TileProduct& product) {
  const auto* a = reinterpret_cast<const std::uint32_t*>(product.a);
  const auto* b = reinterpret_cast<const std::uint32_t*>(product.b);
  Tiles::configure(std::min(product.rows, tile_side), std::max<std::int64_t>(product.rows - tile_side, 1));
  for (std::int64_t k = 0; k < product.k; k += k_block) {
    alignas(64) float sum[amx_rows][pair_tile_cols];
    multiply_block<Tiles>(a, b, product.rows, pairs_of(std::min(k_block, product.k - k)), sum);
    for (std::int64_t row = 0; row < product.rows; ++row) {
      const float scale =
          product.scale_a[row * product.scale_a_stride + k / k_block] * product.scale_b[k / k_block];
      float* const c = product.c + row * pair_tile_cols;
      for (std::int64_t col = 0; col < pair_tile_cols; ++col) {
        const float before = product.first && k == 0 ? 0.0F : c[col];
        c[col] = before + scale * sum[row][col];
      }
    }
    a += product.rows * pairs_of_block;
    b += pairs_of_block * pair_tile_cols;
  }
  Tiles::release();
}

}  // namespace superpod::models::cpu
