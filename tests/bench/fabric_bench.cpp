// What `superpod fabric` computes for fabrics of a million NPUs (target: about a second).
#include <benchmark/benchmark.h>

#include "tests/topology/fabrics.hpp"
#include "topology/metrics/metrics.hpp"

namespace superpod::bench {
namespace {

using namespace topology;

void fabric_metrics(benchmark::State& state, const Fabric& fabric) {
  for (auto _ : state) benchmark::DoNotOptimize(metrics(Wiring(fabric)));
  state.counters["NPUs"] = static_cast<double>(npus(fabric));
}

BENCHMARK_CAPTURE(fabric_metrics, meshes_in_a_clos, fabrics::mesh_and_clos({64, 16, 16, 8, 8}))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fabric_metrics, torus, fabrics::torus({100, 100, 100}))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fabric_metrics, clos, fabrics::clos({128, 128, 64}, 2))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fabric_metrics, switched_mesh, fabrics::switched_mesh({128, 128}, 64))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fabric_metrics, dragonfly, fabrics::dragonfly(1025, 32, 32))->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace superpod::bench
