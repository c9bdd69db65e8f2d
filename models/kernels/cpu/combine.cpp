#include <algorithm>
#include <stdexcept>

#include "models/kernels/cpu/dispatch.hpp"
#include "models/kernels/cpu/expert_packing.hpp"
#include "models/kernels/cpu/parallel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/cpu/combine.cpp"
#include <hwy/foreach_target.h>

#include "models/kernels/cpu/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {

/// One token. A part of the columns at a time, so that its sums stay in the nearest cache.
HWY_ATTR void combine_token(const Combination& from, const Packing& packing, std::int64_t token, Bf16* out) {
  constexpr std::int64_t part = 1024;
  alignas(64) float sums[part];
  const std::int64_t cols = from.rows.cols, n = lanes();
  for (std::int64_t begin = 0; begin < cols; begin += part) {
    const std::int64_t count = std::min(part, cols - begin), whole = count / n * n;
    std::fill_n(sums, count, 0.0F);
    for (std::int64_t c = token * packing.choices; c < (token + 1) * packing.choices; ++c) {
      const std::int64_t row = packing.row_of[static_cast<std::size_t>(c)];
      if (row < 0) continue;
      const Bf16* x = from.rows.row(row) + begin;
      const float weight = from.weights[static_cast<std::size_t>(c)];
      const Float weights = hn::Set(floats, weight);
      for (std::int64_t j = 0; j < whole; j += n)
        store(hn::MulAdd(weights, load(x + j), load(sums + j)), sums + j);
      for (std::int64_t j = whole; j < count; ++j) sums[j] += weight * value(x[j]);
    }
    for (std::int64_t j = 0; j < whole; j += n) store(load(sums + j), out + begin + j);
    for (std::int64_t j = whole; j < count; ++j) out[begin + j] = to_bf16(sums[j]);
  }
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace superpod::models::cpu {
namespace {
HWY_EXPORT(combine_token);
}

void combine(const Combination& combination, const Packing& packing, std::span<Bf16> out,
             const Execution& on) {
  const std::int64_t cols = combination.rows.cols;
  require_shape(combination.rows, "combine: the experts' rows do not have rows * cols values");
  require_size(packing.token, combination.rows.rows, "combine: the rows are not those of the packing");
  require_size(combination.weights, packing.tokens * packing.choices, "combine: a choice needs a weight");
  require_size(out, packing.tokens * cols, "combine: the result needs tokens * cols values");
  const auto token = chosen(HWY_DISPATCH_TABLE(combine_token), on.path);
  in_parallel(packing.tokens, on.threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t t = begin; t < end; ++t) token(combination, packing, t, out.data() + t * cols);
  });
}

}  // namespace superpod::models::cpu
#endif
