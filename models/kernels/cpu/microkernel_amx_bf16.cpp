// Instructions of AMX written out: GCC's intrinsics take a tile's number only as a literal, not as an
// argument.
#if defined(__x86_64__)
#include <algorithm>

#include "models/kernels/cpu/amx_product.hpp"

namespace superpod::models::cpu {
namespace {

/// LDTILECFG's operand.
struct alignas(64) TileConfiguration {
  std::uint8_t palette = 1, start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t bytes_of_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {};
};

struct AmxTiles {
  static void configure(std::int64_t rows_0, std::int64_t rows_1) {
    TileConfiguration configuration;
    const auto upper = static_cast<std::uint8_t>(rows_0), lower = static_cast<std::uint8_t>(rows_1);
    const std::uint8_t rows[8] = {upper, upper, lower, lower, upper, lower, tile_side, tile_side};
    std::copy_n(rows, 8, configuration.rows);
    asm volatile("ldtilecfg %0" : : "m"(configuration));
  }
  template <int tile>
  static void zero() {
    asm volatile("tilezero %%tmm%c0" : : "i"(tile));
  }
  template <int tile>
  static void load(const void* from, std::int64_t stride) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(stride), "i"(tile) : "memory");
  }
  template <int tile>
  static void store(void* to, std::int64_t stride) {
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(to), "r"(stride), "i"(tile) : "memory");
  }
  template <int c, int a, int b>
  static void multiply() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(c), "i"(a), "i"(b));
  }
  static void release() { asm volatile("tilerelease"); }
};

}  // namespace

Microkernel amx_bf16_microkernel() {
  return {amx_rows,     pair_tile_cols,          2,           pack_pairs_a,
          pack_pairs_b, multiply_with<AmxTiles>, stream_rows, stream_pairs};
}

}  // namespace superpod::models::cpu
#endif
