#include "analysis/page/pareto_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/chart_axis.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/script_list.hpp"

namespace superpod::analysis {
namespace {

/// A column of which some number is finite; null otherwise.
const Column* with_numbers(const Table& table, const std::string& name) {
  const Column* column = table.column(name);
  if (column == nullptr) return nullptr;
  const std::vector<double> values = numbers(*column);
  return std::ranges::any_of(values, [](double value) { return std::isfinite(value); }) ? column : nullptr;
}

using Titled = std::pair<const Column*, std::string>;

Titled time_of(const Table& answers) {
  if (const Column* column = with_numbers(answers, "time_to_train_s")) return {column, "Time to train"};
  return {with_numbers(answers, "step_time_s"), "Step time"};
}

std::vector<Titled> taken_by(const Table& answers) {
  std::vector<Titled> out;
  for (const auto& [name, title] : std::vector<std::pair<std::string, std::string>>{
           {"npus", "NPUs"}, {"power_w", "Power"}, {"cost", "Cost"}})
    if (const Column* column = with_numbers(answers, name)) out.emplace_back(column, title);
  return out;
}

std::vector<std::string> names_of(const Table& answers) {
  const std::vector<std::string> system = texts(answers, "system"), size = texts(answers, "size"),
                                 mapping = texts(answers, "mapping");
  std::vector<std::string> out;
  for (std::size_t row = 0; row < answers.rows(); ++row) {
    std::string name = std::to_string(row + 1) + ": " + at(system, row);
    for (const std::string& more : {at(size, row), at(mapping, row)})
      if (!more.empty()) name += ", " + more;
    out.push_back(name);
  }
  return out;
}

}  // namespace

bool has_pareto(const Result& result) {
  const Table* answers = result.shown_as(View::candidates);
  return answers != nullptr && time_of(*answers).first != nullptr && !taken_by(*answers).empty();
}

std::string pareto_data(const Result& result) {
  const Table& answers = *result.shown_as(View::candidates);
  const auto [time, title] = time_of(answers);
  const bool of_training = time->name == "time_to_train_s";
  std::string takes;
  for (const auto& [column, name] : taken_by(answers))
    takes += (takes.empty() ? "" : ",\n") + chart_axis(*column, name);
  std::vector<std::string> systems;
  std::vector<double> system;
  for (const std::string& name : texts(answers, "system")) {
    const auto found = std::ranges::find(systems, name);
    system.push_back(static_cast<double>(found - systems.begin()));
    if (found == systems.end()) systems.push_back(name);
  }
  return "{\"time\":" + chart_axis(*time, title) + ",\n\"low\":" +
         list(on_axis_of(*time, numbers(answers, of_training ? "time_low_s" : "step_low_s"))) + ",\"high\":" +
         list(on_axis_of(*time, numbers(answers, of_training ? "time_high_s" : "step_high_s"))) +
         ",\n\"takes\":[" + takes + "],\n\"names\":" + list(names_of(answers)) +
         ",\n\"systems\":" + list(systems) + ",\"system\":" + list(system) +
         ",\"meets\":" + list(numbers(answers, "meets")) + "}";
}

}  // namespace superpod::analysis
