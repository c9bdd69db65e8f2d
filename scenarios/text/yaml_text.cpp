#include "scenarios/text/yaml_text.hpp"

#include <algorithm>
#include <cctype>

namespace superpod::scenarios {
namespace {

bool is_plain(const std::string& word) {
  if (word.empty() || word.front() == ' ' || word.back() == ' ' || word.front() == '-') return false;
  return std::ranges::all_of(word, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view{" _./+-"}.find(c) != std::string_view::npos;
  });
}

std::string word(const std::string& text) {
  if (is_plain(text)) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '\t') {
      quoted += "\\t";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string in_line(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return word(node.text);
    case Node::Kind::list:
      for (const Node& element : node.children) out += (out.empty() ? "" : ", ") + in_line(element);
      return "[" + out + "]";
    case Node::Kind::mapping:
      for (const Node& child : node.children)
        out += (out.empty() ? "" : ", ") + word(child.key) + ": " + in_line(child);
      return "{" + out + "}";
  }
  return out;
}

}  // namespace

std::string yaml_text(const Node& mapping) {
  std::string out;
  for (const Node& child : mapping.children) {
    out += word(child.key) + ":";
    if (child.kind != Node::Kind::mapping || child.children.empty()) {
      out += " " + in_line(child) + "\n";
      continue;
    }
    out += "\n";
    for (const Node& inner : child.children) out += "  " + word(inner.key) + ": " + in_line(inner) + "\n";
  }
  return out;
}

}  // namespace superpod::scenarios
