#include "analysis/page/chart_data.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/pareto_data.hpp"
#include "analysis/page/points_section.hpp"
#include "analysis/page/samples_data.hpp"
#include "analysis/page/script_list.hpp"

namespace superpod::analysis {
namespace {

const Array* link_utilisation(const Result& result) {
  const auto found = std::ranges::find(result.arrays, "link_utilisation", &Array::name);
  return found == result.arrays.end() || found->dimensions.size() != 2 ? nullptr : &*found;
}

/// The ranks that have slots, in order, as rows of the chart.
struct Rows {
  std::vector<double> ranks;       ///< [row] as the slots number them
  std::vector<std::string> names;  ///< [row] from the table `ranks`, or the number where it has no such row
};

Rows rows_of(const Result& result, std::vector<double> ranks) {
  std::ranges::sort(ranks);
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  const Table* table = result.shown_as(View::ranks);
  const std::vector<std::string> known = table == nullptr ? std::vector<std::string>{} : row_names(*table);
  Rows rows{ranks, {}};
  for (const double rank : ranks)
    rows.names.push_back(rank >= 0 && rank < static_cast<double>(known.size())
                             ? known[static_cast<std::size_t>(rank)]
                             : "rank " + script_number(rank));
  return rows;
}

std::string timeline(const Result& result, Colours& colours) {
  const Table& slots = *result.shown_as(View::timeline);
  std::vector<double> row = numbers(slots, "rank");
  const Rows rows = rows_of(result, row);
  for (double& rank : row)
    rank = static_cast<double>(std::ranges::lower_bound(rows.ranks, rank) - rows.ranks.begin());
  std::vector<std::string> phases;
  std::vector<double> phase, colour;
  for (const std::string& name : texts(slots, "phase")) {
    const auto found = std::ranges::find(phases, name);
    phase.push_back(static_cast<double>(found - phases.begin()));
    if (found != phases.end()) continue;
    phases.push_back(name);
    colour.push_back(colours.of(name));
  }
  return "{\"rows\":" + list(rows.names) + ",\"phases\":" + list(phases) + ",\"colours\":" + list(colour) +
         ",\n\"row\":" + list(row) + ",\n\"phase\":" + list(phase) +
         ",\n\"microbatch\":" + list(numbers(slots, "microbatch")) +
         ",\n\"chunk\":" + list(numbers(slots, "chunk")) + ",\n\"start\":" + list(numbers(slots, "start")) +
         ",\n\"finish\":" + list(numbers(slots, "finish")) + "}";
}

}  // namespace

bool has_timeline(const Result& result) {
  const Table* slots = result.shown_as(View::timeline);
  if (slots == nullptr || slots->rows() == 0) return false;
  const Column* rank = slots->column("rank");
  return rank != nullptr && std::holds_alternative<std::vector<std::int64_t>>(rank->values) &&
         !texts(*slots, "phase").empty() && !numbers(*slots, "start").empty() &&
         !numbers(*slots, "finish").empty();
}

bool has_heat(const Result& result) {
  const Table* time = result.shown_as(View::bins);
  return link_utilisation(result) != nullptr && result.shown_as(View::links) != nullptr && time != nullptr &&
         link_utilisation(result)->dimensions[0] == result.shown_as(View::links)->dimension &&
         link_utilisation(result)->dimensions[1] == time->dimension && !numbers(*time, "start").empty();
}

bool has_library_charts(const Result& result) {
  return has_pareto(result) || !sampled(result).empty() || has_points(result);
}

std::string chart_data(const Result& result, Colours& phase_colours) {
  std::string out = "{";
  const auto add = [&](const char* name, const std::string& json) {
    out += std::string{out.size() > 1 ? ",\n\"" : "\""} + name + "\":" + json;
  };
  if (has_timeline(result)) add("timeline", timeline(result, phase_colours));
  if (has_heat(result))
    add("heat", "{\"rows\":" + list(row_names(*result.shown_as(View::links))) +
                    ",\"start\":" + list(numbers(*result.shown_as(View::bins), "start")) +
                    ",\n\"values\":" + list(link_utilisation(result)->values) + "}");
  if (has_pareto(result)) add("pareto", pareto_data(result));
  if (!sampled(result).empty()) add("samples", samples_data(result));
  if (has_points(result)) add("points", points_data(result));
  return out + "}";
}

}  // namespace superpod::analysis
