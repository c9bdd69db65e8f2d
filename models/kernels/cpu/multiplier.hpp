/// By which instructions a CPU multiplies matrices.
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace superpod::models::cpu {

/// `portable`, `avx2` and `avx512` multiply in FP32; `avx512_bf16` (with VBMI, which packs for it) and
/// `amx_bf16` in BF16 pairs that are summed in FP32.
enum class Multiplier { portable, avx2, avx512, avx512_bf16, amx_bf16 };

constexpr auto words(Multiplier) {
  using enum Multiplier;
  using std::pair, std::string_view;
  return std::array{pair{string_view{"portable"}, portable}, pair{string_view{"avx2"}, avx2},
                    pair{string_view{"avx512"}, avx512}, pair{string_view{"avx512_bf16"}, avx512_bf16},
                    pair{string_view{"amx_bf16"}, amx_bf16}};
}

/// Those that this CPU and its operating system offer, slowest first; never empty. The first call asks Linux
/// for the use of AMX's tiles where the CPU has them.
const std::vector<Multiplier>& multipliers();

/// The fastest of multipliers().
Multiplier fastest_multiplier();

}  // namespace superpod::models::cpu
