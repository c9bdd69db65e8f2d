#include <memory>

#include "scenarios/calibration/calibration.hpp"
#include "scenarios/validate/kernel_report.hpp"

namespace superpod::scenarios {

std::string page(const Calibration& calibration) {
  const auto chip = std::make_shared<const models::Chip>(calibration.chip);
  std::vector<PredictedKernel> rows;
  for (const Calibration::Family& family : calibration.families) {
    if (family.fitted.timing.form == models::KernelFamily::Form::vector) continue;  // no rows of its own
    const double cores = chip->cores->value;
    for (std::size_t i = 0; i < family.rows.size(); ++i)
      rows.push_back({.row = family.rows[i],
                      .chip = chip,
                      .choice = {&family.fitted.timing, calibration.chip_name, true, cores},
                      .predicted = family.fitted.unseen[i],
                      .interval = {}});
  }
  return analysis::kernel_page(kernel_report(
      "Kernels of the " + calibration.chip.name,
      "Timing models fitted to measured kernels. Each row is predicted by a fit that had not seen its shape.",
      rows, calibration.unread));
}

}  // namespace superpod::scenarios
