#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// A column as the axis of a chart: `{"key", "title", "unit", "decimals", "values"}`, the values in the unit
/// that the axis shows (days, MW), so that scripts know no units.
std::string chart_axis(const Column& column, const std::string& title);

/// Further values of an axis's column, in its unit.
std::vector<double> on_axis_of(const Column& column, std::vector<double> values);

}  // namespace superpod::analysis
