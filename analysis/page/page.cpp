#include "analysis/page/page.hpp"

#include "analysis/page/answer.hpp"
#include "analysis/page/bars.hpp"
#include "analysis/page/bill_section.hpp"
#include "analysis/page/candidates_section.hpp"
#include "analysis/page/chart_data.hpp"
#include "analysis/page/document.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/inputs_section.hpp"
#include "analysis/page/network_section.hpp"
#include "analysis/page/plan_sections.hpp"
#include "analysis/page/points_section.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/table_markup.hpp"
#include "analysis/page/time_sections.hpp"
#include "analysis/page/uncertainty_section.hpp"

namespace superpod::analysis {
namespace {

std::string memory_section(const Result& result) {
  const Table* memory = result.shown_as(View::memory);
  if (memory == nullptr) return "";
  Colours colours;
  const std::string chart = memory_bars(*memory, colours);
  return chart.empty() ? "" : lead(*memory) + chart + folded_table(*memory, "All numbers of the memory");
}

std::string kernels_section(const Result& result) {
  const Table* table = result.shown_as(View::kernels);
  return table == nullptr || table->rows() == 0 ? "" : lead(*table) + table_markup(*table, {.bars = "time"});
}

/// What figures lack, so that nobody takes a part for the whole.
std::string not_known_section(const Result& result) {
  const Table* table = result.shown_as(View::gaps);
  return table == nullptr || table->rows() == 0 ? "" : lead(*table) + table_markup(*table);
}

/// Tables without a picture of their own, so that nothing in the file is hidden.
std::string other_tables(const Result& result) {
  std::string out;
  for (const Table& table : result.tables)
    if (table.view == View::plain)
      out += "<h3>" + isolated(capitalised(words(table.name))) + "</h3>" + lead(table) + table_markup(table);
  return out;
}

}  // namespace

std::string page(const Result& result) {
  check(result);
  Colours causes, phases;
  Document document{std::string{page_css} + std::string{sections_css} + std::string{charts_css}};
  document.section("limits", "Limits", limits_section(result));
  document.section("bill", "Cluster bill", bill_section(result));
  document.section("not-known", "What is not known", not_known_section(result));
  document.section("performance", "Performance", performance_section(result));
  document.section("breakdown", "Where the time goes", breakdown_section(result, causes));
  document.section("critical-path", "Critical path", critical_path_section(result, causes));
  document.section("timeline", "Pipeline timeline", timeline_section(result, phases));
  document.section("memory", "Memory", memory_section(result));
  document.section("network", "Network", network_section(result));
  document.section("kernels", "Kernels", kernels_section(result));
  document.section("reliability", "Reliability", reliability_section(result));
  document.section("energy", "Energy and cost", energy_section(result));
  document.section("candidates", "Candidates", candidates_section(result));
  document.section("points", "Points", points_section(result));
  document.section("uncertainty", "Uncertainty", uncertainty_section(result));
  document.section("validation", "Validation", validation_section(result));
  document.section("other", "More tables", other_tables(result));
  document.section("figures", "All figures", figures_section(result));
  document.section("inputs", "Inputs and their sources", inputs_section(result));
  document.section("scenario", "Scenario", scenario_section(result));
  document.data(chart_data(result, phases));
  if (has_timeline(result) || has_heat(result)) document.script(over_time_script);
  if (has_library_charts(result)) document.script(charts_script);
  return document.whole(result.name, answer(result));
}

}  // namespace superpod::analysis
