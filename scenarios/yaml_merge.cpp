#include "scenarios/yaml_merge.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/source_file.hpp"

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

/// `path=value` taken apart; no steps, and a mistake, when it is not that.
std::vector<Step> steps(const std::string& setting, const Place& whole, Mistakes& mistakes) {
  const auto equals = setting.find('=');
  const std::string path = setting.substr(0, equals);
  const bool is_blank =
      equals == std::string::npos || setting.find_first_not_of(' ', equals + 1) == std::string::npos;
  std::vector<Step> all;
  bool is_wrong =
      is_blank || text_prefix(setting) != setting.size() || setting.find('\n') != std::string::npos;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    all.push_back({path.substr(begin, end - begin),
                   {whole.source, whole.line, static_cast<int>(begin) + 1, static_cast<int>(end - begin)}});
    is_wrong = is_wrong || end == begin;
    begin = end + 1;
  }
  if (!is_wrong && static_cast<int>(all.size()) < deepest) return all;
  mistakes.add(whole, in_quotes(setting) + " sets nothing", "write path=value, e.g. workload.microbatch=2");
  return {};
}

/// The tree that says only what one setting says: a mapping within a mapping for each word of the path.
std::optional<Node> setting_tree(const std::string& setting, const Place& whole, Mistakes& mistakes) {
  const std::vector<Step> path = steps(setting, whole, mistakes);
  if (path.empty()) return std::nullopt;
  // All but the value is blank, so that the parser itself finds the right places.
  const std::size_t before = setting.find('=') + 1;
  const std::string value = std::string(static_cast<std::size_t>(whole.line) - 1, '\n') +
                            std::string(before, ' ') + setting.substr(before);
  std::optional<Node> node = parse_yaml(whole.source, value, mistakes);
  for (auto step = path.rbegin(); node && step != path.rend(); ++step) {
    node->key = step->word;
    node->key_place = step->place;
    Node parent;
    parent.kind = Kind::mapping;
    parent.place = step->place;
    parent.children.push_back(std::move(*node));
    node = std::move(parent);
  }
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
    if (const auto tree = setting_tree(setting, whole, mistakes)) merge_into(root, *tree, mistakes);
  }
  return root;
}

}  // namespace superpod::scenarios
