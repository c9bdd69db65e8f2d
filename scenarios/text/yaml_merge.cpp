#include "scenarios/text/yaml_merge.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/text/source_file.hpp"

namespace superpod::scenarios {
namespace {

using Kind = Node::Kind;

std::string_view word_of(const Node& node, std::string_view key) {
  const Node* child = node.find(key);
  return child && child->kind == Kind::scalar ? std::string_view{child->text} : std::string_view{};
}

bool starts_anew(const Node& base, const Node& refinement) {
  if (refinement.find("value") || refinement.find("base")) return true;
  const std::string_view kind = word_of(refinement, "kind");
  return base.kind == Kind::mapping && !kind.empty() && kind != word_of(base, "kind");
}

bool is_named(const Node& list) {
  return list.kind == Kind::list && !list.children.empty() &&
         std::all_of(list.children.begin(), list.children.end(),
                     [](const Node& n) { return !word_of(n, "name").empty(); });
}

Node* named(Node& list, std::string_view name) {
  const auto found = std::find_if(list.children.begin(), list.children.end(),
                                  [&](const Node& element) { return word_of(element, "name") == name; });
  return found == list.children.end() ? nullptr : &*found;
}

/// Finds by name, or by index from 0.
Node* element(Node& list, std::string_view name) {
  if (Node* found = named(list, name)) return found;
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool is_index = problem == std::errc{} && end == name.data() + name.size();
  return is_index && index < list.children.size() ? &list.children[index] : nullptr;
}

std::vector<std::string> element_names(const Node& list) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < list.children.size(); ++i) {
    const std::string_view name = word_of(list.children[i], "name");
    names.push_back(name.empty() ? std::to_string(i) : std::string{name});
  }
  return names;
}

void merge_into(Node& base, const Node& refinement, Mistakes& mistakes);

void merge_keys(Node& base, const Node& refinement, Mistakes& mistakes) {
  for (const Node& child : refinement.children) {
    if (Node* old = base.find(child.key))
      merge_into(*old, child, mistakes);
    else
      base.children.push_back(child);
  }
}

void merge_by_name(Node& base, const Node& refinement, Mistakes& mistakes) {
  for (const Node& child : refinement.children) {
    if (Node* old = named(base, word_of(child, "name")))
      merge_into(*old, child, mistakes);
    else
      base.children.push_back(child);
  }
}

void merge_elements(Node& base, const Node& refinement, Mistakes& mistakes) {
  for (const Node& child : refinement.children) {
    if (Node* old = element(base, child.key))
      merge_into(*old, child, mistakes);
    else
      mistakes.add(child.key_place, "the list has no element " + in_quotes(child.key),
                   suggestion(child.key, element_names(base), "elements"));
  }
}

/// The mapping `{base: WORD}` in place of the word.
Node entry_named_by(const Node& word) {
  Node entry;
  entry.kind = Kind::mapping;
  entry.place = word.place;
  Node base = word;
  base.key = "base";
  base.key_place = word.place;
  entry.children.push_back(std::move(base));
  return entry;
}

/// Keeps the base's key (it is the same), takes the refinement's place: that is where somebody wrote last.
void merge_into(Node& base, const Node& refinement, Mistakes& mistakes) {
  const bool is_mapping = refinement.kind == Kind::mapping && !starts_anew(base, refinement);
  if (is_mapping && base.kind == Kind::list) return merge_elements(base, refinement, mistakes);
  if (is_named(base) && is_named(refinement)) return merge_by_name(base, refinement, mistakes);
  if (!is_mapping || (base.kind != Kind::mapping && base.kind != Kind::scalar)) {
    std::string key = std::move(base.key);
    base = refinement;
    base.key = std::move(key);
    return;
  }
  if (base.kind == Kind::scalar) {
    Node entry = entry_named_by(base);
    entry.key = base.key;
    base = std::move(entry);
  }
  merge_keys(base, refinement, mistakes);
  base.place = refinement.place;
  base.key_place = refinement.key_place;
}

/// One word of a setting's path.
struct Step {
  std::string word;
  Place place;
};

/// The words of a path that stands at `whole`; none when one of them is empty, or they are too many.
std::vector<Step> steps(std::string_view path, const Place& whole) {
  std::vector<Step> all;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    if (end == begin) return {};
    all.push_back(
        {std::string{path.substr(begin, end - begin)},
         {whole.source, whole.line, whole.column + static_cast<int>(begin), static_cast<int>(end - begin)}});
    begin = end + 1;
  }
  return static_cast<int>(all.size()) < deepest ? all : std::vector<Step>{};
}

Node nested(const std::vector<Step>& path, Node value) {
  for (auto step = path.rbegin(); step != path.rend(); ++step) {
    value.key = step->word;
    value.key_place = step->place;
    Node parent;
    parent.kind = Kind::mapping;
    parent.place = step->place;
    parent.children.push_back(std::move(value));
    value = std::move(parent);
  }
  return value;
}

/// The tree that says only what one `path=value` says.
std::optional<Node> tree_of(const std::string& setting, const Place& whole, Mistakes& mistakes) {
  const auto equals = setting.find('=');
  const bool is_blank =
      equals == std::string::npos || setting.find_first_not_of(' ', equals + 1) == std::string::npos;
  const std::vector<Step> path = steps(std::string_view{setting}.substr(0, equals), whole);
  if (is_blank || path.empty() || text_prefix(setting) != setting.size() ||
      setting.find('\n') != std::string::npos) {
    mistakes.add(whole, in_quotes(setting) + " sets nothing", "write path=value, e.g. workload.microbatch=2");
    return std::nullopt;
  }
  // All but the value is blank, so that the parser itself finds the right places.
  const std::string value = std::string(static_cast<std::size_t>(whole.line) - 1, '\n') +
                            std::string(equals + 1, ' ') + setting.substr(equals + 1);
  std::optional<Node> node = parse_yaml(whole.source, value, mistakes);
  if (node) node = nested(path, std::move(*node));
  return node;
}

}  // namespace

Node merged(Node base, const Node& refinement, Mistakes& mistakes) {
  merge_into(base, refinement, mistakes);
  return base;
}

Node with_settings(Node root, std::span<const std::string> settings, Mistakes& mistakes) {
  auto all = std::make_shared<Source>(Source{"--set", {}});
  for (const std::string& setting : settings) all->text += setting + "\n";
  int line = 0;
  for (const std::string& setting : settings) {
    const Place whole{all, ++line, 1, static_cast<int>(setting.size())};
    if (const auto tree = tree_of(setting, whole, mistakes)) merge_into(root, *tree, mistakes);
  }
  return root;
}

std::optional<Node> setting_tree(std::string_view path, const Place& place, Node value, Mistakes& mistakes) {
  const std::vector<Step> words = steps(path, place);
  if (words.empty()) {
    mistakes.add(place, in_quotes(path) + " is no path",
                 "write words joined by dots, e.g. workload.microbatch");
    return std::nullopt;
  }
  return nested(words, std::move(value));
}

}  // namespace superpod::scenarios
