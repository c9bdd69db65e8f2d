#include "analysis/page/time_sections.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "analysis/page/chart_data.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

/// A chart over time: a canvas that the script fills, with its buttons, its text alternative and its data.
struct TimeChart {
  std::string name;        ///< `timeline` or `heat`
  std::string label;       ///< for screen readers
  std::string data_title;  ///< of the table that holds the same numbers
  std::string hint, legend;
};

constexpr const char* how_to_move =
    "Drag to move, pinch or Ctrl and wheel to zoom. With the keyboard: arrow keys walk from item to item, + "
    "and − zoom, Shift and arrow keys move, 0 shows all.";

std::string time_chart(const TimeChart& chart) {
  constexpr std::array<std::array<const char*, 3>, 5> buttons{{{"in", "Zoom in", "+"},
                                                               {"out", "Zoom out", "−"},
                                                               {"earlier", "Earlier", "←"},
                                                               {"later", "Later", "→"},
                                                               {"fit", "Show all", "Show all"}}};
  std::string out = "<figure class='over-time' data-chart='" + chart.name + "'><div class='tools'>" +
                    chart.legend + "<span class='buttons' role='group' aria-label='Zoom' hidden>";
  for (const auto& [act, title, sign] : buttons)
    out += std::string{"<button type='button' data-act='"} + act + "' aria-label='" + title + "'>" + sign +
           "</button>";
  return out +
         "</span></div><div class='stage'><canvas tabindex='0' role='application' "
         "aria-roledescription='chart' aria-label='" +
         html(chart.label) +
         "'></canvas><output class='tip' hidden></output><output class='unseen zoomed'></output></div>"
         "<noscript><p class='lead'>This chart needs scripts; its numbers are in the results "
         "file.</p></noscript><details class='fold' data-lazy><summary>" +
         chart.data_title + "</summary><div></div></details><figcaption>" + chart.hint +
         "</figcaption></figure>\n";
}

std::string phase_legend(const Table& slots, Colours& colours) {
  std::vector<std::string> seen;
  std::vector<std::pair<std::string, std::string>> keys;
  for (const std::string& phase : texts(slots, "phase")) {
    if (std::ranges::find(seen, phase) != seen.end()) continue;
    seen.push_back(phase);
    keys.emplace_back(colours.class_of(phase), phase);
  }
  return legend(keys);
}

}  // namespace

std::string breakdown_section(const Result& result, Colours& causes) {
  const Table* table = result.shown_as(View::causes);
  if (table == nullptr) return "";
  const Figure *step = result.figure("step_time_s"), *mfu = result.figure("mfu");
  if (step == nullptr) step = result.figure("time_s");
  const double time = step == nullptr ? 0 : step->value;
  const std::string chart = waterfall(*table, {time, mfu == nullptr ? 0 : mfu->value * time}, causes);
  if (chart.empty()) return "";
  const Table* phases = result.shown_as(View::passes);
  Colours of_phases;
  return lead(*table) + chart +
         (phases == nullptr
              ? ""
              : "<h3>By kind of pass</h3>" + lead(*phases) + waterfall(*phases, {time, 0}, of_phases));
}

std::string critical_path_section(const Result& result, Colours& causes) {
  const Table* table = result.shown_as(View::chain);
  if (table == nullptr) return "";
  const std::string chart = critical_path_bars(*table, causes);
  return chart.empty() ? "" : lead(*table) + chart;
}

std::string timeline_section(const Result& result, Colours& phases) {
  if (!has_timeline(result)) return "";
  const Table& slots = *result.shown_as(View::timeline);
  const Table* ranks = result.shown_as(View::ranks);
  return lead(slots) +
         time_chart({"timeline", "Timeline of " + std::to_string(slots.rows()) + " slots: " + slots.meaning,
                     "Slots in view as a table", how_to_move, phase_legend(slots, phases)}) +
         (ranks == nullptr ? "" : folded_table(*ranks, "Classes of ranks"));
}

std::string link_use_over_time(const Result& result) {
  if (!has_heat(result)) return "";
  return "<h3>Over time</h3>" +
         time_chart(
             {"heat", "Use of each class of links over time", "Link use in view as a table",
              has_timeline(result) ? "Moves and zooms together with the pipeline timeline." : how_to_move,
              "<p class='legend ramp'>0 % <span class='key'></span> 100 % used</p>"});
}

}  // namespace superpod::analysis
