#include "analysis/page/page.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "analysis/page/answer.hpp"
#include "analysis/page/assets.hpp"
#include "analysis/page/bars.hpp"
#include "analysis/page/chart_data.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/document.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

std::string paragraph(const std::string& text) { return "<p class='lead'>" + html(text) + "</p>\n"; }

/// A table's own meaning as a sentence.
std::string lead(const Table& table) {
  return table.meaning.empty() ? "" : paragraph(capitalised(table.meaning) + ".");
}

std::string breakdown_section(const Result& result, Colours& colours) {
  const Table* table = result.table("breakdown");
  if (table == nullptr) return "";
  const Figure* step = result.figure("step_time_s");
  if (step == nullptr) step = result.figure("time_s");
  const std::string chart = waterfall(*table, step == nullptr ? 0 : step->value, colours);
  return chart.empty() ? "" : lead(*table) + chart;
}

/// A chart over time: a canvas that the script fills, with its buttons, its text alternative and its data.
struct TimeChart {
  std::string name;        ///< `timeline` or `heat`
  std::string label;       ///< for screen readers
  std::string data_title;  ///< of the table that holds the same numbers
  std::string hint, legend;
};

constexpr const char* how_to_move =
    "Drag to move, pinch or Ctrl and wheel to zoom. With the keyboard: arrow keys walk from item to item, + "
    "and − zoom, Shift "
    "and arrow keys move, 0 shows all.";

std::string time_chart(const TimeChart& chart) {
  constexpr std::array<std::array<const char*, 3>, 5> buttons{{{"in", "Zoom in", "+"},
                                                               {"out", "Zoom out", "−"},
                                                               {"earlier", "Earlier", "←"},
                                                               {"later", "Later", "→"},
                                                               {"fit", "Show all", "Show all"}}};
  std::string out = "<figure class='over-time' data-chart='" + chart.name + "'><div class='tools'>" +
                    chart.legend + "<span class='buttons' hidden>";
  for (const auto& [act, title, sign] : buttons)
    out += std::string{"<button type='button' data-act='"} + act + "' aria-label='" + title + "'>" + sign +
           "</button>";
  return out +
         "</span></div><div class='stage'><canvas tabindex='0' role='application' "
         "aria-roledescription='chart' aria-label='" +
         html(chart.label) +
         "'></canvas><output class='tip' hidden></output></div><noscript><p class='lead'>This chart "
         "needs scripts; its "
         "numbers are in the results file.</p></noscript><details class='fold' data-lazy><summary>" +
         chart.data_title + "</summary><div></div></details><figcaption>" + chart.hint +
         "</figcaption></figure>\n";
}

std::string phase_legend(const Table& slots, Colours& colours) {
  std::vector<std::string> seen;
  std::string out = "<ul class='legend'>";
  for (const std::string& phase : texts(slots, "phase")) {
    if (std::ranges::find(seen, phase) != seen.end()) continue;
    seen.push_back(phase);
    out += "<li><span class='key " + colours.class_of(phase) + "'></span>" + isolated(phase) + "</li>";
  }
  return out + "</ul>";
}

std::string timeline_section(const Result& result, Colours& colours) {
  if (!has_timeline(result)) return "";
  const Table& slots = *result.table("slots");
  const Table* ranks = result.table("ranks");
  return lead(slots) +
         time_chart({"timeline", "Timeline of " + std::to_string(slots.rows()) + " slots: " + slots.meaning,
                     "Slots in view as a table", how_to_move, phase_legend(slots, colours)}) +
         (ranks == nullptr ? "" : folded_table(*ranks, "Classes of ranks"));
}

std::string links_section(const Result& result) {
  const Table* links = result.table("links");
  if (links == nullptr || links->rows() == 0) return "";
  std::string out =
      lead(*links) +
      "<ul class='legend'><li><span class='key c1'></span>used: bytes carried over what "
      "fits into the run</li><li><span class='key pale'></span>busy: share of the run in which something "
      "is sent</li></ul>" +
      link_bars(*links);
  if (has_heat(result))
    out += "<h3>Over time</h3>" +
           time_chart(
               {"heat", "Use of each class of links over time", "Link use in view as a table",
                has_timeline(result) ? "Moves and zooms together with the pipeline timeline." : how_to_move,
                "<p class='legend ramp'>0 % <span class='key'></span> 100 % used</p>"});
  return out + folded_table(*links, "All numbers of the links");
}

std::string memory_section(const Result& result) {
  const Table* memory = result.table("memory");
  if (memory == nullptr) return "";
  Colours colours;
  const std::string chart = memory_bars(*memory, colours);
  return chart.empty() ? "" : lead(*memory) + chart + folded_table(*memory, "All numbers of the memory");
}

std::string table_section(const Result& result, const std::string& name, const std::string& bars) {
  const Table* table = result.table(name);
  return table == nullptr || table->rows() == 0 ? "" : lead(*table) + table_markup(*table, bars);
}

std::string critical_path_section(const Result& result, Colours& colours) {
  const Table* table = result.table("critical_path");
  if (table == nullptr) return "";
  const std::string chart = critical_path_bars(*table, colours);
  return chart.empty() ? "" : lead(*table) + chart;
}

