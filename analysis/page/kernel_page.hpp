/// How well a timing model predicts measured kernels, as one HTML file.
#pragma once

#include <string>

#include "analysis/page/kernel_report.hpp"

namespace superpod::analysis {

/// One self-contained HTML file of UTF-8 text: a table over all groups; then for each group its errors, a
/// roofline plot, a residual plot, the fitted parameters and the rows that are predicted worst; then the rows
/// that could not be predicted. It draws without scripts and prints; the same report gives the same bytes.
/// Rows whose times are not positive and finite are counted, and stand in no plot.
std::string kernel_page(const KernelReport& report);

}  // namespace superpod::analysis
