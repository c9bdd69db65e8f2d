#include "analysis/page/candidates_section.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/chart_frame.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/pareto_data.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/rejects.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

/// A column of numbers of the table of candidates, with its interval where the answers have one.
struct Measure {
  const char *column, *heading, *low = nullptr, *high = nullptr;
};

constexpr Measure measures[] = {{"npus", "NPUs"},
                                {"time_to_train_s", "Time to train", "time_low_s", "time_high_s"},
                                {"step_time_s", "Step time", "step_low_s", "step_high_s"},
                                {"mfu", "MFU"},
                                {"power_w", "Power"},
                                {"cost", "Cost"}};

/// A measure of the answers, ready to be written.
struct Written {
  std::string heading;
  std::vector<double> values, low, high;
  Scale scale;
};

std::vector<Written> written(const Table& answers) {
  std::vector<Written> out;
  for (const auto& [column, heading, low, high] : measures) {
    const Column* found = answers.column(column);
    if (found == nullptr) continue;
    Written one{heading,
                numbers(*found),
                low == nullptr ? std::vector<double>{} : numbers(answers, low),
                high == nullptr ? std::vector<double>{} : numbers(answers, high),
                {}};
    if (!std::ranges::any_of(one.values, [](double value) { return std::isfinite(value); })) continue;
    one.scale = scale_of(one.values, found->unit);
    out.push_back(std::move(one));
  }
  return out;
}

std::string interval(const Written& of, std::size_t row) {
  if (of.low.empty() || of.high.empty() || !std::isfinite(of.low[row]) || !std::isfinite(of.high[row]))
    return "";
  return digits(of.low[row], of.scale) + " to " + digits(of.high[row], of.scale);
}

/// What a candidate is, before its numbers.
struct Words {
  explicit Words(const Table& answers)
      : system{texts(answers, "system")},
        size{texts(answers, "size")},
        mapping{texts(answers, "mapping")},
        binding{texts(answers, "binding")},
        meets{numbers(answers, "meets")},
        pareto{numbers(answers, "pareto")} {}
  std::vector<std::string> system, size, mapping, binding;
  std::vector<double> meets, pareto;
};

std::string limits_of(const Words& words, std::size_t row) {
  if (words.meets.empty()) return isolated(at(words.binding, row));
  const std::string limit = at(words.binding, row);
  if (words.meets[row] != 0)
    return "meets all" + (limit.empty() ? "" : "<span class='what'>tightest: " + isolated(limit) + "</span>");
  return "<strong>exceeds " + isolated(limit.empty() ? "a limit" : limit) + "</strong>";
}

std::string candidate_row(const Words& words, const std::vector<Written>& numbers, std::size_t row) {
  const std::string rank = std::to_string(row + 1);
  std::string out = "<tr id='answer-" + rank + "' tabindex='-1'>" +
                    number_cell(static_cast<double>(row + 1), rank) + "<th scope='row'>" +
                    isolated(at(words.system, row)) + (row == 0 ? chip("best", "good") : "") +
                    (at(words.pareto, row) != 0 ? chip("Pareto") : "") + "<span class='what'>" +
                    isolated(at(words.size, row)) + "</span><span class='what'>" +
                    isolated(at(words.mapping, row)) + "</span></th>";
  for (const Written& one : numbers)
    out += number_cell(one.values[row], digits(one.values[row], one.scale), interval(one, row));
  return out + "<td>" + limits_of(words, row) + "</td></tr>\n";
}

std::string candidates_table(const Table& answers, const std::vector<std::size_t>& rows) {
  const Words words{answers};
  const std::vector<Written> numbers = written(answers);
  std::string out =
      table_opening("Candidates that were simulated, best first", "sortable candidates", rows.size()) +
      "<th scope='col' class='n'>Rank</th><th scope='col'>Candidate</th>";
  for (const Written& one : numbers)
    out += "<th scope='col' class='n'>" + one.heading +
           (one.scale.unit.empty() ? "" : " <span class='unit'>(" + html(one.scale.unit) + ")</span>") +
           "</th>";
  out += "<th scope='col'>Limits</th></tr></thead><tbody>\n";
  for (const std::size_t row : rows) out += candidate_row(words, numbers, row);
  return out + table_closing + "\n";
}

