/// A table of a result as a table of a page.
#pragma once

#include <cstddef>
#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// How a table is shown.
struct TableLook {
  std::string bars = {};        ///< a column whose numbers get bars
  std::size_t most_rows = 500;  ///< more are only counted: the results file has them
};

/// Rows and columns, numbers right-aligned in one scale a column, whose unit stands in its heading, and the
/// meaning of each column below; columns in which no number is finite are left out. The script makes the
/// headings sort.
std::string table_markup(const Table& table, const TableLook& look = {});

/// `table_markup` behind a line that unfolds it.
std::string folded_table(const Table& table, const std::string& title, const TableLook& look = {});

/// The opening of a table that scrolls within itself where it is wider than the window, or has many rows, up
/// to its first heading.
std::string table_opening(const std::string& caption, const std::string& style, std::size_t rows = 0);
inline constexpr const char* table_closing = "</tbody></table></div>";

/// A cell that sorts by `value` and reads `text` (plain), with `below` (plain) in small letters.
std::string number_cell(double value, const std::string& text, const std::string& below = {});

}  // namespace superpod::analysis
