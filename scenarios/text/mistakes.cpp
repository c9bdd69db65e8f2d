#include "scenarios/text/mistakes.hpp"

#include <algorithm>
#include <tuple>

#include "sim/values/closest_word.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::size_t widest_line = 110;  // characters of a source line that are shown
constexpr std::size_t longest_word = 60;
constexpr std::size_t longest_list = 12;

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}  // of a UTF-8 character

bool is_control(char byte) { return (byte >= 0 && byte < ' ') || byte == 0x7F; }

std::string_view line_of(const Place& place) {
  std::string_view rest = place.source->text;
  for (int line = 1; line < place.line; ++line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

/// The characters of a line, one string each, none of them a control character but the tab.
std::vector<std::string> characters(std::string_view line) {
  std::vector<std::string> all;
  for (const char byte : line) {
    if (continues(byte) && !all.empty())
      all.back() += byte;
    else
      all.emplace_back(1, is_control(byte) && byte != '\t' ? '?' : byte);
  }
  return all;
}

/// Of a place, in characters, counted from 0 and within the line (or just behind its end).
struct Columns {
  std::size_t first, length;
};

Columns columns(const Place& place, std::string_view line) {
  const auto begin = std::min(line.size(), static_cast<std::size_t>(std::max(0, place.column - 1)));
  const auto end = std::min(line.size(), begin + static_cast<std::size_t>(std::max(1, place.length)));
  const auto count = [&](std::size_t from, std::size_t to) {
    return static_cast<std::size_t>(std::count_if(line.begin() + static_cast<std::ptrdiff_t>(from),
                                                  line.begin() + static_cast<std::ptrdiff_t>(to),
                                                  [](char byte) { return !continues(byte); }));
  };
  return {count(0, begin), std::max<std::size_t>(1, count(begin, end))};
}

/// The line and, below it, the caret; a long line is cut around it.
std::string excerpt(const Place& place) {
  const std::string_view line = line_of(place);
  const std::vector<std::string> all = characters(line);
  const Columns marked = columns(place, line);
  const std::size_t first = marked.first < widest_line * 2 / 3 ? 0 : marked.first - widest_line / 2;
  const std::size_t last = std::min(all.size(), first + widest_line);
  std::string shown = first > 0 ? "... " : "", below(shown.size(), ' ');
  for (std::size_t i = first; i < last; ++i) shown += all[i];
  for (std::size_t i = first; i < marked.first; ++i) below += i < all.size() && all[i] == "\t" ? '\t' : ' ';
  const std::size_t visible = std::max(marked.first + 1, first + widest_line) - marked.first;
  below += std::string(std::min(marked.length, visible), '^');
  if (last < all.size()) shown += " ...";
  const std::string number = std::to_string(place.line);
  return "  " + number + " | " + shown + "\n  " + std::string(number.size(), ' ') + " | " + below + "\n";
}

}  // namespace

std::string text(const Place& place) {
  if (!place.source) return {};
  if (place.line < 1) return place.source->name;
  return place.source->name + ":" + std::to_string(place.line) + ":" +
         std::to_string(columns(place, line_of(place)).first + 1);
}

std::string text(const Mistake& mistake) {
  const std::string where = text(mistake.place);
  const bool has_line = mistake.place.source && mistake.place.line >= 1;
  std::string all = (where.empty() ? "" : where + ": ") + "error: " + mistake.message + "\n";
  if (has_line) all += excerpt(mistake.place);
  if (mistake.help.empty()) return all;
  const std::size_t indent = has_line ? std::to_string(mistake.place.line).size() + 3 : 4;
  return all + std::string(indent, ' ') + "= help: " + mistake.help + "\n";
}

void Mistakes::add(const Place& place, std::string message, std::string help) {
  if (!full()) mistakes_.push_back({place, std::move(message), std::move(help)});
  ++count_;
}

std::vector<Mistake> Mistakes::sorted() const {
  const auto key = [](const Mistake& m) {
    return std::tuple{m.place.source ? std::string_view{m.place.source->name} : std::string_view{},
                      m.place.line, m.place.column, std::string_view{m.message}};
  };
  std::vector<Mistake> all = mistakes_;
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  all.erase(
      std::unique(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
      all.end());
  return all;
}

std::string text(const Mistakes& mistakes, std::size_t shown) {
  const std::vector<Mistake> all = mistakes.sorted();
  const std::size_t forgotten = mistakes.count() - std::min(mistakes.count(), Mistakes::kept);
  std::string out;
  for (std::size_t i = 0; i < std::min(shown, all.size()); ++i) out += text(all[i]);
  const std::size_t more = all.size() - std::min(shown, all.size()) + forgotten;
  return more == 0 ? out : out + "... and " + std::to_string(more) + " more\n";
}

void require_none(const Mistakes& mistakes) {
  if (!mistakes.empty()) throw ScenarioError{mistakes};
}

void refuse(const std::string& message, const std::string& help) {
  Mistakes mistakes;
  mistakes.add({}, message, help);
  throw ScenarioError{std::move(mistakes)};
}

std::string in_quotes(std::string_view word) {
  const std::vector<std::string> all = characters(word);
  std::string out = "'";
  for (std::size_t i = 0; i < std::min(all.size(), longest_word); ++i) out += all[i] == "\t" ? " " : all[i];
  return out + (all.size() > longest_word ? "...'" : "'");
}

std::string suggestion(std::string_view word, std::span<const std::string> known, std::string_view heading) {
  std::string out;
  if (const auto meant = closest_word(word, known)) out = "did you mean " + in_quotes(*meant) + "? ";
  out += std::string{heading} + ":";
  for (std::size_t i = 0; i < std::min(known.size(), longest_list); ++i)
    out += (i == 0 ? " " : ", ") + known[i];
  return known.size() > longest_list ? out + ", ..." : out;
}

}  // namespace superpod::scenarios
