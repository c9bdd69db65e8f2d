// The AMX kernel's packing and indices, proven on a model of AMX in software: machines without AMX test it
// too.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>
#include <set>
#include <vector>

#include "models/kernels/cpu/amx_product.hpp"
#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/multiplier.hpp"
#include "tests/models/kernels/cpu/gemm_reference.hpp"

namespace superpod::models::cpu {
namespace {

/// One of eight, after the operation sections of Intel's description of AMX.
struct Tile {
  std::size_t rows = 0;
  std::array<std::array<float, 16>, 16> floats{};          ///< C
  std::array<std::array<std::uint16_t, 32>, 16> halves{};  ///< A and B
};

struct EmulatedTiles {
  static inline std::array<Tile, 8> tiles;

  static void configure(std::int64_t rows_0, std::int64_t rows_1) {
    tiles = {};
    for (const std::size_t tile : {0U, 1U, 4U}) tiles[tile].rows = static_cast<std::size_t>(rows_0);
    for (const std::size_t tile : {2U, 3U, 5U}) tiles[tile].rows = static_cast<std::size_t>(rows_1);
    for (const std::size_t tile : {6U, 7U}) tiles[tile].rows = 16;
  }
  template <int tile>
  static void zero() {
    tiles[tile].floats = {};
  }
  template <int tile>
  static void load(const void* from, std::int64_t stride) {
    for (std::size_t row = 0; row < tiles[tile].rows; ++row)
      std::memcpy(tiles[tile].halves[row].data(),
                  static_cast<const std::byte*>(from) + stride * static_cast<std::int64_t>(row), 64);
  }
  template <int tile>
  static void store(void* to, std::int64_t stride) {
    for (std::size_t row = 0; row < tiles[tile].rows; ++row)
      std::memcpy(static_cast<std::byte*>(to) + stride * static_cast<std::int64_t>(row),
                  tiles[tile].floats[row].data(), 64);
  }
  template <int c, int a, int b>
  static void multiply() {
    for (std::size_t m = 0; m < tiles[c].rows; ++m)
      for (std::size_t k = 0; k < 16; ++k)
        for (std::size_t n = 0; n < 16; ++n)
          for (const std::size_t half : {0U, 1U})
            tiles[c].floats[m][n] +=
                value(Bf16{tiles[a].halves[m][2 * k + half]}) * value(Bf16{tiles[b].halves[k][2 * n + half]});
  }
  static void release() { tiles = {}; }
};

/// Packing by pair_place() alone, element by element.
struct Packed {
  std::vector<std::uint16_t> a, b;
};

Packed pack(const CodeRows& a, const CodeRows& b) {
  const std::int64_t blocks = (a.k + k_block - 1) / k_block;
  Packed packed{std::vector<std::uint16_t>(static_cast<std::size_t>(blocks * k_block * a.rows)),
                std::vector<std::uint16_t>(static_cast<std::size_t>(blocks * k_block * pair_tile_cols))};
  for (std::int64_t k = 0; k < a.k; ++k) {
    const auto [pair, half] = pair_place(k % k_block);
    for (std::int64_t i = 0; i < a.rows; ++i)
      packed.a[static_cast<std::size_t>(((k / k_block * a.rows + i) * pairs_of_block + pair) * 2 + half)] =
          to_bf16(value(a.codes[i * a.stride + k])).bits;
    for (std::int64_t j = 0; j < b.rows; ++j)
      packed.b[static_cast<std::size_t>(((k / k_block * pairs_of_block + pair) * pair_tile_cols + j) * 2 +
                                        half)] = to_bf16(value(b.codes[j * b.stride + k])).bits;
  }
  return packed;
}

std::vector<fp8::E4m3> random_codes(std::int64_t count, std::mt19937& random) {
  std::uniform_int_distribution<int> code{0, fp8::E4m3::largest_code};
  std::vector<fp8::E4m3> codes;
  for (std::int64_t i = 0; i < count; ++i)
    codes.push_back({static_cast<std::uint8_t>(code(random) + 128 * (i % 3 == 0))});
  return codes;
}

TEST(PairOrder, IsAOneToOneMap) {
  std::set<std::pair<std::int64_t, std::int64_t>> places;
  for (std::int64_t k = 0; k < k_block; ++k) {
    const auto [pair, half] = pair_place(k);
    EXPECT_TRUE(half == 0 || half == 1);
    EXPECT_LT(pair, pairs_of(k + 1)) << "a shorter block does not reach " << k;
    places.insert({pair, half});
  }
  EXPECT_EQ(places.size(), 128U);
  EXPECT_EQ(places.rbegin()->first, pairs_of_block - 1);
}

TEST(AmxProduct, OnTilesInSoftwareIsTheFormulas) {
  std::mt19937 random{1};
  std::uniform_real_distribution<float> scale{0.25F, 4};
  for (const std::int64_t rows : {1, 15, 16, 17, 31, 32})
    for (const std::int64_t k : {1, 64, 65, 128, 300}) {
      const std::int64_t cols = pair_tile_cols, blocks = (k + k_block - 1) / k_block;
      const std::vector<fp8::E4m3> a = random_codes(rows * k, random), b = random_codes(cols * k, random);
      std::vector<float> scale_a(static_cast<std::size_t>(rows * blocks)),
          scale_b(static_cast<std::size_t>(blocks));
      for (float& one : scale_a) one = scale(random);
      for (float& one : scale_b) one = scale(random);
      const Packed packed = pack({a.data(), k, rows, k}, {b.data(), k, cols, k});
      std::vector<float> c(static_cast<std::size_t>(rows * cols), 1e30F);
      const TileProduct product{.a = reinterpret_cast<const std::byte*>(packed.a.data()),
                                .b = reinterpret_cast<const std::byte*>(packed.b.data()),
                                .rows = rows,
                                .k = k,
                                .scale_a = scale_a.data(),
                                .scale_a_stride = blocks,
                                .scale_b = scale_b.data(),
                                .c = c.data(),
                                .first = true};
      multiply_with<EmulatedTiles>(product);
      const ReferenceProduct exact = reference_block_gemm({{&rows, 1}, cols, k}, {a, scale_a}, {b, scale_b});
      for (std::size_t i = 0; i < c.size(); ++i)
        ASSERT_LE(std::abs(static_cast<double>(c[i]) - exact.c[i]), error_bound(k) * exact.magnitudes[i])
            << "rows " << rows << " k " << k << " at " << i;
      TileProduct again = product;
      again.first = false;
      const std::vector<float> once = c;
      multiply_with<EmulatedTiles>(again);
      for (std::size_t i = 0; i < c.size(); ++i)
        ASSERT_LE(std::abs(static_cast<double>(c[i]) - exact.c[i] - static_cast<double>(once[i])),
                  2 * error_bound(k) * (exact.magnitudes[i] + std::abs(exact.c[i])));
    }
}

TEST(PackPairs, PutsEachElementWhereThePairOrderSays) {
  if (std::ranges::count(multipliers(), Multiplier::avx512_bf16) == 0)
    GTEST_SKIP() << "packing needs AVX-512 VBMI";
  std::mt19937 random{2};
  for (const std::int64_t k :
       {64, 128, 192, 256})  // whole chunks: what pads a cut one is checked by products
    for (const std::int64_t rows : {1, 15, 16, 31, 32}) {
      const std::vector<fp8::E4m3> codes = random_codes(rows * k, random);
      const CodeRows from{codes.data(), k, rows, k};
      const Packed wanted = pack(from, from);
      Packed got{std::vector<std::uint16_t>(wanted.a.size()), std::vector<std::uint16_t>(wanted.b.size())};
      pack_pairs_a(from, reinterpret_cast<std::byte*>(got.a.data()));
      pack_pairs_b(from, reinterpret_cast<std::byte*>(got.b.data()));
      EXPECT_EQ(got.a, wanted.a) << rows << " " << k;
      EXPECT_EQ(got.b, wanted.b) << rows << " " << k;
    }
}

}  // namespace
}  // namespace superpod::models::cpu
