#include "scenarios/planning/plan_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "scenarios/answers/summary.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Column;
using analysis::Table;

constexpr std::size_t shown = 12;

std::string word_at(const Table& table, const char* column, std::size_t row) {
  const Column* found = table.column(column);
  return found ? std::get<std::vector<std::string>>(found->values)[row] : std::string{};
}

double number_at(const Table& table, const char* column, std::size_t row) {
  const Column* found = table.column(column);
  return found ? std::get<std::vector<double>>(found->values)[row] : std::nan("");
}

std::string number_text(double value, double scale, const char* format) {
  if (std::isnan(value)) return "?";
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), format, value / scale);
  return digits.data();
}

using Row = std::vector<std::string>;

std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c == widths.size()) widths.push_back(0);
      widths[c] = std::max(widths[c], row[c].size());
    }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      line += "  " + row[c] + std::string(c + 1 < row.size() ? widths[c] - row[c].size() : 0, ' ');
    out += line + "\n";
  }
  return out;
}

std::string answers_text(const Table& answers) {
  const auto& meets = std::get<std::vector<std::int64_t>>(answers.column("meets")->values);
  const auto& best = std::get<std::vector<std::int64_t>>(answers.column("best_of_system")->values);
  std::vector<Row> rows{
      {"", "system", "size", "days", "step", "MFU", "goodput", "power", "cabinets", "mapping"}};
  for (std::size_t row = 0; row < answers.rows(); ++row) {
    if (rows.size() > shown && best[row] == 0) continue;
    const auto number = [&](const char* column, double scale, const char* format) {
      return number_text(number_at(answers, column, row), scale, format);
    };
    rows.push_back({meets[row] ? "yes" : "no", word_at(answers, "system", row), word_at(answers, "size", row),
                    number("time_to_train_s", 86400, "%.1f"), number("step_time_s", 1, "%.2f s"),
                    number("mfu", 0.01, "%.0f %%"), number("goodput", 0.01, "%.1f %%"),
                    number("power_w", 1e6, "%.2f MW"), number("cabinets", 1, "%.0f"),
                    word_at(answers, "mapping", row)});
  }
  return "\nAnswers, best first, and the best of each system\n" + aligned(rows);
}

std::string systems_text(const Table& systems) {
  const auto& best = std::get<std::vector<std::int64_t>>(systems.column("best_answer")->values);
  std::string out;
  for (std::size_t row = 0; row < systems.rows(); ++row)
    if (best[row] < 0)
      out += "  " + word_at(systems, "system", row) + ": " + word_at(systems, "reason", row) + "\n";
  return out.empty() ? out : "\nOut\n" + out;
}

}  // namespace

std::string plan_text(const analysis::Result& result) {
  std::string out = result.name + "\n\n" + wrapped(result.verdict, 100);
  if (const Table* answers = result.table("answers"); answers && answers->rows() > 0)
    out += answers_text(*answers);
  if (const Table* systems = result.table("systems")) out += systems_text(*systems);
  return out;
}

}  // namespace superpod::scenarios