/// The first candidates and the best of each system; the others behind a line that unfolds them.
std::string candidates_tables(const Table& answers) {
  constexpr std::size_t first = 8;
  const std::vector<double> best = numbers(answers, "best_of_system");
  std::vector<std::size_t> top, others;
  for (std::size_t row = 0; row < answers.rows(); ++row)
    (row < first || at(best, row) != 0 ? top : others).push_back(row);
  std::string out = candidates_table(answers, top);
  if (!others.empty())
    out += "<details class='fold'><summary>" + std::to_string(others.size()) + " other candidates</summary>" +
           candidates_table(answers, others) + "</details>\n";
  return out;
}

std::string systems_table(const Result& result) {
  const Table* systems = result.shown_as(View::systems);
  if (systems == nullptr || systems->rows() == 0) return "";
  const std::vector<std::string> names = texts(*systems, "system"), reasons = texts(*systems, "reason");
  const std::vector<double> candidates = numbers(*systems, "candidates"),
                            feasible = numbers(*systems, "feasible"), best = numbers(*systems, "best_answer");
  const Table* answers = result.shown_as(View::candidates);
  const std::vector<std::string> mapping = texts(*answers, "mapping"), size = texts(*answers, "size");
  std::string out =
      "<h3>By system</h3>" + lead(*systems) + table_opening("The best answer of each system", "sortable") +
      "<th scope='col'>System</th><th scope='col' class='n'>Candidates</th><th scope='col' "
      "class='n'>Feasible</th><th scope='col'>Best answer, or why there is none</th></tr></thead><tbody>\n";
  for (std::size_t row = 0; row < systems->rows(); ++row) {
    out += "<tr><th scope='row'>" + isolated(at(names, row)) + "</th>";
    for (const auto* count : {&candidates, &feasible})
      out += number_cell(at(*count, row), quantity(at(*count, row), ""));
    out += "<td>";
    const bool has_best =
        row < best.size() && best[row] >= 0 && best[row] < static_cast<double>(answers->rows());
    if (has_best) {
      const auto answer = static_cast<std::size_t>(best[row]);
      out += "<a href='#answer-" + std::to_string(answer + 1) + "'>" + std::to_string(answer + 1) +
             "</a>: " + isolated(at(size, answer)) + ", " + isolated(at(mapping, answer));
    }
    if (const std::string reason = at(reasons, row); !reason.empty())
      out += has_best ? "<span class='what'>" + isolated(reason) + "</span>" : isolated(reason);
    out += "</td></tr>\n";
  }
  return out + table_closing + "\n";
}

std::string search_tiles(const Result& result) {
  std::vector<std::string> keys;
  for (const Figure& figure : result.figures)
    if (figure.key.starts_with("search.")) keys.push_back(figure.key);
  return keys.empty() ? "" : "<h3>The search</h3>" + figure_tiles(result, keys);
}

std::string scenarios_of(const Result& result) {
  const Table* scenarios = result.shown_as(View::scenarios);
  if (scenarios == nullptr) return "";
  const std::vector<std::string> yaml = texts(*scenarios, "yaml");
  if (yaml.empty()) return "";
  const Words words{*result.shown_as(View::candidates)};
  std::string out =
      "<h3>Scenarios</h3><p class='lead'>Each answer as a scenario that <code>superpod run</code> "
      "takes.</p>\n<details class='fold'><summary>" +
      std::to_string(yaml.size()) + " scenarios</summary>\n";
  for (std::size_t row = 0; row < yaml.size(); ++row)
    out += "<details class='fold'><summary>" + std::to_string(row + 1) + ": " +
           isolated(at(words.system, row)) + ", " + isolated(at(words.mapping, row)) +
           "</summary><pre tabindex='0' role='region' aria-label='Scenario of answer " +
           std::to_string(row + 1) + "' dir='ltr'><code>" + html(yaml[row]) + "</code></pre></details>\n";
  return out + "</details>\n";
}

}  // namespace

std::string candidates_section(const Result& result) {
  const Table* answers = result.shown_as(View::candidates);
  if (answers == nullptr || answers->rows() == 0) return "";
  return lead(*answers) +
         (has_pareto(result)
              ? chart_frame(
                    {"pareto", "Time against what it takes, one point for each candidate",
                     "With the keyboard: arrow keys walk from point to point, Enter goes to the candidate's "
                     "row. "
                     "Hollow points exceed a limit; the line joins those that no other beats in both."})
              : "") +
         "<h3>Candidates</h3>" + candidates_tables(*answers) +
         folded_table(*answers, "All numbers of the candidates") + systems_table(result) + rejects(result) +
         search_tiles(result) + scenarios_of(result);
}

}  // namespace superpod::analysis
