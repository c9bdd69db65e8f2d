#include "analysis/page/paired_bars.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

struct Row {
  std::string name;
  double a = 0, b = 0;
};

void add(std::vector<Row>& rows, const Table* table, const std::string& column, double Row::*side) {
  if (table == nullptr) return;
  const std::vector<std::string> names = row_names(*table);
  const std::vector<double> values = numbers(*table, column);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    auto row = std::ranges::find(rows, names[i], &Row::name);
    if (row == rows.end()) row = rows.insert(rows.end(), Row{names[i]});
    (*row).*side += values[i];
  }
}

}  // namespace

std::string paired_bars(const Result& a, const Result& b, View view, const std::string& column) {
  const Table *of_a = a.shown_as(view), *of_b = b.shown_as(view);
  std::vector<Row> rows;
  add(rows, of_a, column, &Row::a);
  add(rows, of_b, column, &Row::b);
  std::vector<double> all;
  for (const Row& row : rows) all.insert(all.end(), {row.a, row.b});
  if (all.empty()) return "";
  const Table& some = of_a != nullptr ? *of_a : *of_b;
  const bool equal = std::ranges::all_of(rows, [](const Row& row) { return row.a == row.b; });
  if (equal && of_a != nullptr && of_b != nullptr) return lead(some) + paragraph("The same in A and B.");
  const double largest = std::max(std::ranges::max(all), 0.0);
  const Column* unit_of = some.column(column);
  const Scale scale = scale_of(all, unit_of == nullptr ? "" : unit_of->unit);
  std::string out = legend({{"whole", "A"}, {"c1", "B"}}) +
                    bars_opening(some.meaning, "", "A above B: 0 to " + quantity(largest, scale),
                                 {{"A", scale.unit}, {"B", scale.unit}, {"B less A", scale.unit}});
  for (const Row& row : rows) {
    const double less = row.b - row.a;
    out += bar_row(
        {row.name,
         "",
         largest > 0 ? bar("whole upper", 0, row.a / largest) + bar("c1 lower", 0, row.b / largest) : "",
         {digits(row.a, scale), digits(row.b, scale),
          (less < 0   ? "\u2212"
           : less > 0 ? "+"
                      : "") +
              digits(std::abs(less), scale)}});
  }
  return lead(some) + out + "</tbody></table>\n";
}

}  // namespace superpod::analysis
