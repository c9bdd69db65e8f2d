#include "scenarios/sweep/sweep_result.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "scenarios/asked/explain.hpp"
#include "scenarios/sweep/settings_columns.hpp"
#include "sim/values/quantity_text.hpp"
#include "sim/version/version.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Array;
using analysis::Column;
using analysis::Result;
using analysis::Table;

constexpr std::size_t most_dimensions = 32;  // of an array in HDF5

/// The first of some points whose scenario has no mistake.
std::optional<ScenarioFile> first_scenario(const SweepFile& file, const Library& library) {
  constexpr std::int64_t tried = 100;
  for (std::int64_t point = 0; point < std::min(file.points(), tried); ++point) {
    Mistakes mistakes;
    const Node tree = file.scenario_of(point, mistakes);
    if (auto scenario = read_scenario(tree, {}, library, mistakes)) return scenario;
  }
  return std::nullopt;
}

/// Whether the parameter is one that varies, or may come and go with one that does.
bool is_varied(const std::string& parameter, const std::vector<Column>& settings) {
  return std::ranges::any_of(settings, [&](const Column& setting) {
    std::string path = setting.name;
    if (path.ends_with(".kind")) path.resize(path.size() - std::string_view{".kind"}.size());
    return parameter == path || parameter.starts_with(path + ".");
  });
}

Table sources(const SweepFile& file, const Fingerprint& sweep) {
  std::vector<std::string> names, sums, texts;
  for (const auto& [name, sum] : sweep) {
    names.push_back(name), sums.push_back(sum);
    texts.push_back(name == "sweep" ? file.text : name == "scenario" ? file.sweep.scenario.text : "");
  }
  return {
      "sources",
      "source",
      "what the sweep was made from",
      {{"name", "", "which part", names},
       {"sum", "", "by which it is known again", sums},
       {"text", "", "as written; empty where the scenario stands in the sweep, or the text is long", texts}}};
}

/// HDF5 has no `/` in names.
std::string data_set_name(std::string name) {
  std::ranges::replace(name, '/', '|');
  return name;
}

std::vector<const Node*> values_of(const Dial& dial) {
  std::vector<const Node*> values;
  for (const auto& row : dial.rows) values.push_back(&row.front().value);
  return values;
}

/// The point with the least time, said in words.
std::string fastest(const std::vector<Column>& settings, const std::vector<Column>& figures) {
  const auto time = std::ranges::find_if(
      figures, [](const Column& column) { return column.name == "step_time_s" || column.name == "time_s"; });
  if (time == figures.end()) return {};
  const auto& seconds = std::get<std::vector<double>>(time->values);
  std::optional<std::size_t> best;
  for (std::size_t point = 0; point < seconds.size(); ++point)
    if (!std::isnan(seconds[point]) && (!best || seconds[point] < seconds[*best])) best = point;
  if (!best) return {};
  std::string where;
  for (const Column& setting : settings)
    where += (where.empty() ? "" : ", ") + setting.name + " " +
             std::visit(
                 [&]<class T>(const std::vector<T>& values) {
                   if constexpr (std::is_same_v<T, std::string>)
                     return values[*best];
                   else
                     return si(static_cast<double>(values[*best]), setting.unit);
                 },
                 setting.values);
  return " The fastest takes " + text(Seconds{seconds[*best]}) + ": " + where + ".";
}

std::string counted(std::int64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string verdict(const Ledger& ledger) {
  std::string out = counted(ledger.points(), "point", "points") + ": " +
                    std::to_string(ledger.count(Status::ok)) + " simulated, " +
                    counted(ledger.count(Status::mistake), "mistake", "mistakes");
  if (ledger.count(Status::failed) > 0)
    out += ", " + std::to_string(ledger.count(Status::failed)) + " failed";
  if (ledger.done() < ledger.points())
    out += ", " + std::to_string(ledger.points() - ledger.done()) + " to come";
  return out + ".";
}

void add_counts(const Ledger& ledger, Result& result) {
  const auto add = [&](const char* key, std::int64_t value, const char* meaning) {
    result.figures.push_back({key, static_cast<double>(value), "", meaning});
  };
  add("complete", ledger.done() == ledger.points() ? 1 : 0, "1 when every point has ended, 0 before");
  add("points", ledger.points(), "points of the sweep");
  add("points_done", ledger.done(), "points that have ended, well or not");
  add("points_ok", ledger.count(Status::ok), "points that were simulated");
  add("points_mistake", ledger.count(Status::mistake), "points whose scenario has mistakes");
  add("points_failed", ledger.count(Status::failed), "points that the machine could not run to the end");
}

}  // namespace

