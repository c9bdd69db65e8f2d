#include "models/kernels/cpu/gemm_check.hpp"

#include <algorithm>
#include <stdexcept>

namespace superpod::models::cpu {

void check(const GemmShape& shape, const Activations& a, const Weights& b) {
  const auto groups = static_cast<std::int64_t>(shape.row_ends.size());
  if (shape.n < 0 || shape.k < 0 || !std::ranges::is_sorted(shape.row_ends) ||
      (groups > 0 && shape.row_ends.front() < 0))
    throw std::invalid_argument{"block_gemm: a size is negative"};
  const auto fits = [](std::size_t size, std::int64_t wanted) {
    return size == static_cast<std::size_t>(wanted);
  };
  const std::int64_t m = rows_of(shape), blocks = blocks_of(shape.k);
  if (!fits(a.codes.size(), m * shape.k) || !fits(a.scales.size(), m * blocks))
    throw std::invalid_argument{"block_gemm: A does not fit the shape"};
  if (!fits(b.codes.size(), groups * shape.n * shape.k) ||
      !fits(b.scales.size(), groups * blocks_of(shape.n) * blocks))
    throw std::invalid_argument{"block_gemm: B does not fit the shape"};
}

}  // namespace superpod::models::cpu
