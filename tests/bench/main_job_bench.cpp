// The main job, DeepSeek-V3's pre-training step on one Atlas 950 SuperPoD, and how it grows from 1,024 to
// 524,288 NPUs. Promised on two cores: at most 5 s and 1 GB for one pod, and at most twice that for 64.

#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <variant>

#include "scenarios/text/library.hpp"
#include "tests/bench/apart.hpp"

namespace superpod::bench {
namespace {

constexpr int npus_of_a_cabinet = 64, npus_of_a_pod = 8192;

/// The main job with its batch in proportion to the NPUs: cabinets of one pod, or some of 64 pods.
scenarios::ScenarioFile main_job(int npus) {
  const bool one_pod = npus <= npus_of_a_pod;
  const std::array<std::string, 2> settings{
      one_pod ? "system=atlas_950_superpod" : "system=atlas_950_supercluster",
      one_pod ? "workload.batch=15360" : "workload.batch=983040"};
  scenarios::ScenarioFile file =
      read_scenario(SUPERPOD_ROOT "/scenarios/deepseek_v3_pretraining_on_atlas_950.yaml",
                    scenarios::Library::standard(), settings);
  file.scenario.system.value.levels.front().count = npus / (one_pod ? npus_of_a_cabinet : npus_of_a_pod);
  std::get<models::TrainingWorkload>(file.scenario.workload).batch = 15 * npus / 8;  // 15,360 on a pod
  return file;
}

void step(benchmark::State& state) {
  const int npus = static_cast<int>(state.range(0));
  simulate_apart(state, [npus] { return main_job(npus); });
}

BENCHMARK(step)
    ->ArgName("NPUs")
    ->Arg(1024)
    ->Arg(8192)
    ->Arg(65536)
    ->Arg(524288)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace superpod::bench
