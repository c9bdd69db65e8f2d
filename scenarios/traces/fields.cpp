#include "scenarios/traces/fields.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace superpod::scenarios {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

/// One JSON object; `at` moves to the right only.
class Object {
 public:
  explicit Object(std::string_view line) : line_{line} {}

  std::optional<LineFlaw> read(std::span<const std::string_view> keys, std::span<std::string_view> values) {
    if (!takes('{')) return flaw("this is no object", "{\"key\": value, ...} on a line");
    if (takes('}')) return behind();
    do {
      pass_blanks();
      std::string_view key;
      if (!pass_string(key) || !takes(':'))
        return flaw("a key and its value are missing here", "\"key\": value");
      const std::string_view written = value();
      if (written.empty())
        return flaw("this value is cut off, or none", "a number, a text or a list of them");
      const auto wanted = std::ranges::find(keys, key);
      if (wanted == keys.end()) continue;
      std::string_view& out = values[static_cast<std::size_t>(wanted - keys.begin())];
      if (!out.empty()) return LineFlaw{key, "a second " + in_quotes(key) + " in this line", "each key once"};
      out = written;
    } while (takes(','));
    return takes('}') ? behind() : flaw("this object is not closed", "end it with }");
  }

 private:
  void pass_blanks() {  // faster than a search: there is one blank at most in most places
    while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t')) ++at_;
  }

  bool takes(char wanted) {
    pass_blanks();
    if (at_ == line_.size() || line_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::optional<LineFlaw> flaw(std::string message, std::string help) {
    pass_blanks();
    return LineFlaw{line_.substr(at_, 1), std::move(message), std::move(help)};
  }

  std::optional<LineFlaw> behind() {
    pass_blanks();
    if (at_ == line_.size()) return std::nullopt;
    return flaw("text behind the object", "one object on a line");
  }

  /// From a quote to the one that closes it: what stands between them.
  bool pass_string(std::string_view& between) {
    if (at_ == line_.size() || line_[at_] != '"') return false;
    const std::size_t begin = ++at_;
    while (at_ < line_.size() && line_[at_] != '"') at_ += line_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, line_.size());
    between = line_.substr(begin, at_ - begin);
    if (at_ == line_.size()) return false;
    ++at_;
    return true;
  }

  std::string_view value() {
    pass_blanks();
    const std::size_t begin = at_;
    if (at_ == line_.size()) return {};
    if (line_[at_] == '[' || line_[at_] == '{') return nested();
    if (std::string_view between; line_[at_] == '"')
      return pass_string(between) ? line_.substr(begin, at_ - begin) : std::string_view{};
    at_ = std::min(line_.find_first_of(",]} \t", at_), line_.size());
    const std::string_view word = line_.substr(begin, at_ - begin);
    if (is_number(word) || word == "true" || word == "false" || word == "null") return word;
    at_ = begin;
    return {};
  }

  static bool is_number(std::string_view word) {
    double number = 0;
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
    return problem == std::errc{} && end == word.data() + word.size();
  }

  /// From a bracket to the one that closes it.
  std::string_view nested() {
    const std::size_t begin = at_;
    std::string open;
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (std::string_view between; c == '"') {
        if (!pass_string(between)) return {};
        continue;
      }
      ++at_;
      if (c == '[' || c == '{') open += c == '[' ? ']' : '}';
      if (c != ']' && c != '}') continue;
      if (open.back() != c) {
        --at_;
        return {};
      }
      open.pop_back();
      if (open.empty()) return line_.substr(begin, at_ - begin);
    }
    return {};
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace

void split(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t first = std::min(line.find_first_not_of(blanks, at), line.size());
    std::size_t end = line.size();
    if (first < line.size() && line[first] == '"')
      if (const std::size_t quote = line.find('"', first + 1); quote != std::string_view::npos) {
        end = std::min(line.find(',', quote), line.size());
        fields.push_back(line.substr(first + 1, quote - first - 1));
        at = end + 1;
        continue;
      }
    end = std::min(line.find(',', at), line.size());
    fields.push_back(trimmed(line.substr(at, end - at)));
    at = end + 1;
  }
}

std::optional<LineFlaw> find_values(std::string_view line, std::span<const std::string_view> keys,
                                    std::span<std::string_view> values) {
  std::ranges::fill(values, std::string_view{});
  return Object{line}.read(keys, values);
}

}  // namespace superpod::scenarios
