#include "tests/house/functions.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <string_view>

namespace superpod::house {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The text without comments, directives and what stands between quotes; lines stay lines.
class Bare {
 public:
  explicit Bare(const File& file) {
    for (const std::string& line : file.lines) text_ += line + "\n";
    while (at_ < text_.size()) step();
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  [[nodiscard]] bool sees(std::string_view word) const { return text_.compare(at_, word.size(), word) == 0; }

  void step() {
    if (sees("//"))
      blank_until("\n");
    else if (sees("/*"))
      blank_until("*/");
    else if (sees("R\""))
      blank_until(")" + text_.substr(at_ + 2, text_.find('(', at_) - at_ - 2) + "\"");
    else if (text_[at_] == '"' || (text_[at_] == '\'' && (at_ == 0 || !is_word(text_[at_ - 1]))))
      blank_quoted();
    else if (sees("[[gnu::"))  // an attribute with words of its own; others have no brackets
      blank_until("]]");
    else if (text_[at_] == '#' && (at_ == 0 || text_[at_ - 1] == '\n'))
      blank_directive();
    else
      ++at_;
  }

  void blank() {
    if (text_[at_] != '\n') text_[at_] = ' ';
    ++at_;
  }

  void blank_until(const std::string& end) {
    const std::size_t last = std::min(text_.find(end, at_ + 1), text_.size() - end.size());
    for (const std::size_t stop = end == "\n" ? last : last + end.size(); at_ < stop;) blank();
  }

  void blank_quoted() {
    const char quote = text_[at_];
    blank();
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\') blank();
      blank();
    }
    if (at_ < text_.size()) blank();
  }

  void blank_directive() {
    while (at_ < text_.size() && (text_[at_] != '\n' || text_[at_ - 1] == '\\')) {
      const bool goes_on = text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
      blank();
      if (goes_on) blank();
    }
  }

  std::string text_;
  std::size_t at_ = 0;
};

/// Behind the bracket that closes the one at `open`; angle brackets count only where the text is of types.
std::size_t behind(const std::string& text, std::size_t open) {
  const std::string_view opening = "([{", closing = ")]}";
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (opening.find(text[i]) != std::string_view::npos) ++depth;
    if (closing.find(text[i]) != std::string_view::npos && --depth == 0) return i + 1;
  }
  return text.size();
}

/// Behind `template <...>` at the beginning.
std::size_t behind_template(const std::string& head) {
  static const std::regex start{"^\\s*template\\s*<"};
  std::smatch match;
  if (!std::regex_search(head, match, start)) return 0;
  std::size_t depth = 0;
  for (auto i = static_cast<std::size_t>(match.length()) - 1; i < head.size(); ++i) {
    if (head[i] == '<') ++depth;
    if (head[i] == '>' && --depth == 0) return i + 1;
  }
  return head.size();
}

/// Where the list of parameters opens; npos of what is no function.
std::size_t parameter_list(const std::string& head) {
  static const std::regex call{"(operator\\s*(\\(\\)|[^\\s\\w(]+|\\w+)|[~\\w]+)\\s*\\("};
  static const std::regex no_name{"^(decltype|noexcept|requires|alignas|explicit|if|for|while|switch)$"};
  const auto begin = head.cbegin() + static_cast<std::ptrdiff_t>(behind_template(head));
  for (std::sregex_iterator match{begin, head.cend(), call}, end; match != end; ++match)
    if (!std::regex_match(match->str(1), no_name))
      return static_cast<std::size_t>(begin - head.cbegin() + match->position() + match->length()) - 1;
  return std::string::npos;
}

std::string name_before(const std::string& head, std::size_t list) {
  static const std::regex name{"((?:[\\w~]+::)*(?:operator\\s*\\S+|[\\w~]+))\\s*$"};
  const std::string before = head.substr(0, list);
  std::smatch match;
  return std::regex_search(before, match, name) ? match.str(1) : "";
}

/// Commas that stand in no bracket of any kind, plus one.
std::size_t count_of(const std::string& parameters) {
  if (std::ranges::all_of(parameters, [](unsigned char c) { return std::isspace(c) != 0; })) return 0;
  std::size_t count = 1;
  int depth = 0;
  for (const char c : parameters) {
    if (std::string_view{"([{<"}.find(c) != std::string_view::npos) ++depth;
    if (std::string_view{")]}>"}.find(c) != std::string_view::npos) --depth;
    if (c == ',' && depth == 0) ++count;
  }
  return count;
}

enum class Opens { scope, function, value };

char last_of(const std::string& head) {
  const std::size_t last = head.find_last_not_of(" \n");
  return last == std::string::npos ? '\0' : head[last];
}

/// What a brace after `head` opens, at the level of namespaces and classes.
Opens opened_by(const std::string& head) {
  static const std::regex scope{"^\\s*(inline\\s+)?(namespace\\b|extern\\b|(class|struct|union|enum)\\b)"};
  const std::string rest = head.substr(behind_template(head));
  const std::size_t list = parameter_list(head);
  const std::string after = list == std::string::npos ? "" : head.substr(behind(head, list));
  if (std::regex_search(rest, scope) && (list == std::string::npos || is_word(last_of(after))))
    return Opens::scope;
  if (list == std::string::npos) return Opens::value;
  const std::string before = head.substr(0, list);
  if (before.find('=') != std::string::npos && before.find("operator") == std::string::npos)
    return Opens::value;
  static const std::regex members{"^[^:]*[^:]:[^:]"};
  const bool initialises = std::regex_search(" " + after + " ", members);
  return initialises && (is_word(last_of(after)) || last_of(after) == '>') ? Opens::value : Opens::function;
}

}  // namespace

std::vector<Function> functions_of(const File& file) {
  const std::string text = Bare{file}.text();
  const auto line_of = [&](std::size_t at) {
    return 1 + static_cast<std::size_t>(
                   std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  };
  std::vector<Function> found;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c != '{') {
      if (c == '(' || c == '[') {
        at = behind(text, at);
        continue;
      }
      static const std::regex access{"^\\s*(public|private|protected)\\s*$"};
      const std::string head = c == ':' ? text.substr(begin, at - begin) : "";
      if (c == ';' || c == '}' || (c == ':' && std::regex_match(head, access))) begin = at + 1;
      ++at;
      continue;
    }
    const std::string head = text.substr(begin, at - begin);
    switch (opened_by(head)) {
      case Opens::scope:
        begin = ++at;
        break;
      case Opens::value:
        at = behind(text, at);
        break;
      case Opens::function: {
        const std::size_t list = parameter_list(head), end = behind(text, at);
        const std::size_t first = line_of(begin + head.find_first_not_of(" \n"));
        found.push_back({file.path, name_before(head, list), first, line_of(end - 1) - first + 1,
                         count_of(head.substr(list + 1, behind(head, list) - list - 2))});
        begin = at = end;
      }
    }
  }
  return found;
}

}  // namespace superpod::house
