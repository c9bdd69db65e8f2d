/// A table of a result as a table of a page.
#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// Every row and column, numbers right-aligned in one scale a column, whose unit stands in its heading, and
/// the meaning of each column below. The script makes the headings sort. `lead` names a column whose numbers
/// get bars.
std::string table_markup(const Table& table, const std::string& lead = {});

/// `table_markup` behind a line that unfolds it.
std::string folded_table(const Table& table, const std::string& title);

}  // namespace superpod::analysis
