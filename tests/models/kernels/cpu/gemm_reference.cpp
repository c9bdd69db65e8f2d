#include "tests/models/kernels/cpu/gemm_reference.hpp"

#include <algorithm>
#include <cmath>

#include "models/kernels/cpu/gemm_check.hpp"

namespace superpod::models::cpu {

ReferenceProduct reference_block_gemm(const GemmShape& shape, const Activations& a, const Weights& b) {
  check(shape, a, b);
  const std::int64_t blocks = blocks_of(shape.k), m = rows_of(shape);
  ReferenceProduct result;
  std::int64_t group = 0;
  const auto at = [](std::int64_t i) { return static_cast<std::size_t>(i); };
  for (std::int64_t i = 0; i < m; ++i) {
    while (i >= shape.row_ends[at(group)]) ++group;
    for (std::int64_t j = 0; j < shape.n; ++j) {
      double sum = 0, magnitude = 0;
      for (std::int64_t block = 0; block < blocks; ++block) {
        const float scale = a.scales[at(i * blocks + block)] *
                            b.scales[at((group * blocks_of(shape.n) + j / k_block) * blocks + block)];
        double inner = 0, inner_magnitude = 0;
        for (std::int64_t k = block * k_block; k < std::min((block + 1) * k_block, shape.k); ++k) {
          const double product = static_cast<double>(value(a.codes[at(i * shape.k + k)])) *
                                 static_cast<double>(value(b.codes[at((group * shape.n + j) * shape.k + k)]));
          inner += product;
          inner_magnitude += std::abs(product);
        }
        sum += static_cast<double>(scale) * inner;
        magnitude += std::abs(static_cast<double>(scale)) * inner_magnitude;
      }
      result.c.push_back(sum);
      result.magnitudes.push_back(magnitude);
    }
  }
  return result;
}

double error_bound(std::int64_t k) {
  constexpr double unit = 0x1p-24;
  // k - 1 additions of a block and as many again for pairs, those that join chains and lanes (at most 16),
  // one multiplication by the scale, one addition for each block.
  const double roundings =
      2 * static_cast<double>(std::min(k, k_block)) + 17 + static_cast<double>(blocks_of(k));
  return roundings * unit / (1 - roundings * unit);
}

}  // namespace superpod::models::cpu
