#include <array>
#include <map>

#include "analysis/page/kernel_page.hpp"
#include "models/calibration/calibrate.hpp"
#include "scenarios/validate/kernel_report.hpp"
#include "scenarios/validate/validation.hpp"

namespace superpod::scenarios {
namespace {

Seconds time_of(double figure, const std::string& unit) {
  if (unit == "us") return figure * unit::us;
  if (unit == "ms") return figure * unit::ms;
  if (unit == "s") return figure * unit::s;
  return 1 / figure * unit::s;  // tokens/s of one GPU
}

analysis::KernelReport simulated_report(std::string title, std::string summary,
                                        const Validation& validation) {
  if (validation.unit == "tokens_s_gpu")
    summary += " Training is shown as the time of a token on one GPU: errors here are of that time.";
  analysis::KernelReport report{std::move(title), std::move(summary), {}, unread_by_reason(validation)};
  std::map<std::array<std::string, 4>, std::vector<const Prediction*>> groups;
  for (const Prediction& row : validation.rows)
    groups[{row.system, row.subject, row.implementation, row.measure}].push_back(&row);
  for (const auto& [key, rows] : groups) {
    analysis::KernelGroup group;
    group.name = key[0] + ", " + key[1] + (key[3].empty() ? "" : ", " + key[3]);
    group.implementation = key[2];
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
  const std::string summary = std::to_string(validation.predicted()) + " of " +
                              std::to_string(validation.table.rows.size()) +
                              " rows predicted with the catalogue as it is.";
  if (validation.subject != "kernel")
    return analysis::kernel_page(simulated_report(title, summary, validation));
  return analysis::kernel_page(
      kernel_report(title, summary, validation.kernels, unread_by_reason(validation)));
}

}  // namespace superpod::scenarios
