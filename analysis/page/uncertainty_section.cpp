#include "analysis/page/uncertainty_section.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/chart_frame.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/samples_data.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

/// The tornado's rows, column by column.
struct Inputs {
  explicit Inputs(const Table& table)
      : input{texts(table, "input")},
        grade{texts(table, "grade")},
        value{texts(table, "value")},
        low{texts(table, "low")},
        high{texts(table, "high")},
        of{texts(table, "of")},
        result_low{numbers(table, "result_low")},
        result_high{numbers(table, "result_high")} {}
  std::vector<std::string> input, grade, value, low, high, of;
  std::vector<double> result_low, result_high;
};

/// One tornado for each figure that the rows are about.
std::string tornado(const Inputs& inputs, const Figure& figure) {
  std::vector<double> ends{figure.value};
  for (std::size_t i = 0; i < inputs.input.size(); ++i)
    if (inputs.of.empty() || inputs.of[i] == figure.key)
      for (const double end : {inputs.result_low[i], inputs.result_high[i]})
        if (std::isfinite(end)) ends.push_back(end);
  const double least = std::ranges::min(ends), most = std::ranges::max(ends);
  const double span = most > least ? most - least : 1;
  const double margin = .02 * span;
  const auto place = [&](double value) { return (value - least + margin) / (span + 2 * margin); };
  const Scale scale = scale_of(ends, figure.unit);
  const auto with_unit = [&](double value) { return quantity(value, scale); };
  std::string out = legend({{"c6", "input at its low end"},
                            {"c5", "input at its high end"},
                            {"line", label(figure) + " of the answer: " + with_unit(figure.value)}}) +
                    bars_opening("What moves " + label(figure) + ", widest first", "Input",
                                 with_unit(least) + " to " + with_unit(most),
                                 {{"At low", scale.unit}, {"At high", scale.unit}});
  for (std::size_t i = 0; i < inputs.input.size(); ++i) {
    if (!inputs.of.empty() && inputs.of[i] != figure.key) continue;
    const double low = inputs.result_low[i], high = inputs.result_high[i];
    std::string plot;
    // Where both ends lie on one side, the longer bar is drawn first, so that the shorter one stays visible.
    const bool high_first = std::abs(high - figure.value) >= std::abs(low - figure.value);
    for (const bool of_high : {high_first, !high_first})
      plot += bar_between(of_high ? "c5" : "c6", place(figure.value), place(of_high ? high : low));
    out += bar_row({inputs.input[i],
                    at(inputs.value, i) + ": " + at(inputs.low, i) + " to " + at(inputs.high, i),
                    plot + upright("capacity", place(figure.value)),
                    {digits(low, scale), digits(high, scale)},
                    " " + grade_markup(at(inputs.grade, i))});
  }
  return out + "</tbody></table>\n";
}

std::string tornados(const Result& result) {
  const Table* table = result.shown_as(View::tornado);
  if (table == nullptr) return "";
  const Inputs inputs{*table};
  if (inputs.input.empty() || inputs.result_low.empty() || inputs.result_high.empty()) return "";
  std::vector<std::string> seen;
  std::string out;
  for (const std::string& key : inputs.of) {
    if (std::ranges::find(seen, key) != seen.end()) continue;
    seen.push_back(key);
    if (const Figure* figure = result.figure(key))
      out += "<h3>What moves " + isolated(uncapitalised(label(*figure))) + " most</h3>" + lead(*table) +
             tornado(inputs, *figure);
  }
  return out;
}

std::string samples(const Result& result) {
  const std::vector<Sampled> figures = sampled(result);
  if (figures.empty()) return "";
  const Table& table = *result.shown_as(View::samples);
  std::string out =
      "<h3>Samples</h3>" + lead(table) +
      chart_frame({"samples", "Histogram of the samples of one figure",
                   "With the keyboard: arrow keys walk from bar to bar. Lines: a twentieth of the samples "
                   "lies below the first and above the last; half on either side of the middle one."}) +
      table_opening("How each figure came out in the samples", "sortable") +
      "<th scope='col'>Figure</th><th scope='col' class='n'>Answer</th><th scope='col' class='n'>5 % below"
      "</th><th scope='col' class='n'>Median</th><th scope='col' class='n'>5 % "
      "above</th></tr></thead><tbody>\n";
  for (const Sampled& one : figures) {
    out += "<tr><th scope='row'>" + isolated(one.title) + "</th>";
    for (const double value : {one.answer, one.low, one.median, one.high})
      out += number_cell(value, quantity(value, one.scale));
    out += "</tr>\n";
  }
  return out + table_closing + "\n";
}

}  // namespace

std::string uncertainty_section(const Result& result) { return tornados(result) + samples(result); }

namespace {

/// Predictions beside measurements.
std::string predictions(const Table& cases, const std::vector<std::string>& meanings) {
  const std::vector<std::string> names = texts(cases, "case"), units = texts(cases, "unit");
  const std::vector<double> predicted = numbers(cases, "predicted"), measured = numbers(cases, "measured"),
                            error = numbers(cases, "error");
  double widest = .1;
  for (const double one : error)
    if (std::isfinite(one)) widest = std::max(widest, std::abs(one));
  std::string out =
      bars_opening(cases.meaning, "Case", signed_percent(-widest) + " to " + signed_percent(widest),
                   {{"Predicted", ""}, {"Measured", ""}, {"Error", ""}});
  for (std::size_t i = 0; i < names.size(); ++i)
    out += bar_row({names[i],
                    meanings[i],
                    upright("middle", .5) + bar_between("c1", .5, .5 + .5 * error[i] / widest),
                    {quantity(at(predicted, i), at(units, i)), quantity(at(measured, i), at(units, i)),
                     signed_percent(error[i])}});
  return out + "</tbody></table>\n";
}

/// How far models are off in the mean, and how much rests on each.
std::string mean_errors(const Table& cases, const std::vector<std::string>& meanings) {
  const std::vector<std::string> names = texts(cases, "case");
  const std::vector<double> error = numbers(cases, "error"), share = numbers(cases, "share");
  double widest = .1;
  for (const double one : error)
    if (std::isfinite(one)) widest = std::max(widest, one);
  std::string out = bars_opening(cases.meaning, "Case", "0 to " + percent(widest) + " %",
                                 {{"Share of time", ""}, {"Mean error", ""}});
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool known = std::isfinite(error[i]);
    out += bar_row({names[i],
                    meanings[i],
                    known ? bar_between("c1", 0, error[i] / widest) : std::string{},
                    {percent(at(share, i)) + " %", known ? percent(error[i]) + " %" : "not known"}});
  }
  return out + "</tbody></table>\n";
}

}  // namespace

std::string validation_section(const Result& result) {
  const Table* cases = result.shown_as(View::checks);
  if (cases == nullptr || cases->rows() == 0) return "";
  if (texts(*cases, "case").empty() || numbers(*cases, "error").empty())
    return lead(*cases) + table_markup(*cases);
  const std::vector<std::string> of = texts(*cases, "of"), sources = texts(*cases, "source");
  std::vector<std::string> meanings;
  for (std::size_t i = 0; i < cases->rows(); ++i) {
    const std::string source = at(sources, i);
    meanings.push_back(at(of, i) + (source.empty() || at(of, i).empty() ? "" : " · ") + source);
  }
  return lead(*cases) + (numbers(*cases, "predicted").empty() ? mean_errors(*cases, meanings)
                                                              : predictions(*cases, meanings));
}

}  // namespace superpod::analysis
