/// Where, along the measured time, predictions are too short or too long.
#pragma once

#include <cstddef>
#include <string>

#include "analysis/page/kernel_report.hpp"

namespace superpod::analysis {

/// Rows that the table below the plot lists, and that the plot rings where there are more.
inline constexpr std::size_t worst_shown = 10;

/// A figure: predicted / measured over the measured time, both logarithmic, with lines at 1, 0.9 and 1.1, the
/// band of 1 plus and minus the group's 90th percentile error, and the median of neighbouring rows. The axis
/// holds 99 of 100 rows; the others stand at its edge and are counted. Empty without a comparable row.
std::string residual_plot(const KernelGroup& group);

}  // namespace superpod::analysis
