#include "analysis/page/table_markup.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

/// A column with its text ready: what each cell shows, and the number by which it sorts.
struct Prepared {
  std::string heading, unit;
  bool numeric = false;
  std::vector<std::string> cells;
  std::vector<double> values;  ///< [row] of a numeric column
  double largest = 0;          ///< of the bars; 0: none
};

Prepared prepared(const Column& column, bool with_bars) {
  Prepared out{capitalised(words(column.name)), {}, false, {}, numbers(column), 0};
  if (const auto* some = std::get_if<std::vector<std::string>>(&column.values)) {
    out.cells = *some;
    return out;
  }
  out.numeric = true;
  const Scale scale = scale_of(out.values, column.unit);
  out.unit = scale.unit;
  for (const double value : out.values) out.cells.push_back(digits(value, scale));
  if (with_bars && !out.values.empty()) out.largest = *std::ranges::max_element(out.values);
  return out;
}

std::string heading_cell(const Prepared& column) {
  std::string out = column.numeric ? "<th scope='col' class='n'>" : "<th scope='col'>";
  out += isolated(column.heading);
  if (!column.unit.empty()) out += " <span class='unit'>(" + html(column.unit) + ")</span>";
  return out + "</th>";
}

std::string cell(const Prepared& column, std::size_t row) {
  if (!column.numeric) return "<td>" + isolated(column.cells[row]) + "</td>";
  std::string out = "<td class='n' data-sort='" + script_number(column.values[row]) + "'";
  if (column.largest > 0 && column.values[row] >= 0)
    out += " style='--size:" + length(column.values[row] / column.largest) + "' data-bar";
  return out + ">" + html(column.cells[row]) + "</td>";
}

std::string meanings(const Table& table) {
  std::string out = "<details class='meanings'><summary>What the columns mean</summary><dl>";
  for (const Column& column : table.columns)
    out += "<div><dt>" + isolated(capitalised(words(column.name))) + "</dt><dd>" + isolated(column.meaning) +
           "</dd></div>";
  return out + "</dl></details>";
}

}  // namespace

std::string table_markup(const Table& table, const std::string& lead) {
  std::vector<Prepared> columns;
  for (const Column& column : table.columns) columns.push_back(prepared(column, column.name == lead));
  const std::string caption = html(words(table.name) + ": " + table.meaning);
  std::string out = "<div class='scroll' tabindex='0' role='region' aria-label='" + caption +
                    "'><table class='data sortable'><caption class='unseen'>" + caption +
                    "</caption><thead><tr>";
  for (const Prepared& column : columns) out += heading_cell(column);
  out += "</tr></thead><tbody>\n";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    out += "<tr>";
    for (const Prepared& column : columns) out += cell(column, row);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>" + meanings(table) + "\n";
}

std::string folded_table(const Table& table, const std::string& title) {
  return "<details class='fold'><summary>" + html(title) + "</summary>" + table_markup(table) +
         "</details>\n";
}

}  // namespace superpod::analysis
