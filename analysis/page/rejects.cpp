#include "analysis/page/rejects.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
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

constexpr std::size_t most_reasons = 200;

std::string by_stage(const std::vector<std::string>& stage, const std::vector<double>& count) {
  std::vector<std::pair<std::string, double>> stages;
  for (std::size_t row = 0; row < stage.size(); ++row) {
    auto found = std::ranges::find(stages, stage[row], &std::pair<std::string, double>::first);
    if (found == stages.end()) found = stages.insert(stages.end(), {stage[row], 0});
    if (row < count.size() && std::isfinite(count[row])) found->second += count[row];
  }
  std::ranges::stable_sort(stages, std::ranges::greater{}, &std::pair<std::string, double>::second);
  const double all = std::accumulate(stages.begin(), stages.end(), 0.0,
                                     [](double sum, const auto& one) { return sum + one.second; });
  if (!(all > 0)) return "";
  std::string out =
      bars_opening("Mappings that were rejected, by stage of the search", "Rejected by",
                   "0 to " + quantity(all, "") + " mappings", {{"Mappings", ""}, {"Share", "%"}});
  for (const auto& [name, number] : stages)
    out += bar_row(
        {name, "", bar("whole tall", 0, number / all), {quantity(number, ""), percent(number / all)}});
  return out + "</tbody></table>\n";
}

}  // namespace

std::string rejects(const Result& result) {
  const Table* rejected = result.shown_as(View::rejects);
  if (rejected == nullptr || rejected->rows() == 0) return "";
  const std::vector<std::string> system = texts(*rejected, "system"), size = texts(*rejected, "size"),
                                 stage = texts(*rejected, "stage"), reason = texts(*rejected, "reason"),
                                 example = texts(*rejected, "example");
  const std::vector<double> count = numbers(*rejected, "count");
  std::vector<std::size_t> order(rejected->rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t row) { return at(count, row); });
  const std::size_t shown = std::min(order.size(), most_reasons);
  std::string out = table_opening("What was rejected, and why", "sortable", shown) +
                    "<th scope='col'>System</th><th scope='col'>Rejected by</th><th scope='col' "
                    "class='n'>Mappings</th><th scope='col'>Reason</th></tr></thead><tbody>\n";
  for (const std::size_t row :
       std::vector(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown))) {
    out += "<tr><th scope='row'>" + isolated(at(system, row)) + "<span class='what'>" +
           isolated(at(size, row)) + "</span></th><td>" + isolated(at(stage, row)) + "</td>" +
           number_cell(at(count, row), quantity(at(count, row), "")) + "<td>" + isolated(at(reason, row));
    if (const std::string some = at(example, row); !some.empty())
      out += "<span class='what'>for example " + isolated(some) + "</span>";
    out += "</td></tr>\n";
  }
  out += table_closing;
  const std::string rows = quantity(static_cast<double>(order.size()), "");
  if (shown < order.size())
    out += paragraph("The first " + quantity(static_cast<double>(shown), "") + " of " + rows +
                     " reasons; the results file has all.");
  return "<h3>Rejected</h3>" + lead(*rejected) + by_stage(stage, count) +
         "<details class='fold'><summary>Reasons by system: " + rows + "</summary>" + out + "</details>\n";
}

}  // namespace superpod::analysis
