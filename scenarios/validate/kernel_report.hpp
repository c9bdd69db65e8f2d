/// Measured and predicted kernels, for the page that shows them.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/page/kernel_page.hpp"
#include "scenarios/validate/kernel_rows.hpp"

namespace superpod::scenarios {

/// Rows of one chip, family and implementation make a group, in alphabetic order; its errors are those of its
/// rows, its parameters those of the timing that predicted the first of them.
analysis::KernelReport kernel_report(std::string title, std::string summary,
                                     std::span<const PredictedKernel> rows,
                                     std::vector<std::pair<std::string, int>> unread);

}  // namespace superpod::scenarios
