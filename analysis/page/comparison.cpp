#include "analysis/page/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/page/answer.hpp"
#include "analysis/page/bar_markup.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/comparison_inputs.hpp"
#include "analysis/page/difference.hpp"
#include "analysis/page/document.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/paired_bars.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

/// Tokens a second before the step: two steps may be of different batches.
constexpr std::array<const char*, 12> headline{
    "time_to_train_s", "tokens_per_s", "step_time_s", "time_s", "mfu",       "goodput", "npus",
    "power_w",         "energy_j",     "floor_m2",    "cost",   "delivery_s"};

std::string style_of(const Difference& of) {
  return of.better == Better::neither ? "" : of.better == Better::b ? "good" : "bad";
}

/// What the first figure says that answers the question: `B takes 47.1 d less (−8.0 %)`.
std::string verdict(const Result& a, const Result& b) {
  for (const char* key : headline) {
    const Figure *of_a = a.figure(key), *of_b = b.figure(key);
    if (of_a == nullptr || of_b == nullptr) continue;
    const Difference d = difference(*of_a, *of_b);
    const std::string name = label(*of_a);
    if (d.better == Better::neither && d.absolute == 0)
      return name + " is the same in A and B: " + value_text(*of_a) + ".";
    std::string out = name + " is " + value_text(*of_b) + " in B and " + value_text(*of_a) +
                      " in A: " + text(d, *of_a, *of_b) + " (" + signed_percent(d.relative) + ").";
    if (d.better == Better::neither) return out;
    const std::string which = d.better == Better::a ? "A" : "B";
    return out + (d.sure ? " " + which + " is better."
                         : " " + which +
                               " is better if the errors of both go the same way; by themselves, their "
                               "intervals allow either.");
  }
  return "The two results have no figure in common that answers a question.";
}

std::string subject(const char* letter, const Result& result) {
  return std::string{"<div class='side'><dt><span class='letter'>"} + letter + "</span> " +
         isolated(result.name.empty() ? "Result without a name" : result.name) + "</dt><dd>" +
         isolated(words(result.kind) + (result.system.empty() ? "" : " on " + result.system)) +
         "<span class='what'>" + isolated(result.verdict) + "</span></dd></div>";
}

std::string head(const Result& a, const Result& b) {
  return "<header>\n<p class='subject'><span class='product'>superpod</span> comparison</p>\n<h1>" +
         isolated(a.name) + " <span class='against'>and</span> " + isolated(b.name) +
         "</h1>\n<p class='verdict'>" + isolated(verdict(a, b)) + "</p>\n<dl class='sides'>" +
         subject("A", a) + subject("B", b) + "</dl></header>\n";
}

std::string figure_row(const Figure& a, const Figure& b) {
  const Difference d = difference(a, b);
  const std::string interval =
      d.interval ? range_text(*d.interval, std::abs(a.value) > std::abs(b.value) ? a : b) : "";
  return "<tr><th scope='row'>" + isolated(label(a)) + "<span class='what'>" + isolated(a.meaning) +
         "</span></th>" + number_cell(a.value, value_text(a), interval_text(a)) +
         number_cell(b.value, value_text(b), interval_text(b)) +
         number_cell(d.absolute, text(d, a, b), interval) +
         number_cell(d.relative, d.absolute == 0 ? "0" : signed_percent(d.relative)) + "<td>" +
         chip(in_words(d), style_of(d)) + "</td></tr>\n";
}

std::string figures_table(const std::vector<std::pair<const Figure*, const Figure*>>& both,
                          const char* caption) {
  std::string out =
      table_opening(caption, "sortable compared") +
      "<th scope='col'>Figure</th><th scope='col' class='n'>A</th><th scope='col' class='n'>B</th><th "
      "scope='col' class='n'>B less A</th><th scope='col' class='n'>Relative</th><th scope='col'>In "
      "words</th></tr></thead><tbody>\n";
  for (const auto& [a, b] : both) out += figure_row(*a, *b);
  return out + table_closing + "\n";
}

std::string answers_section(const Result& a, const Result& b) {
  std::vector<std::pair<const Figure*, const Figure*>> both;
  for (const char* key : headline)
    if (a.figure(key) != nullptr && b.figure(key) != nullptr) both.emplace_back(a.figure(key), b.figure(key));
  if (both.empty()) return "";
  return paragraph(
             "Small numbers below a value are its interval. The interval of a difference goes from the least "
             "to the "
             "most that both intervals allow; errors that both results share would narrow it, and “perhaps” "
             "says that it "
             "holds zero.") +
         figures_table(both, "The answers side by side");
}

std::string figures_section(const Result& a, const Result& b) {
  std::vector<std::pair<const Figure*, const Figure*>> both;
  std::string only;
  for (const Figure& figure : a.figures)
    if (const Figure* other = b.figure(figure.key))
      both.emplace_back(&figure, other);
    else
      only += (only.empty() ? "" : ", ") + label(figure) + " (A)";
  for (const Figure& figure : b.figures)
    if (a.figure(figure.key) == nullptr) only += (only.empty() ? "" : ", ") + label(figure) + " (B)";
  if (both.empty() && only.empty()) return "";
  return figures_table(both, "Every figure that both results have") +
         (only.empty() ? "" : paragraph("Only in one of them: " + only + "."));
}

}  // namespace

std::string comparison_page(const Result& a, const Result& b) {
  check(a);
  check(b);
  Document document{std::string{page_css} + std::string{sections_css} + std::string{comparison_css}};
  document.section("answers", "The answers", answers_section(a, b));
  document.section("breakdown", "Where the time goes", paired_bars(a, b, View::causes, "time"));
  document.section("phases", "Kinds of passes", paired_bars(a, b, View::passes, "time"));
  document.section("critical-path", "Critical path", paired_bars(a, b, View::chain, "time"));
  document.section("links", "Use of links", paired_bars(a, b, View::links, "utilisation"));
  document.section("energy", "Power", paired_bars(a, b, View::energy, "power_w"));
  document.section("bill", "Cost of equipment", paired_bars(a, b, View::bill, "cost"));
  document.section("reliability", "Lost to failures", paired_bars(a, b, View::losses, "lost_s"));
  document.section("inputs", "What differs in the inputs", differing_inputs(a, b));
  document.section("scenario", "What differs in the scenarios", differing_scenarios(a, b));
  document.section("figures", "All figures", figures_section(a, b));
  return document.whole(a.name + " and " + b.name, head(a, b));
}

}  // namespace superpod::analysis
