#include "analysis/page/table_markup.hpp"

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

#include "analysis/page/columns.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

/// A column with its text ready: what each cell shows, and the number by which it sorts.
struct Prepared {
  const Column* of = nullptr;
  std::string heading, unit;
  bool numeric = false;
  std::vector<std::string> cells;
  std::vector<double> values;  ///< [row] of a numeric column
  double largest = 0;          ///< of the bars; 0: none
};

Prepared prepared(const Column& column, const TableLook& look) {
  Prepared out{&column, label(column), {}, false, {}, numbers(column), 0};
  if (const auto* some = std::get_if<std::vector<std::string>>(&column.values)) {
    out.cells = *some;
    return out;
  }
  out.numeric = true;
  const Scale scale = scale_of(out.values, column.unit);
  out.unit = scale.unit;
  for (const double value : out.values) out.cells.push_back(digits(value, scale));
  if (column.name == look.bars && !out.values.empty()) out.largest = *std::ranges::max_element(out.values);
  return out;
}

/// Whether a column says anything: words, or a number in some row.
bool says_something(const Prepared& column) {
  return !column.numeric || column.values.empty() ||
         std::ranges::any_of(column.values, [](double value) { return std::isfinite(value); });
}

std::string heading_cell(const Prepared& column) {
  std::string out = column.numeric ? "<th scope='col' class='n'>" : "<th scope='col'>";
  out += isolated(column.heading);
  if (!column.unit.empty()) out += " <span class='unit'>(" + html(column.unit) + ")</span>";
  return out + "</th>";
}

std::string cell(const Prepared& column, std::size_t row) {
  if (column.of->name == "grade" && !column.numeric)
    return "<td>" + grade_markup(column.cells[row]) + "</td>";
  if (!column.numeric) return "<td>" + isolated(column.cells[row]) + "</td>";
  std::string out = "<td class='n' data-sort='" + script_number(column.values[row]) + "'";
  if (column.largest > 0 && column.values[row] >= 0)
    out += " style='--size:" + length(column.values[row] / column.largest) + "' data-bar";
  return out + ">" + html(column.cells[row]) + "</td>";
}

std::string meanings(const std::vector<Prepared>& columns) {
  std::string out = "<details class='meanings'><summary>What the columns mean</summary><dl>";
  for (const Prepared& column : columns)
    out +=
        "<div><dt>" + isolated(column.heading) + "</dt><dd>" + isolated(column.of->meaning) + "</dd></div>";
  return out + "</dl></details>";
}

}  // namespace

std::string table_opening(const std::string& caption, const std::string& style, std::size_t rows) {
  constexpr std::size_t many = 24;
  return "<div class='scroll" + std::string{rows > many ? " long" : ""} +
         "' tabindex='0' role='region' aria-label='" + html(caption) + "'><table class='data " + style +
         "'><caption class='unseen'>" + html(caption) + "</caption><thead><tr>";
}

std::string number_cell(double value, const std::string& text, const std::string& below) {
  return "<td class='n' data-sort='" + script_number(value) + "'>" + html(text) +
         (below.empty() ? "" : "<span class='what'>" + html(below) + "</span>") + "</td>";
}

std::string table_markup(const Table& table, const TableLook& look) {
  std::vector<Prepared> columns;
  for (const Column& column : table.columns)
    if (Prepared one = prepared(column, look); says_something(one)) columns.push_back(std::move(one));
  std::string out = table_opening(words(table.name) + ": " + table.meaning, "sortable", table.rows());
  for (const Prepared& column : columns) out += heading_cell(column);
  out += "</tr></thead><tbody>\n";
  const std::size_t shown = std::min(table.rows(), look.most_rows);
  for (std::size_t row = 0; row < shown; ++row) {
    out += "<tr>";
    for (const Prepared& column : columns) out += cell(column, row);
    out += "</tr>\n";
  }
  out += table_closing;
  if (shown < table.rows())
    out += paragraph("The first " + quantity(static_cast<double>(shown), "") + " of " +
                     quantity(static_cast<double>(table.rows()), "") + " rows; the results file has all.");
  return out + meanings(columns) + "\n";
}

std::string folded_table(const Table& table, const std::string& title, const TableLook& look) {
  return "<details class='fold'><summary>" + html(title) + "</summary>" + table_markup(table, look) +
         "</details>\n";
}

}  // namespace superpod::analysis