SweepResult::SweepResult(const SweepFile& file, const Library& library, const Fingerprint& sweep,
                         models::Detail detail)
    : settings_{settings_columns(file)} {
  head_.name = file.sweep.name;
  head_.kind = std::string{Sweep::kind};
  head_.version = version();
  head_.scenario_text = file.text;
  head_.engine = detail == models::Detail::folded ? "folded" : "full";
  if (const auto first = first_scenario(file, library)) {
    const auto& system = first->scenario.system.value.name;
    head_.system = is_varied("system", settings_) ? "several" : system;
    head_.seed = first->scenario.seed;
    for (const Parameter& parameter : parameters(*first))
      if (!is_varied(parameter.path, settings_))
        head_.provenance.push_back(
            {parameter.path, parameter.value, parameter.grade, parameter.source, parameter.note});
  }
  for (Column& setting : settings_) setting.name = data_set_name(setting.name);
  is_grid_ = file.dials.size() == file.sweep.axes.all.size() && file.dials.size() <= most_dimensions;
  head_.tables.push_back(sources(file, sweep));
  if (!is_grid_) return;
  for (const Dial& dial : file.dials) {
    const std::string name = data_set_name(dial.name);
    head_.tables.push_back({name, name, "an axis of the sweep", {column_of(name, values_of(dial))}});
  }
}

Result SweepResult::of(const Ledger& ledger) const {
  Result result = head_;
  const std::vector<Column> figures = ledger.columns();
  result.verdict = verdict(ledger) + fastest(settings_, figures);
  add_counts(ledger, result);

  std::vector<std::int64_t> numbers(static_cast<std::size_t>(ledger.points()));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int64_t>(i);
  Table points{"points",
               "point",
               "every point of the sweep",
               {{"point", "", "its number, from 0", numbers}},
               analysis::View::points};
  points.columns.insert(points.columns.end(), settings_.begin(), settings_.end());
  points.columns.push_back(
      {"status", "",
       "ok, mistake (in the scenario of this point), failed (out of memory, killed), or pending",
       ledger.status_words_of_all()});
  points.columns.push_back({"message", "", "why it is not ok", ledger.messages()});
  for (Column figure : figures) {
    if (points.column(figure.name) != nullptr) figure.name = "figure." + figure.name;
    points.columns.push_back(std::move(figure));
  }
  result.tables.insert(result.tables.begin(), std::move(points));

  std::vector<std::string> dimensions;
  if (is_grid_)
    for (const Column& setting : settings_) dimensions.push_back(setting.name);
  for (const Column& figure : figures)
    if (is_grid_ && result.table(figure.name) == nullptr)
      result.arrays.push_back({figure.name, figure.unit, figure.meaning, dimensions,
                               std::get<std::vector<double>>(figure.values)});
  return result;
}

Fingerprint fingerprint_of(const analysis::Result& result) {
  const Table* table = result.kind == Sweep::kind ? result.table("sources") : nullptr;
  const Column* names = table == nullptr ? nullptr : table->column("name");
  const Column* sums = table == nullptr ? nullptr : table->column("sum");
  if (names == nullptr || sums == nullptr) return {};
  const auto* name = std::get_if<std::vector<std::string>>(&names->values);
  const auto* sum = std::get_if<std::vector<std::string>>(&sums->values);
  if (name == nullptr || sum == nullptr) return {};
  Fingerprint sweep;
  for (std::size_t i = 0; i < name->size(); ++i) sweep.emplace_back((*name)[i], (*sum)[i]);
  return sweep;
}

}  // namespace superpod::scenarios
