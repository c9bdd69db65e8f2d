#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The points of a sweep: any column of numbers against any other as a chart, and a table. Empty when there
/// are none.
std::string points_section(const Result& result);

/// Whether there are two columns of numbers to draw.
bool has_points(const Result& result);

/// `[axis, ...]` of the columns in which some number differs from another, as far as points are drawn.
std::string points_data(const Result& result);

}  // namespace superpod::analysis
