#include <vector>

#include "models/kernels/cpu/dispatch.hpp"
#include "models/kernels/cpu/expert_packing.hpp"
#include "models/kernels/cpu/parallel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/cpu/combine.cpp"
#include <hwy/foreach_target.h>

#include "models/kernels/cpu/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {

namespace {

/// The rows that make up a token, and their weights.
struct Terms {
  std::vector<const Bf16*> rows;
  std::vector<float> weights;

  Terms(const Combination& from, const Packing& packing, std::int64_t token) {
    for (std::int64_t c = token * packing.choices; c < (token + 1) * packing.choices; ++c)
      if (const std::int64_t row = packing.row_of[static_cast<std::size_t>(c)]; row >= 0) {
        rows.push_back(from.rows.row(row));
        weights.push_back(from.weights[static_cast<std::size_t>(c)]);
      }
  }
};

}  // namespace

HWY_ATTR void combine_token(const Combination& from, const Packing& packing, std::int64_t token, Bf16* out) {
  const Terms terms{from, packing, token};
  const std::int64_t cols = from.rows.cols, whole = cols / lanes() * lanes();
  for (std::int64_t j = 0; j < whole; j += lanes()) {
    Float sum = hn::Zero(floats);
    for (std::size_t i = 0; i < terms.rows.size(); ++i)
      sum = hn::MulAdd(hn::Set(floats, terms.weights[i]), load(terms.rows[i] + j), sum);
    store(sum, out + j);
  }
  for (std::int64_t j = whole; j < cols; ++j) {
    float sum = 0;
    for (std::size_t i = 0; i < terms.rows.size(); ++i) sum += terms.weights[i] * value(terms.rows[i][j]);
    out[j] = to_bf16(sum);
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
