// Packed elements are FP32: A as [block][row][k], B as [block][k][col].
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "models/kernels/cpu/microkernel.hpp"

namespace superpod::models::cpu {
namespace {

constexpr std::int64_t tile_rows = 4, tile_cols = 8;

template <std::size_t... code>
constexpr std::array<float, 256> all_values(std::index_sequence<code...>) {
  return {value(fp8::E4m3{static_cast<std::uint8_t>(code)})...};
}
constexpr std::array<float, 256> values = all_values(std::make_index_sequence<256>{});

void pack_a(const CodeRows& from, std::byte* to) {
  auto* const packed = reinterpret_cast<float*>(to);
  for (std::int64_t row = 0; row < from.rows; ++row)
    for (std::int64_t k = 0; k < from.k; ++k)
      packed[(k / k_block * from.rows + row) * k_block + k % k_block] =
          values[from.codes[row * from.stride + k].code];
}

void pack_b(const CodeRows& from, std::byte* to) {
  auto* const packed = reinterpret_cast<float*>(to);
  for (std::int64_t col = 0; col < tile_cols; ++col)
    for (std::int64_t k = 0; k < from.k; ++k)
      packed[k * tile_cols + col] = col < from.rows ? values[from.codes[col * from.stride + k].code] : 0.0F;
}

/// One row of the tile, over one block of K.
std::array<float, tile_cols> dot_products(const float* a, const float* b, std::int64_t depth) {
  std::array<float, tile_cols> sum{};
  for (std::int64_t k = 0; k < depth; ++k)
    for (std::size_t col = 0; col < tile_cols; ++col)
      sum[col] += a[k] * b[static_cast<std::size_t>(k * tile_cols) + col];
  return sum;
}

void multiply(const TileProduct& product) {
  const auto* a = reinterpret_cast<const float*>(product.a);
  const auto* b = reinterpret_cast<const float*>(product.b);
  if (product.first) std::fill_n(product.c, product.rows * tile_cols, 0.0F);
  for (std::int64_t k = 0; k < product.k; k += k_block) {
    const std::int64_t depth = std::min(k_block, product.k - k), block = k / k_block;
    for (std::int64_t row = 0; row < product.rows; ++row, a += k_block) {
      const float scale = product.scale_a[row * product.scale_a_stride + block] * product.scale_b[block];
      const auto sum = dot_products(a, b, depth);
      for (std::size_t col = 0; col < tile_cols; ++col)
        product.c[static_cast<std::size_t>(row * tile_cols) + col] += scale * sum[col];
    }
    b += k_block * tile_cols;
  }
}

}  // namespace

Microkernel portable_microkernel() { return {tile_rows, tile_cols, sizeof(float), pack_a, pack_b, multiply}; }

}  // namespace superpod::models::cpu
