/// Just enough XML to find what is not well-formed.
#pragma once

#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace superpod::topology::xml {

/// Of `<name a="b" c="d"`: what is wrong with its attributes, or nothing.
inline std::string mistake_in_tag(std::string_view tag) {
  std::set<std::string> seen;
  std::size_t at = tag.find_first_of(" \n");
  while (at != std::string_view::npos && (at = tag.find_first_not_of(" \n", at)) != std::string_view::npos) {
    const std::size_t equals = tag.find("=\"", at);
    if (equals == std::string_view::npos) return "no value: " + std::string{tag};
    if (!seen.insert(std::string{tag.substr(at, equals - at)}).second) return "twice: " + std::string{tag};
    const std::size_t end = tag.find('"', equals + 2);
    if (end == std::string_view::npos) return "no closing quote: " + std::string{tag};
    at = end + 1;
  }
  return "";
}

/// Ampersands must begin one of the five entities.
inline std::string mistake_in_words(std::string_view words) {
  for (std::size_t at = words.find('&'); at != std::string_view::npos; at = words.find('&', at + 1)) {
    bool known = false;
    for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
      known |= words.substr(at).starts_with(entity);
    if (!known) return "bare ampersand: " + std::string{words.substr(at, 12)};
  }
  for (const char c : words)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return "control character";
  return "";
}

/// What is wrong with a document, or nothing.
inline std::string mistake(std::string_view text) {
  if (const std::string found = mistake_in_words(text); !found.empty()) return found;
  std::vector<std::string> open;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    std::size_t end = at + 1;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != '>'); ++end) {
      if (text[end] == '"') quoted = !quoted;
      if (text[end] == '<') return "'<' in a tag";
    }
    if (end == text.size()) return "tag without end";
    std::string_view tag = text.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag.starts_with('?') || tag.starts_with('!')) continue;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "closes what is not open: " + std::string{tag};
      open.pop_back();
      continue;
    }
    const bool closed = tag.ends_with('/');
    if (closed) tag.remove_suffix(1);
    if (const std::string found = mistake_in_tag(tag); !found.empty()) return found;
    if (!closed) open.emplace_back(tag.substr(0, tag.find_first_of(" \n")));
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

}  // namespace superpod::topology::xml
