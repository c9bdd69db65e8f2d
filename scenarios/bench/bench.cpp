#include "scenarios/bench/bench.hpp"

#include <algorithm>
#include <stdexcept>

#include "models/kernels/family.hpp"
#include "scenarios/bench/design.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "sim/version/version.hpp"

namespace superpod::scenarios {
namespace {

using models::Measurement;
using Caches = Measurement::Caches;

/// Emptying the caches takes longer than most kernels, so that cold runs are counted shorter.
constexpr Seconds shortest_cold_sample = 20 * unit::us;

Measurement measured(ReadyTask& ready, const Task& task, Caches caches, Effort effort) {
  if (caches == Caches::cold) effort.shortest_sample = std::min(effort.shortest_sample, shortest_cold_sample);
  const Sampled times = sampled([&](int runs) { return ready.run(runs, caches); }, effort);
  Measurement row;
  row.implementation = ready.implementation();
  row.kernels = {task.kernel};
  row.time = times.median;
  row.low = times.low;
  row.high = times.high;
  row.repeats = times.samples * times.runs;
  row.caches = caches;
  return row;
}

/// Its rows, or why it cannot run.
void measure_task(BenchDevice& device, const Task& task, const BenchPlan& plan, BenchTable& table) {
  const std::string family = task.work ? text(*task.work) : text(models::family_of(task.kernel));
  try {
    const auto ready = device.prepare(task, plan.seed);
    if (!ready) {
      ++table.left_out[family + ": no kernel of that kind and shape on this device"];
      return;
    }
    for (const Caches caches : {Caches::warm, Caches::cold})
      table.rows.push_back(measured(*ready, task, caches, plan.effort));
  } catch (const std::bad_alloc&) {
    ++table.left_out[family + ": out of memory"];
  } catch (const std::runtime_error& failure) {
    ++table.left_out[family + ": " + failure.what()];
  }
}

std::vector<std::string> comments_of(const BenchDevice& device, const BenchTable& table,
                                     const BenchPlan& plan) {
  std::vector<std::string> all{
      "title: kernels measured by superpod bench, version " + version(), "machine: " + device.notes(),
      "note: time_us is the median, low_us and high_us are the quartiles of repeats; cache: whether the "
      "caches "
      "held the operands (warm) or not (cold) before each run",
      "note: seed " + std::to_string(plan.seed) + ", " + std::to_string(plan.shapes) + " shapes asked for"};
  for (const auto& [why, count] : table.left_out)
    all.push_back("left out: " + std::to_string(count) + " of " + why);
  return all;
}

}  // namespace

BenchPlan quick_plan() {
  BenchPlan plan;
  plan.shapes = 24;
  plan.effort.least = 3;
  plan.effort.most = 15;
  plan.effort.budget = 200 * unit::ms;
  plan.effort.warm_up = 5 * unit::ms;
  return plan;
}

BenchTable measure(BenchDevice& device, const Library& library, const BenchPlan& plan,
                   const std::function<void(double)>& progress) {
  const std::vector<Task> all = tasks(models_of(library), device.abilities(), plan.shapes, plan.seed);
  BenchTable table;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (progress) progress(static_cast<double>(i) / static_cast<double>(all.size()));
    measure_task(device, all[i], plan, table);
  }
  if (table.rows.empty())
    throw std::runtime_error{"no kernel could be measured" +
                             (table.left_out.empty() ? "" : ": " + table.left_out.begin()->first)};
  const std::string name = plan.name.empty() ? device.name() : plan.name;
  for (Measurement& row : table.rows) {
    row.device = name;
    row.source = "superpod bench " + version();
  }
  table.comments = comments_of(device, table, plan);
  return table;
}

void write(std::ostream& out, const BenchTable& table) {
  write_kernel_table(out, table.rows, table.comments);
}

}  // namespace superpod::scenarios
