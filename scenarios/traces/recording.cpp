#include "scenarios/traces/recording.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

/// Appends the numbers of `[1, 2, 3]`; the piece that is wrong where it is no such list.
std::optional<std::string_view> append(std::string_view list, std::vector<std::uint64_t>& numbers) {
  std::size_t at = 1;
  const auto sees = [&](char c) { return at < list.size() && list[at] == c; };
  const auto pass_blanks = [&] {
    while (sees(' ') || sees('\t')) ++at;
  };
  if (!list.starts_with('[') || !list.ends_with(']')) return list;
  pass_blanks();
  if (sees(']')) return at + 1 == list.size() ? std::nullopt : std::optional{list.substr(at)};
  for (;; ++at) {
    pass_blanks();
    const char* const end = list.data() + list.size();
    const auto [behind, problem] = std::from_chars(list.data() + at, end, numbers.emplace_back());
    if (problem != std::errc{})
      return list.substr(at, std::min(list.find_first_of(",] ", at), list.size()) - at);
    at = static_cast<std::size_t>(behind - list.data());
    pass_blanks();
    if (sees(']') && at + 1 == list.size()) return std::nullopt;
    if (!sees(',')) return list.substr(at, 1);
  }
}

}  // namespace

Recording::Recording(const TraceColumns& columns) : columns_{columns} {
  recorded_.block_tokens = columns.block_tokens;
}

std::optional<LineFlaw> Recording::add(const TraceFields& fields) {
  models::Request request;
  if (auto flaw = read_tokens(fields, TraceFields::output_tokens, request.output_tokens)) return flaw;
  if (request.output_tokens == 0) {
    ++recorded_.left_out;
    return std::nullopt;
  }
  if (auto flaw = read_tokens(fields, TraceFields::input_tokens, request.input_tokens)) return flaw;
  if (auto flaw = read_arrival(fields, request.arrival)) return flaw;
  if (columns_.block_tokens > 0)
    if (auto flaw = read_blocks(fields.text(TraceFields::blocks), request)) return flaw;
  recorded_.requests.push_back(request);
  return std::nullopt;
}

std::optional<LineFlaw> Recording::read_tokens(const TraceFields& fields, TraceFields::Field field,
                                               int& tokens) const {
  const std::string_view text = fields.text(field);
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = problem == std::errc{} && end == text.data() + text.size();
  const int least = columns_.may_fail && field == TraceFields::output_tokens ? 0 : 1;
  if (is_number && value == std::floor(value) && value >= least && value <= models::most_request_tokens) {
    tokens = static_cast<int>(value);
    return std::nullopt;
  }
  const std::string what = text.empty() ? " is empty here" : " holds no count of tokens: " + in_quotes(text);
  return LineFlaw{
      text, fields.name(field) + what,
      "a whole number from " + std::to_string(least) + " to " + grouped(models::most_request_tokens)};
}

std::optional<LineFlaw> Recording::read_arrival(const TraceFields& fields, Seconds& arrival) {
  const std::string_view text = fields.text(TraceFields::arrival);
  const auto moment = columns_.moment(text);
  if (!moment)
    return LineFlaw{text, fields.name(TraceFields::arrival) + " holds no date: " + in_quotes(text),
                    "like " + std::string{columns_.example}};
  if (recorded_.requests.empty()) first_ = last_ = *moment;
  const bool is_later = *moment >= last_;
  last_ = *moment;
  arrival = between(first_, last_);
  if (is_later) return std::nullopt;
  return LineFlaw{text, "this request came before the one above it", "sort the lines by date"};
}

std::optional<LineFlaw> Recording::read_blocks(std::string_view list, models::Request& request) {
  const std::size_t first = recorded_.blocks.size();
  auto part = append(list, recorded_.blocks);
  const std::size_t blocks = recorded_.blocks.size() - first;
  const auto most = static_cast<std::size_t>((request.input_tokens - 1) / columns_.block_tokens + 1);
  const bool fits = recorded_.blocks.size() <= std::numeric_limits<std::uint32_t>::max();
  if (!part && blocks <= most && fits) {
    request.first_block = static_cast<std::uint32_t>(first);
    request.blocks = static_cast<std::uint32_t>(blocks);
    return std::nullopt;
  }
  recorded_.blocks.resize(first);
  std::string what = "these are more blocks than a trace may have in all";
  if (blocks > most)
    what = std::to_string(blocks) + " blocks are more than a prompt of " +
           std::to_string(request.input_tokens) + " tokens has";
  if (part) what = "column " + in_quotes(columns_.blocks) + " is no list of whole numbers";
  return LineFlaw{
      part.value_or(list), std::move(what),
      "[1, 2, 3], a number for each " + std::to_string(columns_.block_tokens) + " tokens of the prompt"};
}

}  // namespace superpod::scenarios
