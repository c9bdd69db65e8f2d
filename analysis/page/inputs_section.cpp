#include "analysis/page/inputs_section.hpp"

#include <algorithm>

#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"

namespace superpod::analysis {
namespace {

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

}  // namespace

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

std::string inputs_section(const Result& result) {
  if (result.provenance.empty()) return "";
  std::string out =
      paragraph(
          "Every input with where it comes from: measured by somebody who says how, published by its "
          "maker, derived from such figures, or assumed.") +
      grade_filter(result) + "<div class='scroll" +
      std::string{result.provenance.size() > 24 ? " long" : ""} +
      "' tabindex='0' role='region' aria-label='Inputs'><table class='data provenance'><caption "
      "class='unseen'>Every input with its value, grade and "
      "source"
      "</caption><thead><tr><th scope='col'>Input</th><th scope='col'>Value</th><th "
      "scope='col'>Grade</th>"
      "<th scope='col'>Source and note</th></tr></thead><tbody>\n";
  for (const Provenance& input : result.provenance) {
    out += "<tr data-grade='" + grade_class(input.grade) + "'><th scope='row'><code>" + html(input.path) +
           "</code></th><td>" + isolated(input.value) + "</td><td>" + grade_markup(input.grade) +
           "</td><td>" + (input.source.empty() ? "" : isolated(input.source));
    if (!input.note.empty()) out += "<span class='what'>" + isolated(input.note) + "</span>";
    out += "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n";
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

}  // namespace superpod::analysis
