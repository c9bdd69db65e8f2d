#include "scenarios/validate/simulated_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <variant>

#include "models/hardware/system.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

/// Results of scenarios by their text.
class Simulations {
 public:
  explicit Simulations(const Library& library) : library_{&library} {}

  const std::vector<analysis::Figure>& figures(const SimulatedRow& row,
                                               const std::function<void(double)>& progress) {
    const ScenarioFile file = first_that_runs(row.scenarios, *library_);
    auto at = results_.find(file.text);
    if (at == results_.end())
      at = results_.emplace(file.text, simulate(file, models::Detail::folded, progress).result.figures).first;
    return at->second;
  }

 private:
  const Library* library_;
  std::map<std::string, std::vector<analysis::Figure>> results_;
};

const analysis::Figure& figure_of(const std::vector<analysis::Figure>& all, const std::string& key) {
  const auto found = std::ranges::find(all, key, &analysis::Figure::key);
  if (found == all.end()) throw std::logic_error{"a simulation has no figure " + key};
  return *found;
}

/// The interval is that of a single figure: how the parts of a sum move together is not known.
Prediction predicted(SimulatedRow row, const std::vector<analysis::Figure>& all) {
  Prediction out = std::move(row.prediction);
  for (const std::string& key : row.figures) out.predicted += figure_of(all, key).value * row.scale;
  const auto& interval = figure_of(all, row.figures.front()).interval;
  if (interval && row.figures.size() == 1)
    out.interval = {interval->first * row.scale, interval->second * row.scale};
  out.basis = "simulated";
  return out;
}

int largest_divisor(int number, int limit) {
  int divisor = std::min(number, limit);
  while (number % divisor != 0) --divisor;
  return divisor;
}

std::string in_words(const Cells& cells, std::string_view column) {
  return "column " + in_quotes(column) + " holds " + in_quotes(cells.text(column));
}

}  // namespace

ScenarioFile first_that_runs(const std::vector<std::string>& scenarios, const Library& library) {
  std::string why = "no scenario";
  for (const std::string& yaml : scenarios) {
    Mistakes mistakes;
    const auto source = std::make_shared<const Source>(Source{"row", yaml});
    if (auto file = read_scenario(source, library, {}, mistakes)) return std::move(*file);
    why = mistakes.sorted().front().message;
  }
  throw Unpredictable{why};
}

void predict_rows(Validation& validation, const RowPredictor& predictor,
                  const std::function<void(double)>& progress) {
  const auto rows = static_cast<double>(validation.table.rows.size());
  double done = 0;
  const std::function<void(double)> within = [&](double share) { progress((done + share) / rows); };
  for (const Csv::Row& csv_row : validation.table.rows) {
    Mistakes none;  // what does not fit is a reason here, never a mistake of the table
    const Cells cells{validation.table, csv_row, none};
    try {
      for (Prediction& prediction : predictor(cells, progress ? within : progress)) {
        prediction.line = csv_row.line;
        validation.rows.push_back(std::move(prediction));
      }
    } catch (const Unpredictable& why) {
      validation.unread.push_back({csv_row.line, why.what()});
    } catch (const ScenarioError&) {
      throw;                                   // a mistake in the catalogue is none of the row
    } catch (const std::exception& failure) {  // one row that ends badly, for want of memory, ends no table
      validation.unread.push_back({csv_row.line, failure.what()});
    }
    ++done;
    if (progress) within(0);
  }
}

void simulate_rows(Validation& validation, const SimulatedDialect& dialect, const Library& library,
                   const std::function<void(double)>& progress) {
  Simulations simulations{library};
  const auto predict = [&](const Cells& cells, const std::function<void(double)>& within) {
    SimulatedRow row = dialect(cells);
    const auto& figures = simulations.figures(row, within);
    return std::vector{predicted(std::move(row), figures)};
  };
  predict_rows(validation, predict, progress);
}

int whole(const Cells& cells, std::string_view column, int otherwise) {
  const std::string_view word = cells.text(column);
  if (word.empty() || word == "n/a") return otherwise;
  double value = 0;  // pandas writes 4.0 for a count in a column where others are missing
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool counts = value >= 0 && value <= std::numeric_limits<int>::max() && value == std::floor(value);
  if (problem != std::errc{} || end != word.data() + word.size() || !counts)
    throw Unpredictable{in_words(cells, column) + ", no count"};
  return static_cast<int>(value);
}

double positive_number(const Cells& cells, std::string_view column) {
  const std::string_view word = cells.text(column);
  double value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (problem != std::errc{} || end != word.data() + word.size() || !(value > 0 && value < 1e30))
    throw Unpredictable{in_words(cells, column) + ", no number above 0"};
  return value;
}

std::string part_of(const std::string& system, int npus, const Library& library, const std::string& more) {
  if (npus < 1) throw Unpredictable{"a system has at least one NPU, not " + std::to_string(npus)};
  const auto value = entry_named<models::System>(system, library);
  std::string levels;
  int left = npus;
  for (auto level = value.levels.rbegin(); level != value.levels.rend(); ++level) {
    const int count = largest_divisor(left, level->count);
    levels = level->name + ": {count: " + std::to_string(count) + "}" + (levels.empty() ? "" : ", ") + levels;
    left /= count;
  }
  if (left > 1)
    throw Unpredictable{std::to_string(npus) + " NPUs cannot be laid evenly on " + in_quotes(system)};
  return "{base: " + system + ", levels: {" + levels + "}" + (more.empty() ? "" : ", " + more) + "}";
}

}  // namespace superpod::scenarios
