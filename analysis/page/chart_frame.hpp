#pragma once

#include <string>

namespace superpod::analysis {

/// A place that a script fills with the chart of that name; its numbers stand in a table below it.
struct ChartFrame {
  std::string name;
  std::string label;  ///< for screen readers
  std::string hint;
};

std::string chart_frame(const ChartFrame& chart);

}  // namespace superpod::analysis
