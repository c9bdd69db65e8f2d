#include "analysis/page/plan_sections.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

double largest(const std::vector<double>& values, double least) {
  for (const double value : values)
    if (std::isfinite(value)) least = std::max(least, value);
  return least;
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [](double all, double one) { return std::isfinite(one) ? all + one : all; });
}

/// Numbers of one column of a bars table, where the result has that column; behind the last row their sum.
struct Numbers {
  Heading heading;
  std::vector<std::string> cells;
};

void add_numbers(std::vector<Numbers>& to, const Table& table, const std::string& column,
                 const std::string& title) {
  const Column* found = table.column(column);
  if (found == nullptr) return;
  std::vector<double> values = numbers(*found);
  if (!std::ranges::any_of(values, [](double value) { return std::isfinite(value); })) return;
  values.push_back(sum(values));
  const Scale scale = scale_of(values, found->unit);
  Numbers out{{title, scale.unit}, {}};
  for (const double value : values) out.cells.push_back(std::isfinite(value) ? digits(value, scale) : "");
  to.push_back(std::move(out));
}

std::vector<Heading> headings(const std::vector<Numbers>& columns) {
  std::vector<Heading> out;
  for (const Numbers& column : columns) out.push_back(column.heading);
  return out;
}

std::vector<std::string> cells(const std::vector<Numbers>& columns, std::size_t row) {
  std::vector<std::string> out;
  for (const Numbers& column : columns) out.push_back(column.cells[row]);
  return out;
}

}  // namespace

std::string limits_section(const Result& result) {
  const Table* limits = result.shown_as(View::limits);
  if (limits == nullptr) return "";
  const std::vector<std::string> names = texts(*limits, "name"), units = texts(*limits, "unit");
  const std::vector<double> limit = numbers(*limits, "limit"), used = numbers(*limits, "used"),
                            share = numbers(*limits, "share"), binding = numbers(*limits, "binding");
  if (names.empty() || share.empty()) return "";
  const double whole = largest(share, 1);
  std::string out = bars_opening(limits->meaning, "Limit", "0 to " + percent(whole) + " % of the limit",
                                 {{"Used", ""}, {"Limit", ""}, {"Share", "%"}});
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool over = share[i] > 1, binds = at(binding, i) != 0;
    out += bar_row(
        {capitalised(names[i]),
         "",
         bar(over    ? "c5"
             : binds ? "c1"
                     : "whole tall",
             0, share[i] / whole) +
             upright("capacity", 1 / whole),
         {quantity(at(used, i), at(units, i)), quantity(at(limit, i), at(units, i)), percent(share[i])},
         (over ? chip("exceeded", "bad") : "") + (binds ? chip("binding") : "")});
  }
  return lead(*limits) + out + "</tbody></table>\n";
}

std::string performance_section(const Result& result) {
  double widest = 0;
  std::vector<const Figure*> some;
  for (const Figure& figure : result.figures)
    if (figure.interval && figure.value != 0 && std::isfinite(figure.value)) {
      some.push_back(&figure);
      for (const double end : {figure.interval->first, figure.interval->second})
        if (std::isfinite(end)) widest = std::max(widest, std::abs(end / figure.value - 1));
    }
  if (some.empty()) return "";
  widest = std::max(widest, 0.01);
  const auto place = [&](double of) { return .5 + .5 * of / widest; };
  std::string out = bars_opening("Figures that are uncertain, with their intervals", "Figure",
                                 signed_percent(-widest) + " to " + signed_percent(widest) + " of the value",
                                 {{"Value", ""}, {"Interval", ""}});
  for (const Figure* figure : some) {
    const auto [low, high] = *figure->interval;
    out += bar_row({label(*figure),
                    figure->meaning,
                    upright("middle", .5) +
                        bar_between("pale", place(low / figure->value - 1), place(high / figure->value - 1)) +
                        upright("point", .5),
                    {value_text(*figure), interval_text(*figure)}});
  }
  return paragraph("How far each figure may lie from its value, as a share of it.") + out +
         "</tbody></table>\n";
}

std::string reliability_section(const Result& result) {
  const std::string tiles = figure_tiles(
      result, {"goodput", "reliability.mtbf_s", "reliability.checkpoint_interval_s", "reliability.spares"});
  const Table* parts = result.shown_as(View::losses);
  if (parts == nullptr || row_names(*parts).empty())
    return parts == nullptr && result.figure("reliability.mtbf_s") == nullptr ? "" : tiles;
  const std::vector<std::string> names = row_names(*parts);
  const std::vector<double> share = numbers(*parts, "share");
  std::vector<Numbers> columns;
  add_numbers(columns, *parts, "mtbf_s", "MTBF");
  add_numbers(columns, *parts, "events", "Events");
  add_numbers(columns, *parts, "lost_s", "Lost");
  add_numbers(columns, *parts, "share", "Share");
  const double whole = largest(share, 0);
  std::string out = bars_opening(parts->meaning, "What is lost", "0 to " + percent(whole) + " % of the time",
                                 headings(columns));
  for (std::size_t i = 0; i < names.size(); ++i)
    out += bar_row(
        {capitalised(names[i]), "", whole > 0 ? bar("c5", 0, at(share, i) / whole) : "", cells(columns, i)});
  return tiles + lead(*parts) + out + "</tbody></table>\n";
}

std::string energy_section(const Result& result) {
  const Table* parts = result.shown_as(View::energy);
  const std::string tiles = figure_tiles(result, {"purchase_cost", "running_cost", "cost"});
  if (parts == nullptr || parts->rows() == 0) return "";
  const std::vector<std::string> names = row_names(*parts);
  const std::vector<std::string> not_known = texts(*parts, "not_known");
  const std::vector<double> power = numbers(*parts, "power_w");
  std::vector<Numbers> columns;
  add_numbers(columns, *parts, "power_w", "Power");
  add_numbers(columns, *parts, "energy_j", "Energy");
  add_numbers(columns, *parts, "cost", "Cost");
  const double whole = sum(power);
  std::string out = bars_opening(parts->meaning, "Part", "0 to " + quantity(whole, "W"), headings(columns));
  double from = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string gap = at(not_known, i);
    out += bar_row({capitalised(names[i]), gap.empty() ? "" : "without " + gap + ", not known",
                    whole > 0 ? bar("c1", from / whole, at(power, i) / whole) : "", cells(columns, i)});
    from += std::isfinite(at(power, i)) ? at(power, i) : 0;
  }
  return tiles + lead(*parts) + out + "</tbody><tfoot>" +
         bar_row({"Together", "", bar("whole", 0, 1), cells(columns, names.size())}) + "</tfoot></table>\n";
}

}  // namespace superpod::analysis
