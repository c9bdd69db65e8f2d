// What the timing model costs (target: under 200 ns a kernel), by itself and through a chip's choice of
// timings.
#include <benchmark/benchmark.h>

#include "models/hardware/kernel_time.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::bench {
namespace {

using models::Kernel, models::Precision;

/// Shapes change from call to call, so that nothing is computed once for all.
void timed(benchmark::State& state, const Kernel& kernel, double models::MatrixShape::*rows,
           double models::AttentionShape::*keys) {
  const auto chip = scenarios::entry_named<models::Chip>("h200_sxm", scenarios::Library::standard());
  double more = 0;
  for (auto _ : state) {
    more = more < 7 ? more + 1 : 0;
    Kernel varied = kernel;
    if (rows) varied.matrix.*rows += more;
    if (keys) varied.attention.*keys += more;
    benchmark::DoNotOptimize(models::time_of(varied, chip));
  }
}

Kernel product(double m) { return models::gemm("product", Precision::fp8, {1, m, 4096, 7168}, Bytes{2}); }
Kernel experts(double m) { return models::gemm("experts", Precision::fp8, {32, m, 4096, 7168}, Bytes{2}); }
Kernel prefill() {
  return models::attention("prefill", Precision::bf16,
                           {1, 128, 128, 4096, 4096, 4096 * 4097 / 2.0, 192, 128});
}
Kernel decode() {
  return models::attention("decode", Precision::bf16, {32, 128, 1, 1, 4096, 4096, 576, 512, false, true});
}

BENCHMARK_CAPTURE(timed, product_of_1_row, product(1), &models::MatrixShape::m, nullptr);
BENCHMARK_CAPTURE(timed, product_of_4096_rows, product(4096), &models::MatrixShape::m, nullptr);
BENCHMARK_CAPTURE(timed, experts_of_64_rows, experts(64), &models::MatrixShape::m, nullptr);
BENCHMARK_CAPTURE(timed, prefill, prefill(), nullptr, &models::AttentionShape::keys);
BENCHMARK_CAPTURE(timed, decode, decode(), nullptr, &models::AttentionShape::keys);

}  // namespace
}  // namespace superpod::bench
