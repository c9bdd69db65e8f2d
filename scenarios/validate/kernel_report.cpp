#include "scenarios/validate/kernel_report.hpp"

#include <map>
#include <tuple>

#include "models/calibration/calibrate.hpp"
#include "scenarios/asked/timing_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::KernelGroup;

analysis::KernelPoint point_of(const PredictedKernel& kernel) {
  Bytes bytes;
  for (const models::Kernel& part : kernel.row.kernels) bytes += part.bytes;
  return {.label = shape_text(kernel.row),
          .flops = models::matrix_flops(kernel.row.kernels).in(unit::FLOP),
          .bytes = bytes.in(unit::B),
          .measured = kernel.row.time,
          .predicted = kernel.predicted};
}

KernelGroup group_of(std::span<const PredictedKernel* const> rows) {
  const PredictedKernel& first = *rows.front();
  const models::KernelFamily family = family_of(first.row);
  const models::Chip& chip = *first.chip;
  KernelGroup group;
  group.name = first.row.device + ", " + text(family);
  group.implementation = first.row.implementation;
  group.source = first.row.source;
  const bool matrix = family.form != models::KernelFamily::Form::vector;
  const auto peak = matrix ? models::peak_of(chip, family.precision) : std::nullopt;
  const auto vector_peak = chip.vector_peak ? chip.vector_peak->value : FlopsPerSecond{};
  group.peak_flops = peak.value_or(vector_peak).in(unit::FLOP / unit::s);
  group.memory_bandwidth = chip.memory_bandwidth->value.in(unit::B / unit::s);
  if (first.choice.timing) group.parameters = fitted_values(*first.choice.timing);
  std::vector<double> ratios;
  for (const PredictedKernel* kernel : rows) {
    group.points.push_back(point_of(*kernel));
    ratios.push_back(kernel->predicted / kernel->row.time);
  }
  const models::PredictionError error = models::error_of(ratios);
  group.median_error = error.median;
  group.mean_error = error.mean;
  group.p90_error = error.p90;
  return group;
}

}  // namespace

analysis::KernelReport kernel_report(std::string title, std::string summary,
                                     std::span<const PredictedKernel> rows,
                                     std::vector<std::pair<std::string, int>> unread) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const PredictedKernel*>> groups;
  for (const PredictedKernel& kernel : rows)
    groups[{kernel.row.device, text(family_of(kernel.row)), kernel.row.implementation}].push_back(&kernel);
  analysis::KernelReport report;
  report.title = std::move(title);
  report.summary = std::move(summary);
  for (const auto& [key, of_group] : groups) report.groups.push_back(group_of(of_group));
  report.unread = std::move(unread);
  return report;
}

}  // namespace superpod::scenarios
