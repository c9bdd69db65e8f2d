#include "scenarios/text/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <set>

namespace superpod::scenarios {
namespace {

constexpr std::size_t column_count = 5;
constexpr std::size_t widest = 48;  // characters of a column; what is longer pushes the rest of its line
using Row = std::array<std::string, column_count>;

/// Characters, not bytes: what a terminal shows side by side.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;
  }));
}

std::string aligned(const std::vector<Row>& rows) {
  std::array<std::size_t, column_count> widths{};
  for (const Row& row : rows)
    for (std::size_t c = 0; c < column_count; ++c)
      widths[c] = std::max(widths[c], std::min(widest, width(row[c])));
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < column_count; ++c)
      line += row[c] + std::string(std::max(widths[c], width(row[c])) - width(row[c]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace

Parameter* Walk::leaf(const std::string& path, std::string value, std::string_view meaning) {
  const Places::Written* written = places.find(path);
  if (!written && value.empty()) return nullptr;
  Parameter parameter{path, std::move(value), {}, {}, {}, "default", std::string{meaning}};
  if (written && !written->text.empty()) parameter.value = written->text;
  if (written) parameter.where = text(written->place);
  found.push_back(std::move(parameter));
  return &found.back();
}

std::string joined(const std::string& path, std::string_view key) {
  return path.empty() ? std::string{key} : path + "." + std::string{key};
}

std::string value_text(bool value) { return value ? "true" : "false"; }

std::string value_text(double value) {
  std::array<char, 32> buffer{};
  const auto [end, problem] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

std::string rounded_text(double value) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.4g", value);
  return buffer.data();
}

void walk(const models::KernelTimings& timings, const std::string& path, std::string_view meaning, Walk& to) {
  for (std::size_t i = 0; i < timings.families.size(); ++i) {
    const models::FamilyTiming& timing = timings.families[i];
    std::string value = std::to_string(timing.rows) + " rows";
    if (timing.held_out) value += ", mean error " + percent_text(timing.held_out->mean);
    Parameter* parameter = to.leaf(joined(path, text(timing.family())), value, meaning);
    parameter->grade = value_text(Grade::derived);
    parameter->source = timing.source;
    parameter->note = timing.note;
    parameter->where = text(to.places.at(joined(path, "families." + std::to_string(i))));
  }
}

std::string parameter_table(const std::vector<Parameter>& parameters,
                            const std::map<std::string, std::string>& sources) {
  std::vector<Row> rows{{"parameter", "value", "grade", "source", "where"}};
  std::set<std::string> named;
  for (const Parameter& p : parameters) {
    rows.push_back(
        {p.path, p.value, p.grade.empty() ? "-" : p.grade, p.source.empty() ? "-" : p.source, p.where});
    named.insert(p.source);
  }
  std::string out = aligned(rows);
  std::string notes;
  for (const Parameter& p : parameters)
    if (!p.note.empty()) notes += "  " + p.path + ": " + p.note + "\n";
  if (!notes.empty()) out += "\nnotes\n" + notes;
  std::string known;
  for (const auto& [word, what] : sources)
    if (named.contains(word)) known += "  " + word + ": " + what + "\n";
  return known.empty() ? out : out + "\nsources\n" + known;
}

}  // namespace superpod::scenarios
