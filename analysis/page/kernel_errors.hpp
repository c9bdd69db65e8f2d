/// The rows of a kernel report by their error.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/page/kernel_report.hpp"

namespace superpod::analysis {

/// Whether both times, and their ratio, are positive and finite.
bool is_comparable(const KernelPoint& point);

/// predicted / measured of a comparable row.
double ratio(const KernelPoint& point);

/// |predicted / measured - 1| of a comparable row.
double error(const KernelPoint& point);

/// The comparable rows, in their order.
std::vector<const KernelPoint*> comparable(const KernelGroup& group);

/// At most `most` comparable rows with the largest errors, worst first; rows of equal error in their order.
std::vector<const KernelPoint*> worst(const KernelGroup& group, std::size_t most);

/// The smallest value that at least `share` of `values` do not exceed; NaN of none.
double quantile(std::vector<double> values, double share);

/// The median as statisticians define it: of an even number of values, the mean of the middle two; NaN of
/// none.
double median(std::vector<double> values);

/// Share of `values` that are at most `limit`; NaN of none.
double share_within(std::span<const double> values, double limit);

}  // namespace superpod::analysis
