#include "scenarios/answers/uncertainty_result.hpp"

#include <algorithm>

#include "scenarios/text/parameters.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Figure;
using analysis::Result;

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

analysis::Table samples_table(const UncertainAnswer& answer, const std::vector<Figure>& studied) {
  analysis::Table table{"samples",
                        "sample",
                        "answers with all inputs off at once, each by chance",
                        {},
                        analysis::View::samples};
  for (std::size_t f = 0; f < studied.size(); ++f) {
    const Figure& figure = studied[f];
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
           {"swing", of.unit, "largest less smallest answer", bars.swing}},
          analysis::View::tornado};
}

}  // namespace

std::optional<std::size_t> place_of(const UncertainAnswer& answer, Studied figure) {
  const auto at = std::ranges::find(answer.figures, figure);
  if (at == answer.figures.end()) return std::nullopt;
  return static_cast<std::size_t>(at - answer.figures.begin());
}

std::pair<double, double> interval_of(const UncertainAnswer& answer, std::size_t place, double own) {
  const auto [low, high] = models::interval(answer.study.samples, place, answer.study.runs.base[place]);
  const double in_proportion = own / answer.study.runs.base[place];
  return {in_proportion * low, in_proportion * high};
}

std::optional<std::string> widest_input(const UncertainAnswer& answer) {
  const auto bars = models::tornado(answer.study.runs, answer.figures.size() - 1);
  if (bars.empty()) return std::nullopt;
  return answer.inputs[bars.front().input].path;
}

void give_interval(const UncertainAnswer& answer, std::size_t place, Figure& figure) {
  figure.interval = interval_of(answer, place, figure.value);
  figure.meaning += "; 90 % of the samples lie in the interval";
}

void add_uncertainty(const UncertainAnswer& answer, const std::vector<Figure>& studied, Result& result) {
  const models::Study& study = answer.study;
  const Figure& subject = studied.back();
  result.tables.push_back(tornado_table(bars_of(answer, studied.size() - 1, subject.value), subject));
  result.tables.push_back(samples_table(answer, studied));
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
}

std::string sentence(const UncertainAnswer& answer, const Figure& of) {
  const Bars bars = bars_of(answer, answer.figures.size() - 1, of.value);
  const models::SurrogateError& error = answer.study.error;
  std::string out = "With 90 % " + of.key + " lies between " + value_of(of.interval->first, of.unit) +
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

}  // namespace superpod::scenarios
