#include "analysis/page/bill_section.hpp"

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

/// Numbers of the items, in one scale with their sum.
struct Amounts {
  std::string heading;
  std::vector<double> values;
  double sum = 0;
  Scale scale;
};

std::vector<Amounts> amounts(const Table& bill) {
  constexpr std::pair<const char*, const char*> columns[] = {
      {"power_w", "Power"},          {"cabinets", "Cabinets"}, {"floor_m2", "Floor"},
      {"optical_modules", "Optics"}, {"cables", "Cables"},     {"cost", "Cost"}};
  std::vector<Amounts> out;
  for (const auto& [name, heading] : columns) {
    const Column* column = bill.column(name);
    if (column == nullptr) continue;
    Amounts one{heading, numbers(*column), 0, {}};
    for (const double value : one.values)
      if (std::isfinite(value)) one.sum += value;
    if (one.sum == 0) continue;
    std::vector<double> all = one.values;
    all.push_back(one.sum);
    one.scale = scale_of(all, column->unit);
    out.push_back(std::move(one));
  }
  return out;
}

std::string amount_cell(const Amounts& of, std::size_t row, const std::string& below) {
  const double value = of.values[row];
  const bool none = !std::isfinite(value) || value == 0;
  return number_cell(value, none ? "" : digits(value, of.scale), none ? "" : below);
}

/// `28 k USD each`, where the bill has prices.
std::string price(const Table& bill, std::size_t row) {
  const Column* column = bill.column("price");
  if (column == nullptr) return "";
  const double value = at(numbers(*column), row);
  return std::isfinite(value) && value != 0 ? quantity(value, column->unit) + " each" : "";
}

std::string item_cell(const std::string& item, const std::string& per, const std::string& source) {
  std::string out = "<th scope='row'>" + isolated(item);
  if (!per.empty()) out += "<span class='what'>of each " + isolated(per) + "</span>";
  if (!source.empty()) out += "<span class='what'>" + isolated(source) + "</span>";
  return out + "</th>";
}

}  // namespace

std::string bill_section(const Result& result) {
  const Table* bill = result.shown_as(View::bill);
  if (bill == nullptr || bill->rows() == 0) return "";
  const std::vector<std::string> items = row_names(*bill), per = texts(*bill, "per"),
                                 grades = texts(*bill, "grade"), sources = texts(*bill, "source");
  const std::vector<double> counts = numbers(*bill, "count");
  const std::vector<Amounts> columns = amounts(*bill);
  std::string out = table_opening("What the cluster is made of", "sortable bill") +
                    "<th scope='col'>Item</th><th scope='col' class='n'>Count</th>";
  for (const Amounts& one : columns)
    out += "<th scope='col' class='n'>" + one.heading +
           (one.scale.unit.empty() ? "" : " <span class='unit'>(" + html(one.scale.unit) + ")</span>") +
           "</th>";
  out += (grades.empty() ? "" : "<th scope='col'>Grade</th>") + std::string{"</tr></thead><tbody>\n"};
  for (std::size_t row = 0; row < bill->rows(); ++row) {
    out += "<tr>" + item_cell(at(items, row), at(per, row), at(sources, row)) +
           number_cell(at(counts, row),
                       counts.empty() || !std::isfinite(counts[row]) ? "" : quantity(counts[row], ""));
    for (const Amounts& one : columns)
      out += amount_cell(one, row, one.heading == "Cost" ? price(*bill, row) : "");
    out += (grades.empty() ? "" : "<td>" + grade_markup(grades[row]) + "</td>") + "</tr>\n";
  }
  out += "</tbody><tfoot><tr><th scope='row'>Together</th><td></td>";
  for (const Amounts& one : columns) out += "<td class='n'>" + html(digits(one.sum, one.scale)) + "</td>";
  return lead(*bill) + out + (grades.empty() ? "" : "<td></td>") + "</tr></tfoot></table></div>\n";
}

}  // namespace superpod::analysis