/// Tables that no section shows by name, so that nothing in the file is hidden.
std::string other_tables(const Result& result) {
  constexpr std::array<std::string_view, 8> shown{"breakdown", "critical_path", "ranks", "memory",
                                                  "slots",     "links",         "time",  "kernels"};
  std::string out;
  for (const Table& table : result.tables)
    if (std::ranges::find(shown, table.name) == shown.end())
      out += "<h3>" + isolated(capitalised(words(table.name))) + "</h3>" + lead(table) + table_markup(table);
  return out;
}

std::string figures_section(const Result& result) {
  if (result.figures.empty()) return "";
  std::string out =
      "<table class='data "
      "figures'><caption class='unseen'>Every figure of the answer with its definition</caption><thead>"
      "<tr><th scope='col'>Figure</th><th scope='col' class='n'>Value, and interval where it is "
      "uncertain</th></tr></thead><tbody>\n";
  for (const Figure& figure : result.figures) {
    out += "<tr><th scope='row'>" + isolated(label(figure)) + " <code>" + html(figure.key) +
           "</code><span class='what'>" + isolated(figure.meaning) + "</span></th><td class='n'>" +
           html(value_text(figure));
    if (figure.interval) out += "<span class='what'>" + html(interval_text(figure)) + "</span>";
    out += "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

/// `measured` and so on as a CSS class; any other word has no colour of its own.
std::string grade_class(const std::string& grade) {
  constexpr std::array<std::string_view, 4> grades{"measured", "published", "derived", "assumed"};
  return std::ranges::find(grades, grade) == grades.end() ? "other" : grade;
}

std::string grade_filter(const Result& result) {
  std::string out = "<form class='filter' hidden><fieldset><legend class='unseen'>Grades to show</legend>";
  for (const std::string grade : {"measured", "published", "derived", "assumed", "other"}) {
    const auto count = std::ranges::count_if(
        result.provenance, [&](const Provenance& input) { return grade_class(input.grade) == grade; });
    if (count > 0)
      out += "<label><input type='checkbox' value='" + grade + "' checked><span class='grade " + grade +
             "'>" + grade + "</span> " + std::to_string(count) + "</label>";
  }
  return out +
         "</fieldset><label class='search'><span class='unseen'>Search inputs</span><input "
         "type='search' "
         "placeholder='Search inputs'></label><output></output></form>\n";
}

std::string provenance_section(const Result& result) {
  if (result.provenance.empty()) return "";
  std::string out =
      paragraph(
          "Every input with where it comes from: measured by somebody who says how, published by its "
          "maker, derived from such figures, or assumed.") +
      grade_filter(result) +
      "<table class='data provenance'><caption class='unseen'>Every input with its value, grade and "
      "source"
      "</caption><thead><tr><th scope='col'>Input</th><th scope='col'>Value</th><th "
      "scope='col'>Grade</th>"
      "<th scope='col'>Source and note</th></tr></thead><tbody>\n";
  for (const Provenance& input : result.provenance) {
    out += "<tr data-grade='" + grade_class(input.grade) + "'><th scope='row'><code>" + html(input.path) +
           "</code></th><td>" + isolated(input.value) + "</td><td><span class='grade " +
           grade_class(input.grade) + "'>" + html(input.grade.empty() ? "no grade" : input.grade) +
           "</span></td><td>" + (input.source.empty() ? "" : isolated(input.source));
    if (!input.note.empty()) out += "<span class='what'>" + isolated(input.note) + "</span>";
    out += "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string scenario_section(const Result& result) {
  std::string out = "<dl class='facts'>";
  const auto fact = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += std::string{"<div><dt>"} + name + "</dt><dd>" + html(value) + "</dd></div>";
  };
  fact("superpod", result.version);
  fact("Seed", std::to_string(result.seed));
  fact("Engine", result.engine);
  out += "</dl>\n";
  if (result.scenario_text.empty()) return out;
  return out + "<pre tabindex='0' role='region' aria-label='Text of the scenario' dir='ltr'><code>" +
         html(result.scenario_text) + "</code></pre>\n";
}

}  // namespace

std::string page(const Result& result) {
  check(result);
  Colours causes, phases;
  Document document{page_css};
  document.section("breakdown", "Time by cause", breakdown_section(result, causes));
  document.section("critical-path", "Critical path", critical_path_section(result, causes));
  document.section("timeline", "Pipeline timeline", timeline_section(result, phases));
  document.section("links", "Links", links_section(result));
  document.section("memory", "Memory", memory_section(result));
  document.section("kernels", "Kernels", table_section(result, "kernels", "time"));
  document.section("other", "More tables", other_tables(result));
  document.section("figures", "All figures", figures_section(result));
  document.section("inputs", "Inputs and their sources", provenance_section(result));
  document.section("scenario", "Scenario", scenario_section(result));
  document.data(chart_data(result, phases));
  if (has_timeline(result) || has_heat(result)) document.script(over_time_script);
  return document.whole(result.name, answer(result));
}

}  // namespace superpod::analysis
