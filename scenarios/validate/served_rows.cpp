/// Rows of measured serving, served.
#include <algorithm>
#include <array>

#include "models/hardware/kernel_time.hpp"
#include "models/serving/served.hpp"
#include "scenarios/asked/ground.hpp"
#include "scenarios/validate/serving_rows.hpp"

namespace superpod::scenarios {
namespace {

/// Milliseconds.
struct Means {
  double ttft = 0, tpot = 0;
  [[nodiscard]] double e2e(double output_tokens) const { return ttft + tpot * (output_tokens - 1); }
};

Means means_of(const ScenarioFile& file, const models::Chip& chip, const topology::Wiring& wiring) {
  const auto& workload = std::get<models::ServingWorkload>(file.scenario.workload);
  models::ServedModel served{workload, chip, wiring};
  const models::FleetRun run = served.serve(file.scenario.seed, models::Stepping::jumps, Clock::bare);
  return {run.measures.ttft.mean().in(unit::ms), run.measures.tpot.mean().in(unit::ms)};
}

/// As predicted, and with all kernels faster and slower: the same where no error is known.
std::array<Means, 3> all_means(const ScenarioFile& file) {
  const models::Chip& chip = file.scenario.system.value.chip.value;
  const Ground ground = ground_of(file.scenario);
  const Means usual = means_of(file, chip, ground.wiring);
  if (chip.timings.empty()) return {usual, usual, usual};
  return {usual, means_of(file, models::with_kernels_off(chip, -1), ground.wiring),
          means_of(file, models::with_kernels_off(chip, 1), ground.wiring)};
}

std::vector<Prediction> predictions_of(const ServingRow& row, const std::array<Means, 3>& means) {
  std::vector<Prediction> all;
  const auto add = [&](const char* measure, double measured, const auto& of) {
    Prediction& one = all.emplace_back(row.prediction);
    one.measure = measure;
    one.measured = measured;
    one.predicted = of(means[0]);
    const double faster = of(means[1]), slower = of(means[2]);
    if (faster != slower)
      one.interval = {std::min({faster, slower, one.predicted}), std::max({faster, slower, one.predicted})};
    one.basis = "served";
  };
  add("ttft", row.ttft, [](const Means& its) { return its.ttft; });
  add("tpot", row.tpot, [](const Means& its) { return its.tpot; });
  const auto e2e = [&](const Means& its) { return its.e2e(row.output_tokens); };
  add("e2e", e2e({row.ttft, row.tpot}), e2e);
  return all;
}

}  // namespace

void predict_serving(Validation& validation, const Library& library,
                     const std::function<void(double)>& progress) {
  validation.subject = "model";
  validation.unit = "ms";
  validation.measures = {"ttft", "tpot", "e2e"};
  const auto predict = [&](const Cells& cells, const std::function<void(double)>&) {
    const ServingRow row = serving_row(cells, library);
    return predictions_of(row, all_means(first_that_runs({row.scenario}, library)));
  };
  predict_rows(validation, predict, progress);
}

}  // namespace superpod::scenarios
