#include "models/kernels/cpu/rms_norm.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "models/kernels/cpu/dispatch.hpp"
#include "models/kernels/cpu/parallel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/cpu/rms_norm.cpp"
#include <hwy/foreach_target.h>

#include "models/kernels/cpu/quantise_block-inl.hpp"

#ifndef SUPERPOD_MODELS_KERNELS_CPU_RMS_NORM
#define SUPERPOD_MODELS_KERNELS_CPU_RMS_NORM
namespace superpod::models::cpu {
namespace {

struct RmsNorm {
  Rows<Bf16> x;
  std::span<const Bf16> weight;
  float epsilon;
};

template <class Scale>
struct NormPart {
  void (*run)(const RmsNorm&, QuantisedRows<Scale>&, std::int64_t begin, std::int64_t end);
};
using NormParts = std::tuple<NormPart<float>, NormPart<fp8::E8m0>>;

}  // namespace
}  // namespace superpod::models::cpu
#endif

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {
namespace {

float sum_of_squares(const Bf16* x, std::int64_t cols) {
  const std::int64_t n = lanes(), whole = cols / (2 * n) * (2 * n);
  Float even = hn::Zero(floats), odd = hn::Zero(floats);  // two chains of additions, for speed
  for (std::int64_t j = 0; j < whole; j += 2 * n) {
    const Float a = load(x + j), b = load(x + j + n);
    even = hn::MulAdd(a, a, even);
    odd = hn::MulAdd(b, b, odd);
  }
  float sum = hn::GetLane(hn::SumOfLanes(floats, hn::Add(even, odd)));
  for (std::int64_t j = whole; j < cols; ++j) sum += value(x[j]) * value(x[j]);
  return sum;
}

/// What is normalised before it is quantised: few enough to stay in the nearest cache.
constexpr std::int64_t piece = 16 * block_cols;

/// y of `count` elements.
HWY_INLINE void normalise(const Bf16* x, const Bf16* weight, float factor, std::int64_t count, float* y) {
  const std::int64_t n = lanes(), whole = count / n * n;
  const Float by = hn::Set(floats, factor);
  for (std::int64_t j = 0; j < whole; j += n)
    store(hn::Mul(hn::Mul(load(x + j), by), load(weight + j)), y + j);
  for (std::int64_t j = whole; j < count; ++j) y[j] = value(x[j]) * factor * value(weight[j]);
}

template <class Scale>
void norm_rows(const RmsNorm& norm, QuantisedRows<Scale>& out, std::int64_t begin, std::int64_t end) {
  const std::int64_t cols = norm.x.cols;
  alignas(64) float y[piece];
  for (std::int64_t i = begin; i < end; ++i) {
    const Bf16* x = norm.x.row(i);
    const float mean = sum_of_squares(x, cols) / static_cast<float>(cols);
    const float factor = 1.0F / std::sqrt(mean + norm.epsilon);
    for (std::int64_t j = 0; j < cols; j += piece) {
      const std::int64_t count = std::min(piece, cols - j);
      normalise(x + j, norm.weight.data() + j, factor, count, y);
      quantise_row(y, count, out.codes.data() + i * cols + j,
                   out.scales.data() + i * out.scale_cols() + j / block_cols);
    }
  }
}

}  // namespace

NormParts norm_parts() { return {{&norm_rows<float>}, {&norm_rows<fp8::E8m0>}}; }

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace superpod::models::cpu {
namespace {
HWY_EXPORT(norm_parts);
}

template <class Scale>
void rms_norm_quantise(const Rows<Bf16>& x, std::span<const Bf16> weight, float epsilon,
                       QuantisedRows<Scale>& out, const Execution& on) {
  require_shape(x, "rms_norm_quantise: x does not have rows * cols values");
  require_size(weight, x.cols, "rms_norm_quantise: the weight does not have a value for each column");
  reshape(out, x.rows, x.cols);
  const RmsNorm norm{x, weight, epsilon};
  const auto part = std::get<NormPart<Scale>>(chosen(HWY_DISPATCH_TABLE(norm_parts), on.path)());
  in_parallel(x.rows, on.threads,
              [&](std::int64_t begin, std::int64_t end) { part.run(norm, out, begin, end); });
}

template void rms_norm_quantise(const Rows<Bf16>&, std::span<const Bf16>, float, QuantisedRows<float>&,
                                const Execution&);
template void rms_norm_quantise(const Rows<Bf16>&, std::span<const Bf16>, float, QuantisedRows<fp8::E8m0>&,
                                const Execution&);

}  // namespace superpod::models::cpu
#endif
