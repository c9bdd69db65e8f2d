#include "scenarios/answers/uncertainty_result.hpp"

#include <algorithm>
#include <stdexcept>

#include "scenarios/text/parameters.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Figure;
using analysis::Result;

Figure& figure_of(Result& result, const std::string& key) {
  const auto at = std::ranges::find(result.figures, key, &Figure::key);
  if (at == result.figures.end()) throw std::logic_error{"uncertainty of a figure that is not there: " + key};
  return *at;
}

std::string value_of(double value, const std::string& unit) {
  if (unit == "s") return text(Seconds{value});
  return unit.empty() ? percent_text(value) : si(value, unit == "1/s" ? "/s" : " " + unit);
}

/// [sample] of one figure, in proportion to the result's own.
std::vector<double> samples_of(const UncertainAnswer& answer, std::size_t figure, double own) {
  const double in_proportion = own / answer.study.runs.base[figure];
  std::vector<double> values;
  for (const auto& sample : answer.study.samples) values.push_back(in_proportion * sample[figure]);
  return values;
}

analysis::Table samples_table(const UncertainAnswer& answer, Result& result) {
  analysis::Table table{"samples", "sample", "answers with all inputs off at once, each by chance", {}};
  for (std::size_t f = 0; f < answer.figures.size(); ++f) {
    const Figure& figure = figure_of(result, answer.figures[f]);
    table.columns.push_back({figure.key, figure.unit, figure.meaning, samples_of(answer, f, figure.value)});
  }
  return table;
}

/// The tornado's bars, in the unit of its figure.
struct Bars {
  std::vector<std::string> input, grade, value, low, high;
  std::vector<double> result_low, result_high, swing;
};

Bars bars_of(const UncertainAnswer& answer, std::size_t of, double own) {
  const double in_proportion = own / answer.study.runs.base[of];
  Bars bars;
  for (const models::Bar& bar : models::tornado(answer.study.runs, of)) {
    const models::UncertainInput& input = answer.inputs[bar.input];
    bars.input.push_back(input.path), bars.grade.push_back(value_text(input.grade));
    bars.value.push_back(input.value);
    bars.low.push_back(input.low_value), bars.high.push_back(input.high_value);
    bars.result_low.push_back(in_proportion * bar.low), bars.result_high.push_back(in_proportion * bar.high);
    bars.swing.push_back(in_proportion * bar.swing);
  }
  return bars;
}

analysis::Table tornado_table(const Bars& bars, const Figure& of) {
  return {"tornado",
          "input",
          "what one input by itself does to the answer, at both ends of its interval; widest first",
          {{"input", "", "path of the figure, or of the figures that it stands for", bars.input},
           {"grade", "", "the worst of them", bars.grade},
           {"value", "", "as given", bars.value},
           {"low", "", "at the low end of its interval", bars.low},
           {"high", "", "at the high end", bars.high},
           {"result_low", of.unit, "answer with the input at its low end", bars.result_low},
           {"result_high", of.unit, "answer with the input at its high end", bars.result_high},
           {"of", "", "which figure the answer is", std::vector<std::string>(bars.input.size(), of.key)},
           {"swing", of.unit, "largest less smallest answer", bars.swing}}};
}

std::string sentence(const Bars& bars, const Figure& of, const models::SurrogateError& error) {
  std::string out = " With 90 % " + of.key + " lies between " + value_of(of.interval->first, of.unit) +
                    " and " + value_of(of.interval->second, of.unit);
  if (!bars.input.empty())
    out += "; most depends on " + bars.input.front() + " (" + bars.value.front() + ", " + bars.grade.front() +
           ")" + (bars.input.size() > 1 ? ", then on " + bars.input[1] : "");
  out += ".";
  if (error.samples > 0)
    out += " Samples are to first order: " + std::to_string(error.samples) +
           " of them, simulated, differ by at most " + percent_text(error.largest) + ".";
  return out;
}

}  // namespace

void add_uncertainty(const UncertainAnswer& answer, Result& result) {
  const models::Study& study = answer.study;
  for (std::size_t f = 0; f < answer.figures.size(); ++f) {
    Figure& figure = figure_of(result, answer.figures[f]);
    const auto [low, high] = models::interval(study.samples, f, study.runs.base[f]);
    const double in_proportion = figure.value / study.runs.base[f];
    figure.interval = {in_proportion * low, in_proportion * high};
    figure.meaning += "; 90 % of the samples lie in the interval";
  }
  const auto of =
      static_cast<std::size_t>(std::ranges::find(answer.figures, answer.of) - answer.figures.begin());
  const Figure subject = figure_of(result, answer.of);
  const Bars bars = bars_of(answer, of, subject.value);
  result.tables.push_back(tornado_table(bars, subject));
  result.tables.push_back(samples_table(answer, result));
  const auto add = [&](const char* key, double value, const char* meaning) {
    result.figures.push_back({std::string{"uncertainty."} + key, value, "", meaning});
  };
  add("inputs", static_cast<double>(answer.inputs.size()), "inputs that may be off");
  add("samples", static_cast<double>(study.samples.size()), "samples of all of them together");
  if (study.error.samples > 0) {
    add("checks", study.error.samples, "samples that were simulated as well");
    add("mean_error", study.error.mean, "|first order / simulated - 1|, mean over these and all figures");
    add("largest_error", study.error.largest, "the largest of the same");
  }
  result.verdict += sentence(bars, subject, study.error);
}

void add_inverse_intervals(const std::string& to, const std::vector<std::string>& keys, Result& result) {
  const Figure of = figure_of(result, to);
  for (const std::string& key : keys) {
    Figure& figure = figure_of(result, key);
    figure.interval = {figure.value * of.value / of.interval->second,
                       figure.value * of.value / of.interval->first};
  }
}

}  // namespace superpod::scenarios
