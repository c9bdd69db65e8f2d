#include "scenarios/traces/trace_fields.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "scenarios/traces/fields.hpp"

namespace superpod::scenarios {
namespace {

using models::TraceFormat;

/// Of the formats that have one of the columns for dates.
std::string likely_format(const std::vector<std::string_view>& columns) {
  for (const auto& [word, format] : words(TraceFormat{}))
    if (std::ranges::find(columns, columns_of(format).arrival) != columns.end())
      return "; these are columns of the format " + std::string{word};
  return {};
}

}  // namespace

TraceFields::TraceFields(const TraceColumns& columns)
    : format_{columns.name},
      names_{columns.arrival, columns.input_tokens, columns.output_tokens, columns.blocks},
      wanted_{columns.blocks.empty() ? 3U : 4U} {}

std::string TraceFields::name(Field field) const { return "column " + in_quotes(names_[field]); }

bool TraceFields::read(std::string_view line, std::optional<LineFlaw>& flaw) {
  if (shape_ == Shape::unknown) {
    const std::size_t first = line.find_first_not_of(" \t");
    shape_ = first < line.size() && line[first] == '{' ? Shape::json_lines : Shape::table;
    if (shape_ == Shape::table) {
      flaw = read_header(line);
      if (flaw) shape_ = Shape::useless;
      return false;
    }
  }
  flaw = shape_ == Shape::table ? read_row(line) : read_object(line);
  return !flaw;
}

std::optional<LineFlaw> TraceFields::read_header(std::string_view line) {
  split(line, row_);
  width_ = row_.size();
  for (std::size_t i = 0; i < wanted_; ++i) {
    const auto found = std::ranges::find(row_, names_[i]);
    at_[i] = static_cast<std::size_t>(found - row_.begin());
    if (found != row_.end()) continue;
    std::string help = "columns here: ";
    for (const std::string_view column : row_)
      help += (column.data() == row_.front().data() ? "" : ", ") + in_quotes(column);
    return LineFlaw{line, "a trace of the format " + std::string{format_} + " has a " + name(Field{i}),
                    help + likely_format(row_)};
  }
  return std::nullopt;
}

std::optional<LineFlaw> TraceFields::read_row(std::string_view line) {
  split(line, row_);
  if (row_.size() != width_)
    return LineFlaw{
        line,
        "this row has " + std::to_string(row_.size()) + " fields, and the header " + std::to_string(width_),
        "an empty field still has its comma"};
  for (std::size_t i = 0; i < wanted_; ++i) texts_[i] = row_[at_[i]];
  return std::nullopt;
}

std::optional<LineFlaw> TraceFields::read_object(std::string_view line) {
  if (auto flaw = find_values(line, {names_.data(), wanted_}, {texts_.data(), wanted_})) return flaw;
  for (std::size_t i = 0; i < wanted_; ++i)
    if (texts_[i].empty())
      return LineFlaw{line, "this request has no " + in_quotes(names_[i]),
                      "a trace of the format " + std::string{format_} + " has one in each line"};
  return std::nullopt;
}

}  // namespace superpod::scenarios
