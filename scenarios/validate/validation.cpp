#include "scenarios/validate/validation.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "models/calibration/calibrate.hpp"
#include "scenarios/validate/collective_rows.hpp"
#include "scenarios/validate/serving_rows.hpp"
#include "scenarios/validate/step_phases.hpp"
#include "scenarios/validate/training_rows.hpp"

namespace superpod::scenarios {
namespace {

Prediction prediction_of(const PredictedKernel& kernel) {
  const auto us = [](Seconds time) { return time.in(unit::us); };
  Prediction out{.line = kernel.row.line,
                 .system = kernel.row.device,
                 .subject = text(family_of(kernel.row)),
                 .implementation = kernel.row.implementation,
                 .what = shape_text(kernel.row),
                 .measured = us(kernel.row.time),
                 .predicted = us(kernel.predicted),
                 .interval = {},
                 .basis = basis(kernel.choice)};
  if (kernel.interval) out.interval = {us(kernel.interval->first), us(kernel.interval->second)};
  return out;
}

/// The median of predicted / measured - 1, with its sign.
double bias_of(std::vector<double> ratios) {
  std::ranges::sort(ratios);
  const std::size_t half = ratios.size() / 2;
  return (ratios.size() % 2 == 1 ? ratios[half] : (ratios[half - 1] + ratios[half]) / 2) - 1;
}

void predict_kernels(Validation& validation, const Library& library,
                     const std::function<void(double)>& progress) {
  Mistakes mistakes;
  const KernelTable table = read_kernel_table(validation.table.source, mistakes);
  require_none(mistakes);
  PredictedKernels predictions = predicted(table, library, progress);
  for (const PredictedKernel& kernel : predictions.rows) validation.rows.push_back(prediction_of(kernel));
  validation.kernels = std::move(predictions.rows);
  validation.unread = std::move(predictions.unread);
}

}  // namespace

Validation validate(const std::filesystem::path& path, const Library& library,
                    const std::function<void(double)>& progress) {
  Mistakes mistakes;
  Validation validation;
  validation.table = read_csv(path, mistakes);
  require_none(mistakes);
  const auto simulate = [&](const char* subject, const char* unit, const SimulatedDialect& dialect) {
    validation.subject = subject;
    validation.unit = unit;
    simulate_rows(validation, dialect, library, progress);
  };
  if (has_serving_rows(validation.table)) {
    predict_serving(validation, library, progress);
  } else if (has_training_rows(validation.table)) {
    simulate("model", "tokens_s_gpu", [&](const Cells& cells) { return training_row(cells, library); });
  } else if (has_step_phases(validation.table)) {
    simulate("phase", "s", step_phase);
  } else if (has_collective_rows(validation.table)) {
    simulate("collective", "us", [&](const Cells& cells) { return collective_row(cells, library); });
  } else {
    validation.subject = "kernel";
    validation.unit = "us";
    predict_kernels(validation, library, progress);
  }
  return validation;
}

std::vector<GroupError> groups(const Validation& validation) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::vector<double>> ratios;
  for (const Prediction& row : validation.rows)
    ratios[{row.system, row.subject, row.implementation, row.measure}].push_back(row.ratio());
  std::vector<GroupError> out;
  for (const auto& [key, of_group] : ratios) {
    const auto& [system, subject, implementation, measure] = key;
    out.push_back({system, subject, implementation, measure, of_group.size(), models::error_of(of_group),
                   bias_of(of_group)});
  }
  return out;
}

std::vector<std::pair<std::string, int>> unread_by_reason(const Validation& validation) {
  std::map<std::string, int> counts;
  for (const auto& [line, why] : validation.unread) ++counts[why];
  std::vector<std::pair<std::string, int>> out{counts.begin(), counts.end()};
  std::ranges::stable_sort(out, std::greater{}, &std::pair<std::string, int>::second);
  return out;
}

}  // namespace superpod::scenarios
