// A hierarchical all-reduce of 1 GiB over every NPU of a pod, of 64 pods, and of a cluster of more than a
// million NPUs; and two collectives that others take 16 and 23 s for (scenarios/peers).

#include <benchmark/benchmark.h>

#include <string>

#include "scenarios/asked/explain.hpp"
#include "scenarios/text/library.hpp"
#include "tests/bench/apart.hpp"

namespace superpod::bench {
namespace {

scenarios::ScenarioFile all_reduce(const std::string& system) {
  models::CollectiveWorkload workload;
  workload.operation = models::Operation::all_reduce;
  workload.algorithm = models::Algorithm::hierarchical;
  workload.size = 1 * unit::GiB;
  scenarios::ScenarioFile file;
  file.scenario.name = "all_reduce";
  file.scenario.system = {system, scenarios::system_named(system, scenarios::Library::standard())};
  file.scenario.workload = workload;
  return file;
}

void all_reduce_of_1_GiB(benchmark::State& state, const std::string& system) {
  simulate_apart(state, [&system] { return all_reduce(system); });
}

void case_of_a_peer(benchmark::State& state, const std::string& name) {
  simulate_apart(state, [&name] {
    return scenarios::read_scenario(SUPERPOD_ROOT "/scenarios/peers/" + name + ".yaml",
                                    scenarios::Library::standard());
  });
}

BENCHMARK_CAPTURE(case_of_a_peer, all_reduce_of_8192, "astra_sim_all_reduce")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(case_of_a_peer, all_to_all_of_4096, "astra_sim_all_to_all")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(all_reduce_of_1_GiB, one_pod, "atlas_950_superpod")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(all_reduce_of_1_GiB, pods_64, "atlas_950_supercluster")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(all_reduce_of_1_GiB, a_million, "atlas_960_supercluster")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace superpod::bench
