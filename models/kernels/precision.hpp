/// In which precision a kernel reckons, and what an element costs in memory.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "sim/values/units.hpp"

namespace superpod::models {

enum class Precision { fp32, tf32, bf16, fp8, int8, fp4 };

constexpr auto words(Precision) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"fp32"}, Precision::fp32}, pair{string_view{"tf32"}, Precision::tf32},
                    pair{string_view{"bf16"}, Precision::bf16}, pair{string_view{"fp8"}, Precision::fp8},
                    pair{string_view{"int8"}, Precision::int8}, pair{string_view{"fp4"}, Precision::fp4}};
}

/// The catalogue's word for a precision, e.g. `fp8`.
std::string_view word(Precision precision);

/// Memory of one element, without block scales: TF32 lies in memory as FP32, and two FP4 share a byte.
constexpr Bytes element_size(Precision precision) {
  switch (precision) {
    case Precision::fp32:
    case Precision::tf32:
      return Bytes{4};
    case Precision::bf16:
      return Bytes{2};
    case Precision::fp8:
    case Precision::int8:
      return Bytes{1};
    case Precision::fp4:
      return Bytes{0.5};
  }
  return Bytes{};
}

/// True for the narrow formats, whose elements need a scale for each block.
constexpr bool is_block_scaled(Precision precision) {
  return element_size(precision) < element_size(Precision::bf16);
}

/// Memory of one element with its share of the block scale: 4 B for 128 elements (DeepSeek-V3, arXiv
/// 2412.19437, section 3.3.2), which is as much as 1 B for 32 (OCP Microscaling Formats specification v1.0,
/// MXFP8 and MXFP4).
constexpr Bytes stored_size(Precision precision) {
  return element_size(precision) + (is_block_scaled(precision) ? Bytes{1.0 / 32} : Bytes{});
}

}  // namespace superpod::models
