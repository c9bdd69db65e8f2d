#include "models/kernels/cpu/swiglu.hpp"

#include <algorithm>
#include <tuple>

#include "models/kernels/cpu/dispatch.hpp"
#include "models/kernels/cpu/parallel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/cpu/swiglu.cpp"
#include <hwy/foreach_target.h>

#include "models/kernels/cpu/exp-inl.hpp"
#include "models/kernels/cpu/quantise_block-inl.hpp"

#ifndef SUPERPOD_MODELS_KERNELS_CPU_SWIGLU
#define SUPERPOD_MODELS_KERNELS_CPU_SWIGLU
namespace superpod::models::cpu {
namespace {

template <class Scale>
struct GatedPart {
  void (*run)(const Rows<Bf16>&, QuantisedRows<Scale>&, std::int64_t begin, std::int64_t end);
};
using GatedParts = std::tuple<GatedPart<float>, GatedPart<fp8::E8m0>>;

}  // namespace
}  // namespace superpod::models::cpu
#endif

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {
namespace {

HWY_INLINE Float gated(Float gate, Float up) {
  const Float denominator = hn::Add(hn::Set(floats, 1.0F), exp_of(hn::Neg(gate)));
  return hn::Mul(hn::Div(gate, denominator), up);
}

/// What is reckoned before it is quantised: few enough to stay in the nearest cache.
constexpr std::int64_t piece = 16 * block_cols;

/// y of `count` elements.
HWY_INLINE void gate_elements(const Bf16* gate, const Bf16* up, std::int64_t count, float* y) {
  const std::int64_t n = lanes(), whole = count / n * n;
  for (std::int64_t j = 0; j < whole; j += n) store(gated(load(gate + j), load(up + j)), y + j);
  if (whole == count) return;
  const Tail<Bf16> last_gate{gate + whole, count - whole}, last_up{up + whole, count - whole};
  float last[64];
  store(gated(load(last_gate.padded), load(last_up.padded)), last);
  std::copy_n(last, count - whole, y + whole);
}

template <class Scale>
void gate_rows(const Rows<Bf16>& gate_up, QuantisedRows<Scale>& out, std::int64_t begin, std::int64_t end) {
  const std::int64_t cols = gate_up.cols / 2;
  alignas(64) float y[piece];
  for (std::int64_t i = begin; i < end; ++i)
    for (std::int64_t j = 0; j < cols; j += piece) {
      const std::int64_t count = std::min(piece, cols - j);
      gate_elements(gate_up.row(i) + j, gate_up.row(i) + cols + j, count, y);
      quantise_row(y, count, out.codes.data() + i * cols + j,
                   out.scales.data() + i * out.scale_cols() + j / block_cols);
    }
}

}  // namespace

GatedParts gated_parts() { return {{&gate_rows<float>}, {&gate_rows<fp8::E8m0>}}; }

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace superpod::models::cpu {
namespace {
HWY_EXPORT(gated_parts);
}

template <class Scale>
void swiglu_quantise(const Rows<Bf16>& gate_up, QuantisedRows<Scale>& out, const Execution& on) {
  require_shape(gate_up, "swiglu_quantise: gate and up do not have rows * cols values");
  if (gate_up.cols % 2 != 0) throw std::invalid_argument{"swiglu_quantise: gate and up differ in width"};
  reshape(out, gate_up.rows, gate_up.cols / 2);
  const auto part = std::get<GatedPart<Scale>>(chosen(HWY_DISPATCH_TABLE(gated_parts), on.path)());
  in_parallel(gate_up.rows, on.threads,
              [&](std::int64_t begin, std::int64_t end) { part.run(gate_up, out, begin, end); });
}

template void swiglu_quantise(const Rows<Bf16>&, QuantisedRows<float>&, const Execution&);
template void swiglu_quantise(const Rows<Bf16>&, QuantisedRows<fp8::E8m0>&, const Execution&);

}  // namespace superpod::models::cpu
#endif
