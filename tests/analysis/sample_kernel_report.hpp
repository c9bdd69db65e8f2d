/// A kernel report with known answers.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>

#include "analysis/page/kernel_report.hpp"

namespace superpod::analysis::sample {

/// A group of a chip with a ridge at 250 FLOP/B: `rows` products at 100 FLOP/B (under the memory's roof)
/// whose predictions are off by 1 %, 2 %, ... in turn too long and too short.
inline KernelGroup products(int rows) {
  KernelGroup group{
      "h200_sxm, gemm fp8 block", "a library 1.0", "a table", 1000e12, 4e12, 0.05, 0.055, 0.09, {}, {}};
  group.parameters = {{"launch", "2.4 µs"}, {"tile_efficiency", "0.87"}};
  for (int i = 1; i <= rows; ++i) {
    const double bytes = 1e6 * i;
    const Seconds measured = bytes / 2e12 * unit::s + 2 * unit::us;
    const double sign = i % 2 == 0 ? -1 : 1;
    group.points.push_back({"m " + std::to_string(i) + ", n 2112, k 7168", 100 * bytes, bytes, measured,
                            (1 + sign * i / 100.0) * measured});
  }
  return group;
}

inline KernelGroup copies() {
  KernelGroup group{"h200_sxm, copy", "", "", 0, 4e12, 0.1, 0.1, 0.1, {}, {}};
  for (const double bytes : {1e6, 1e7, 1e8})
    group.points.push_back({"copy", 0, bytes, Seconds{bytes / 3e12}, Seconds{1.1 * bytes / 3e12}});
  return group;
}

inline KernelReport kernel_report() {
  return {"Timing model against a table",
          "Off by 5 % in the median.",
          {products(12), copies()},
          {{"dtype w4afp8 has no peak", 1200}, {"no such chip", 34}}};
}

}  // namespace superpod::analysis::sample
