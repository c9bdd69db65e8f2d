/// What tests look for in the text of a page.
#pragma once

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace superpod::analysis {

inline std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size()))
    ++found;
  return found;
}

inline std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression{pattern};
  std::vector<std::string> out;
  for (auto at = std::sregex_iterator{text.begin(), text.end(), expression}; at != std::sregex_iterator{};
       ++at)
    out.push_back((*at)[1]);
  return out;
}

/// The page without the contents of its style and script elements.
inline std::string markup(const std::string& page) {
  std::string out;
  std::size_t at = 0;
  while (at < page.size()) {
    const std::size_t style = page.find("<style", at), script = page.find("<script", at);
    const std::size_t next = std::min(style, script);
    if (next == std::string::npos) break;
    const std::size_t open = page.find('>', next) + 1;
    out += page.substr(at, open - at);
    at = page.find(style < script ? "</style" : "</script", open);
  }
  return out + page.substr(at);
}

/// What an HTML parser would complain of: an element that is not closed, or closed by another's tag.
inline std::string first_unbalanced(const std::string& page) {
  const std::set<std::string> empty{"br", "input", "meta", "wbr"};
  std::vector<std::string> open;
  const std::string text = markup(page);
  const std::regex tag{"<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>"};
  for (auto at = std::sregex_iterator{text.begin(), text.end(), tag}; at != std::sregex_iterator{}; ++at) {
    const std::string name = (*at)[2];
    if (empty.contains(name) || (*at)[3].length() > 0) continue;
    if ((*at)[1].length() == 0) {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return name + " at " + std::to_string(at->position());
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

}  // namespace superpod::analysis
