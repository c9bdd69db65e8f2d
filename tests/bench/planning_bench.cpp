// What the search of a plan costs (target: at least 100,000 mappings a second a core), with everything that
// it computes for each of them: geometry, exchanges, kernels, memory and the bound. `items_per_second` are
// mappings.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "models/search/best.hpp"
#include "scenarios/asked/scenario.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::bench {
namespace {

using models::Searched;

/// A training of the catalogue's scenarios, whose mapping the search is to find.
struct Case {
  scenarios::ScenarioFile file;
  models::TrainingWorkload workload;
  topology::Wiring wiring;

  explicit Case(const std::string& name)
      : file{scenarios::read_scenario(std::string{SUPERPOD_ROOT "/scenarios/"} + name + ".yaml",
                                      scenarios::Library::standard())},
        workload{std::get<models::TrainingWorkload>(file.scenario.workload)},
        wiring{file.scenario.system.value.fabric()} {
    workload.layers_per_stage.reset();
  }
  [[nodiscard]] const models::Chip& chip() const { return file.scenario.system.value.chip.value; }
  [[nodiscard]] Searched searched() const {
    models::StepBounds bounds{workload, chip(), wiring};
    return search(bounds, {}, {workload.batch, 0.05});
  }
};

void bounds_of_all_mappings(benchmark::State& state, const std::string& name) {
  const Case of{name};
  double mappings = 0;
  for (auto _ : state) mappings += of.searched().choices;
  state.SetItemsProcessed(static_cast<std::int64_t>(mappings));
  state.counters["mappings"] = mappings / static_cast<double>(state.iterations());
}

/// Of the least bounds: the model is cut for each.
void refined_bounds(benchmark::State& state, const std::string& name) {
  const Case of{name};
  Searched found = of.searched();
  std::ranges::sort(found.candidates, {}, &models::Candidate::per_sequence);
  models::StepBounds bounds{of.workload, of.chip(), of.wiring};
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(bounds.refined(found.candidates[next++ % found.candidates.size()].choice));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(bounds_of_all_mappings, h800_2048, "deepseek_v3_pretraining_on_2048_h800")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bounds_of_all_mappings, atlas_950, "deepseek_v3_pretraining_on_atlas_950")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bounds_of_all_mappings, llama3_405b, "llama3_405b_pretraining_on_dgx_h100")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(refined_bounds, h800_2048, "deepseek_v3_pretraining_on_2048_h800")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(300);

}  // namespace
}  // namespace superpod::bench
