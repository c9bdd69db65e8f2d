// What it costs to draw requests (target: 20 million a second).
#include <benchmark/benchmark.h>

#include <utility>

#include "models/serving/requests/request_stream.hpp"

namespace superpod::bench {
namespace {

using namespace models;
using unit::s, unit::Hz;

void stream(benchmark::State& state, Lengths input_tokens, RequestLoad load) {
  RequestStream stream{{.source = SyntheticRequests{std::move(input_tokens), FixedLength{256}},
                        .load = std::move(load),
                        .stop = {},
                        .warm_up = 0},
                       {}};
  for (auto _ : state) benchmark::DoNotOptimize(stream.next());
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(stream, poisson_fixed, FixedLength{4096}, PoissonLoad{1000 * Hz});
BENCHMARK_CAPTURE(stream, poisson_uniform, UniformLength{3277, 4096}, PoissonLoad{1000 * Hz});
BENCHMARK_CAPTURE(stream, poisson_lognormal, LognormalLength{2048, 1, 131'072}, PoissonLoad{1000 * Hz});
BENCHMARK_CAPTURE(stream, gamma_fixed, FixedLength{4096}, GammaLoad{1000 * Hz, 2});
BENCHMARK_CAPTURE(stream, day_fixed, FixedLength{4096},
                  RampLoad{{{0 * s, 100 * Hz}, {43'200 * s, 1000 * Hz}, {86'400 * s, 100 * Hz}}, 86'400 * s});

}  // namespace
}  // namespace superpod::bench
