#include <map>
#include <tuple>

#include "analysis/page/kernel_page.hpp"
#include "models/calibration/calibrate.hpp"
#include "scenarios/validate/kernel_report.hpp"
#include "scenarios/validate/validation.hpp"

namespace superpod::scenarios {
namespace {

Seconds time_of(double figure, const std::string& unit) {
  if (unit == "us") return figure * unit::us;
  if (unit == "s") return figure * unit::s;
  return 1 / figure * unit::s;  // tokens/s of one GPU
}

analysis::KernelReport simulated_report(std::string title, std::string summary,
                                        const Validation& validation) {
  if (validation.subject == "model")
    summary += " Training is shown as the time of a token on one GPU: errors here are of that time.";
  analysis::KernelReport report{std::move(title), std::move(summary), {}, unread_by_reason(validation)};
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const Prediction*>> groups;
  for (const Prediction& row : validation.rows)
    groups[{row.system, row.subject, row.implementation}].push_back(&row);
  for (const auto& [key, rows] : groups) {
    analysis::KernelGroup group;
    group.name = std::get<0>(key) + ", " + std::get<1>(key);
    group.implementation = std::get<2>(key);
    std::vector<Seconds> measured, predicted;
    for (const Prediction* row : rows) {
      measured.push_back(time_of(row->measured, validation.unit));
      predicted.push_back(time_of(row->predicted, validation.unit));
      group.points.push_back({row->what, 0, 0, measured.back(), predicted.back()});
    }
    const models::PredictionError error = models::error_of(predicted, measured);
    group.median_error = error.median;
    group.mean_error = error.mean;
    group.p90_error = error.p90;
    report.groups.push_back(std::move(group));
  }
  return report;
}

}  // namespace

std::string page(const Validation& validation) {
  const std::string title = std::filesystem::path{validation.table.source->name}.filename().string();
  const std::string summary = std::to_string(validation.rows.size()) + " of " +
                              std::to_string(validation.table.rows.size()) +
                              " rows predicted with the catalogue as it is.";
  if (validation.subject != "kernel")
    return analysis::kernel_page(simulated_report(title, summary, validation));
  return analysis::kernel_page(
      kernel_report(title, summary, validation.kernels, unread_by_reason(validation)));
}

}  // namespace superpod::scenarios
