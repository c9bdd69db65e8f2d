#include "analysis/page/html.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "analysis/json.hpp"

namespace superpod::analysis {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

/// Bytes of the UTF-8 character at `at`; 0 where there is none (RFC 3629: no overlong forms, surrogates or
/// beyond U+10FFFF).
std::size_t character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const unsigned first = byte(at), second = byte(at + 1);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!continues(text, at + i)) return 0;
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || beyond ? 0 : length;
}

/// Control characters other than tab and line feed: C0, DEL, and C1 (U+0080 to U+009F).
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return (first < 0x20 && first != '\t' && first != '\n') || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

std::string_view reference(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character(text, at);
    const std::string_view one = text.substr(at, length);
    at += length == 0 ? 1 : length;
    if (one == "\r") continue;  // line ends are line feeds
    if (length == 0 || is_control(one))
      out += replacement;
    else if (const std::string_view escaped = reference(one[0]); !escaped.empty())
      out += escaped;
    else
      out += one;
  }
  return out;
}

std::string isolated(std::string_view text) { return "<bdi>" + html(text) + "</bdi>"; }

std::string breakable(std::string_view text) {
  std::string out = "<bdi>";
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = std::min(text.find_first_of("._", begin), text.size() - 1) + 1;
    const bool in_a_number = end < text.size() && text[end] >= '0' && text[end] <= '9';
    out += html(text.substr(begin, end - begin)) + (end < text.size() && !in_a_number ? "<wbr>" : "");
  }
  return out + "</bdi>";
}

std::string script_string(std::string_view text) {
  std::string out = json_string(text);
  for (std::size_t at = out.find('<'); at != std::string::npos; at = out.find('<', at))
    out.replace(at, 1, "\\u003c");
  return out;
}

std::string script_number(double value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string words(std::string_view key) {
  std::string out{key};
  for (char& c : out)
    if (c == '_' || c == '.') c = ' ';
  return out;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string uncapitalised(std::string text) {
  const auto capital = [&](std::size_t at) { return at < text.size() && text[at] >= 'A' && text[at] <= 'Z'; };
  if (capital(0) && !capital(1)) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace superpod::analysis
