/// Predicted and measured times of kernels, group by group, as a kernel page shows them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/values/units.hpp"

namespace superpod::analysis {

/// One measured row. `predicted` is of a fit that did not see the row's shape, or of the catalogue.
struct KernelPoint {
  std::string label;  ///< the shape: `m 64, n 2112, k 7168`
  double flops = 0;   ///< FLOP of the kernel; 0 where it has none, or none are known
  double bytes = 0;   ///< that cross the memory at least once; 0 where unknown
  Seconds measured, predicted;
};

/// Rows of one kernel on one chip, predicted by one set of parameters. The error of a row is
///
///     |predicted / measured - 1|
///
/// and the three errors of a group are shares: 0.04 is 4 %.
struct KernelGroup {
  std::string name;                    ///< `h200_sxm, gemm fp8 block`
  std::string implementation, source;  ///< who computed, and where the table comes from
  double peak_flops = 0;               ///< FLOP/s of the chip in this precision; 0: unknown
  double memory_bandwidth = 0;         ///< B/s; 0: unknown
  double median_error = 0, mean_error = 0, p90_error = 0;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< name, and value with its unit
  std::vector<KernelPoint> points;
};

struct KernelReport {
  std::string title, summary;
  std::vector<KernelGroup> groups;
  std::vector<std::pair<std::string, int>> unread;  ///< why, and how many rows
};

}  // namespace superpod::analysis
