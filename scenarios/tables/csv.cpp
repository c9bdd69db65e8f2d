#include "scenarios/tables/csv.hpp"

#include <algorithm>
#include <ostream>
#include <set>
#include <stdexcept>

#include "scenarios/text/source_file.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::size_t largest_table = std::size_t{1} << 26;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The next line, without its end, which is taken off `rest`.
std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// A field within quotes, from behind the first one; `at` is left behind the last one. False when there is
/// none.
bool take_quoted(std::string_view line, std::size_t& at, std::string& field) {
  while (at < line.size()) {
    if (line[at] != '"') {
      field += line[at++];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      field += '"';
      at += 2;
    } else {
      ++at;
      return true;
    }
  }
  return false;
}

/// False, with a mistake, when a quote is not closed or text follows it.
bool split(std::string_view line, const Place& begin, Csv::Row& row, Mistakes& mistakes) {
  for (std::size_t at = 0;; ++at) {
    const std::size_t first = at;
    row.starts.push_back(static_cast<int>(first) + 1);
    std::string field;
    const Place here{begin.source, begin.line, static_cast<int>(first) + 1, 1};
    if (at < line.size() && line[at] == '"') {
      if (!take_quoted(line, ++at, field)) {
        mistakes.add(here, "this quoted field is not closed on its line", "end it with \"");
        return false;
      }
      if (at < line.size() && line[at] != ',') {
        mistakes.add({begin.source, begin.line, static_cast<int>(at) + 1, 1}, "text behind a quoted field",
                     "put all of the field within the quotes, and write \"\" for a quote");
        return false;
      }
    } else {
      at = std::min(line.size(), line.find(',', at));
      field = trimmed(line.substr(first, at - first));
    }
    row.fields.push_back(std::move(field));
    if (at >= line.size()) return true;
  }
}

void take_header(Csv& csv, const Csv::Row& row, Mistakes& mistakes) {
  csv.columns = row.fields;
  csv.header_line = row.line;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < csv.columns.size(); ++i) {
    const Place place = csv.place_of(row, static_cast<int>(i));
    if (csv.columns[i].empty())
      mistakes.add(place, "this column has no name");
    else if (!seen.insert(csv.columns[i]).second)
      mistakes.add(place, "a second column " + in_quotes(csv.columns[i]), "each column has its own name");
  }
}

void take_row(Csv& csv, Csv::Row row, Mistakes& mistakes) {
  if (row.fields.size() == csv.columns.size()) {
    csv.rows.push_back(std::move(row));
    return;
  }
  mistakes.add({csv.source, row.line, 1, 1},
               "this row has " + std::to_string(row.fields.size()) + " fields, and the header in line " +
                   std::to_string(csv.header_line) + " names " + std::to_string(csv.columns.size()),
               "an empty field still has its comma; a field with a comma stands within double quotes");
}

}  // namespace

int Csv::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Place Csv::place_of_header() const { return {source, header_line, 1, 1}; }

Place Csv::place_of(const Row& row, int column) const {
  const auto i = static_cast<std::size_t>(column);
  return {source, row.line, row.starts[i], std::max(1, static_cast<int>(row.fields[i].size()))};
}

Csv parse_csv(std::shared_ptr<const Source> source, Mistakes& mistakes) {
  Csv csv{.source = std::move(source), .comments = {}, .columns = {}, .header_line = 0, .rows = {}};
  std::string_view rest = csv.source->text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = next_line(rest);
    if (line.starts_with('#')) {
      csv.comments.emplace_back(trimmed(line.substr(1)));
    } else if (!trimmed(line).empty()) {
      Csv::Row row{.fields = {}, .starts = {}, .line = number};
      if (!split(line, {csv.source, number, 1, 1}, row, mistakes)) continue;
      if (csv.columns.empty())
        take_header(csv, row, mistakes);
      else
        take_row(csv, std::move(row), mistakes);
    }
  }
  if (csv.columns.empty() && mistakes.empty())
    mistakes.add({csv.source, 1, 1, 1}, "the table has no header", "its first line names the columns");
  return csv;
}

Csv read_csv(const std::filesystem::path& path, Mistakes& mistakes) {
  const auto source =
      read_source(path, mistakes, {largest_table, "a table has less", "write the table as text, in UTF-8"});
  return source ? parse_csv(source, mistakes) : Csv{};
}

void write_row(std::ostream& out, std::span<const std::string> fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string& field = fields[i];
    if (field.find_first_of("\n\r") != std::string::npos)
      throw std::invalid_argument{"a field of a table holds a line break: " + in_quotes(field)};
    if (i > 0) out << ',';
    const bool plain = field.find_first_of(",\"") == std::string::npos && trimmed(field) == field &&
                       !field.starts_with('#') && !(fields.size() == 1 && field.empty());
    if (plain) {
      out << field;
      continue;
    }
    out << '"';
    for (const char c : field) out << (c == '"' ? "\"\"" : std::string(1, c));
    out << '"';
  }
  out << '\n';
}

void write_comment(std::ostream& out, std::string_view text) {
  std::string line{text};
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  out << "# " << line << '\n';
}

}  // namespace superpod::scenarios
