#include "analysis/page/comparison_inputs.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/table_markup.hpp"
#include "analysis/page/text_difference.hpp"

namespace superpod::analysis {
namespace {

const Provenance* input_named(const Result& result, const std::string& path) {
  const auto found = std::ranges::find(result.provenance, path, &Provenance::path);
  return found == result.provenance.end() ? nullptr : &*found;
}

std::string cell(const Provenance* input) {
  if (input == nullptr) return "<td><span class='what'>not an input</span></td>";
  std::string out = "<td>" + isolated(input->value) + "<span class='what'>" + grade_markup(input->grade);
  if (!input->source.empty()) out += " " + isolated(input->source);
  return out + "</span></td>";
}

std::string row(const std::string& path, const Provenance* a, const Provenance* b) {
  return "<tr><th scope='row'><code>" + html(path) + "</code></th>" + cell(a) + cell(b) + "</tr>\n";
}

/// Lines that both have, beyond these many around each difference, are left out.
constexpr std::size_t context = 3;

std::vector<bool> near_a_difference(const std::vector<DiffLine>& lines) {
  std::vector<bool> out(lines.size(), false);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].where != DiffLine::Where::both)
      for (std::size_t j = i - std::min(i, context); j < std::min(lines.size(), i + context + 1); ++j)
        out[j] = true;
  return out;
}

std::string markup(const DiffLine& line) {
  if (line.where == DiffLine::Where::both) return "<span class='line'>  " + html(line.text) + "\n</span>";
  const bool is_a = line.where == DiffLine::Where::only_a;
  return std::string{is_a ? "<del" : "<ins"} + " class='line'><span class='unseen'>" +
         (is_a ? "only in A: " : "only in B: ") + "</span>" + (is_a ? "\u2212 " : "+ ") + html(line.text) +
         "\n" + (is_a ? "</del>" : "</ins>");
}

}  // namespace

std::string differing_inputs(const Result& a, const Result& b) {
  std::string rows;
  std::size_t equal = 0;
  for (const Provenance& input : a.provenance) {
    const Provenance* other = input_named(b, input.path);
    if (other != nullptr && other->value == input.value && other->grade == input.grade)
      ++equal;
    else
      rows += row(input.path, &input, other);
  }
  for (const Provenance& input : b.provenance)
    if (input_named(a, input.path) == nullptr) rows += row(input.path, nullptr, &input);
  if (a.provenance.empty() && b.provenance.empty()) return "";
  const std::string others = quantity(static_cast<double>(equal), "") + " inputs are the same in both.";
  if (rows.empty()) return paragraph("No input differs: " + others);
  return paragraph(others) + table_opening("Inputs that differ", "sortable") +
         "<th scope='col'>Input</th><th scope='col'>A</th><th scope='col'>B</th></tr></thead><tbody>\n" +
         rows + table_closing + "\n";
}

std::string differing_scenarios(const Result& a, const Result& b) {
  if (a.scenario_text.empty() && b.scenario_text.empty()) return "";
  if (a.scenario_text == b.scenario_text) return paragraph("The texts of both scenarios are the same.");
  const std::vector<DiffLine> lines = text_difference(a.scenario_text, b.scenario_text);
  const std::vector<bool> shown = near_a_difference(lines);
  std::string out =
      paragraph("Lines with − stand only in A, lines with + only in B.") +
      "<pre class='difference' tabindex='0' role='region' aria-label='Difference of the scenarios' "
      "dir='ltr'><code>";
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (shown[i])
      out += markup(lines[i]);
    else if (i == 0 || shown[i - 1])
      out += "<span class='line gap'>  …\n</span>";
  return out + "</code></pre>\n";
}

}  // namespace superpod::analysis
