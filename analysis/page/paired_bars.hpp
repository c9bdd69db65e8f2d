#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The rows of a table that two results have, by name: a bar for A above one for B in one scale, and the
/// difference. Rows that only one of them has count as zero in the other. Empty when neither has such a
/// column.
std::string paired_bars(const Result& a, const Result& b, View view, const std::string& column);

}  // namespace superpod::analysis
