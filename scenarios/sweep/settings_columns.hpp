#pragma once

#include <vector>

#include "analysis/result.hpp"
#include "scenarios/sweep/sweep.hpp"

namespace superpod::scenarios {

/// The values of one path, as numbers where all are: counts as such, quantities in their base unit; else
/// words.
analysis::Column column_of(const std::string& path, const std::vector<const Node*>& values);

/// A column over all points for each path that varies, in the order written.
std::vector<analysis::Column> settings_columns(const SweepFile& file);

}  // namespace superpod::scenarios
