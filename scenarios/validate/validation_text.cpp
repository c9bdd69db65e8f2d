#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <ostream>
#include <span>

#include "analysis/json.hpp"
#include "scenarios/validate/validation.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::size_t few = 200;  // rows that a terminal shows one by one

std::string formatted(const char* format, double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

/// Six digits: more than a measurement can tell.
std::string figure(double value) { return formatted("%.6g", value); }

using Lines = std::vector<std::vector<std::string>>;

/// Columns below each other: the first `left` of them flush left, the others right; two blanks between.
/// Columns that are empty but for their head are left out.
std::string aligned(const Lines& lines, std::size_t left) {
  std::vector<std::size_t> widths(lines.front().size());
  std::vector<bool> used(widths.size());
  for (const auto& line : lines)
    for (std::size_t c = 0; c < widths.size(); ++c) {
      widths[c] = std::max(widths[c], line[c].size());
      used[c] = used[c] || (&line != &lines.front() && !line[c].empty());
    }
  std::string out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      if (!used[c]) continue;
      const std::string blanks(widths[c] - line[c].size(), ' ');
      text += "  " + (c < left ? line[c] + blanks : blanks + line[c]);
    }
    out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string group_lines(const Validation& validation) {
  Lines lines{
      {"system", validation.subject, "implementation", "measure", "rows", "median", "mean", "p90", "bias"}};
  for (const GroupError& group : groups(validation))
    lines.push_back({group.system, group.subject, group.implementation, group.measure,
                     std::to_string(group.rows), percent_text(group.error.median),
                     percent_text(group.error.mean), percent_text(group.error.p90),
                     formatted("%+.1f %%", 100 * group.bias)});
  return aligned(lines, 4);
}

std::string row_lines(const Validation& validation) {
  Lines lines{{"line", "system", validation.subject, "case", "measure", "measured", "predicted", "error"}};
  for (const Prediction& row : validation.rows)
    lines.push_back({std::to_string(row.line), row.system, row.subject, row.what, row.measure,
                     figure(row.measured), figure(row.predicted),
                     formatted("%+.1f %%", 100 * (row.ratio() - 1))});
  return aligned(lines, 5);
}

std::string number(double value) { return formatted("%.9g", value); }

std::vector<std::string> columns_of(const Validation& validation) {
  std::vector<std::string> all{"line", "predicted_as"};
  for (const std::string& measure : validation.measures) {
    const std::string named = measure.empty() ? "" : "_" + measure;
    for (const char* what : {"measured", "predicted", "predicted_low", "predicted_high"})
      all.push_back(what + named + "_" + validation.unit);
    all.push_back("error" + named);
  }
  all.insert(all.end(), {"basis", "unread"});
  return all;
}

/// Of one row of the table, in the order of `columns_of`.
std::vector<std::string> fields_of(std::span<const Prediction> measures) {
  std::vector<std::string> all{std::to_string(measures.front().line), measures.front().subject};
  for (const Prediction& one : measures)
    all.insert(all.end(),
               {figure(one.measured), figure(one.predicted), one.interval ? figure(one.interval->first) : "",
                one.interval ? figure(one.interval->second) : "", figure(one.ratio() - 1)});
  all.insert(all.end(), {measures.front().basis, ""});
  return all;
}

std::vector<std::string> fields_of(const KernelTable::Unread& unread, std::size_t columns) {
  std::vector<std::string> all(columns);
  all.front() = std::to_string(unread.line);
  all.back() = unread.why;
  return all;
}

}  // namespace

std::string text(const Validation& validation) {
  std::string out = std::to_string(validation.predicted()) + " of " +
                    std::to_string(validation.table.rows.size()) +
                    " rows predicted; errors are |predicted / measured - 1|\n";
  if (!validation.rows.empty()) out += "\n" + group_lines(validation);
  if (!validation.rows.empty() && validation.predicted() <= few)
    out += "\nRows (" + validation.unit + ")\n" + row_lines(validation);
  if (validation.unread.empty()) return out;
  Lines lines{{"not predicted", "rows"}};
  for (const auto& [why, rows] : unread_by_reason(validation)) lines.push_back({why, std::to_string(rows)});
  out += "\n" + aligned(lines, 1);
  return out;
}

std::string json(const Validation& validation) {
  const auto text = [](const std::string& word) { return analysis::json_string(word); };
  std::string out = "{\n  \"table\": " + text(validation.table.source->name) +
                    ",\n  \"rows\": " + std::to_string(validation.table.rows.size()) +
                    ",\n  \"predicted\": " + std::to_string(validation.predicted()) + ",\n  \"unread\": [";
  const char* comma = "";
  for (const auto& [why, rows] : unread_by_reason(validation)) {
    out += std::string{comma} + "\n    {\"why\": " + text(why) + ", \"rows\": " + std::to_string(rows) + "}";
    comma = ",";
  }
  out += "],\n  \"groups\": [";
  comma = "";
  for (const GroupError& group : groups(validation)) {
    out += std::string{comma} + "\n    {\"system\": " + text(group.system) + ", " + text(validation.subject) +
           ": " + text(group.subject) + ", \"implementation\": " + text(group.implementation) +
           (group.measure.empty() ? "" : ", \"measure\": " + text(group.measure)) +
           ", \"rows\": " + std::to_string(group.rows) + ", \"median_error\": " + number(group.error.median) +
           ", \"mean_error\": " + number(group.error.mean) + ", \"p90_error\": " + number(group.error.p90) +
           ", \"bias\": " + number(group.bias) + "}";
    comma = ",";
  }
  return out + "]\n}";
}

void write(std::ostream& out, const Validation& validation) {
  const std::vector<std::string> added = columns_of(validation);
  std::map<int, std::vector<std::string>> found;
  const std::size_t measures = validation.measures.size();
  for (std::size_t i = 0; i < validation.rows.size(); i += measures)
    found[validation.rows[i].line] = fields_of(std::span{validation.rows}.subspan(i, measures));
  for (const auto& row : validation.unread) found[row.line] = fields_of(row, added.size());

  std::vector<std::size_t> kept;
  for (std::size_t c = 0; c < validation.table.columns.size(); ++c)
    if (std::ranges::find(added, validation.table.columns[c]) == added.end()) kept.push_back(c);
  const auto line = [&](const std::vector<std::string>& fields, const std::vector<std::string>& more) {
    std::vector<std::string> all;
    for (const std::size_t c : kept) all.push_back(fields[c]);
    all.insert(all.end(), more.begin(), more.end());
    write_row(out, all);
  };
  for (const std::string& comment : validation.table.comments) write_comment(out, comment);
  line(validation.table.columns, added);
  for (const Csv::Row& row : validation.table.rows) line(row.fields, found.at(row.line));
}

}  // namespace superpod::scenarios
