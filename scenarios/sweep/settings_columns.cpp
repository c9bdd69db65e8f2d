#include "scenarios/sweep/settings_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "scenarios/sweep/scalar.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Column;

/// All values in one unit, NaN where there is none; nothing when one of them is no number.
std::optional<std::vector<ScalarNumber>> numbers_of(const std::vector<const Node*>& values) {
  std::vector<ScalarNumber> numbers;
  std::optional<std::string> unit;
  for (const Node* value : values) {
    if (value == nullptr) {
      numbers.push_back({std::numeric_limits<double>::quiet_NaN(), {}});
      continue;
    }
    const auto number = value->kind == Node::Kind::scalar ? scalar_number(value->text) : std::nullopt;
    if (!number || (unit && *unit != number->unit)) return std::nullopt;
    unit = number->unit;
    numbers.push_back(*number);
  }
  return unit ? std::optional{numbers} : std::nullopt;
}

std::string unit_of(const std::vector<ScalarNumber>& numbers) {
  for (const ScalarNumber& number : numbers)
    if (!number.unit.empty()) return number.unit;
  return {};
}

bool are_counts(const std::vector<ScalarNumber>& numbers) {
  constexpr double exact = 0x1p53;
  return std::ranges::all_of(numbers, [](const ScalarNumber& number) {
    return number.unit.empty() && std::trunc(number.value) == number.value && std::abs(number.value) <= exact;
  });
}

/// The values of a row of a dial at all points.
Column spread(const SweepFile& file, std::size_t dial, const Column& rows) {
  Column column = rows;
  std::visit(
      [&]<class T>(const std::vector<T>& of_row) {
        std::vector<T> of_point(static_cast<std::size_t>(file.points()));
        std::size_t inner = 1;
        for (std::size_t after = dial + 1; after < file.dials.size(); ++after)
          inner *= file.dials[after].rows.size();
        for (std::size_t point = 0; point < of_point.size(); ++point)
          of_point[point] = of_row[point / inner % of_row.size()];
        column.values = std::move(of_point);
      },
      rows.values);
  return column;
}

/// What the rows of a dial set, in the order in which the paths first appear.
std::vector<std::string> paths_of(const Dial& dial) {
  std::vector<std::string> paths;
  for (const auto& row : dial.rows)
    for (const Setting& setting : row)
      if (std::ranges::find(paths, setting.path) == paths.end()) paths.push_back(setting.path);
  return paths;
}

}  // namespace

Column column_of(const std::string& path, const std::vector<const Node*>& values) {
  const std::string meaning = "what this path of the scenario was set to";
  if (const auto numbers = numbers_of(values)) {
    if (are_counts(*numbers)) {
      std::vector<std::int64_t> counts;
      for (const ScalarNumber& number : *numbers) counts.push_back(static_cast<std::int64_t>(number.value));
      return {path, "", meaning, counts};
    }
    std::vector<double> reals;
    for (const ScalarNumber& number : *numbers) reals.push_back(number.value);
    return {path, unit_of(*numbers), meaning, reals};
  }
  std::vector<std::string> words;
  for (const Node* value : values) words.push_back(value == nullptr ? "" : flow_text(*value));
  return {path, "", meaning, words};
}

std::vector<Column> settings_columns(const SweepFile& file) {
  std::vector<Column> columns;
  for (std::size_t d = 0; d < file.dials.size(); ++d)
    for (const std::string& path : paths_of(file.dials[d])) {
      std::vector<const Node*> values;
      for (const auto& row : file.dials[d].rows) {
        const auto setting = std::ranges::find(row, path, &Setting::path);
        values.push_back(setting == row.end() ? nullptr : &setting->value);
      }
      columns.push_back(spread(file, d, column_of(path, values)));
    }
  return columns;
}

}  // namespace superpod::scenarios
