#include "scenarios/text/yaml_read.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "scenarios/text/yaml_merge.hpp"
#include "sim/values/closest_word.hpp"

namespace superpod::scenarios {
namespace {

using Kind = Node::Kind;

constexpr int longest_chain = 16;  // of entries that refine entries

std::string number_text(double value) {
  std::array<char, 32> buffer{};
  const auto [end, problem] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

/// `must be ...`: `unit` writes a bound.
template <class Unit>
std::string described(const Range& range, const Unit& unit) {
  const bool has_low = std::isfinite(range.low), has_high = std::isfinite(range.high);
  const std::string low = (range.low_excluded ? "greater than " : "at least ") + unit(range.low);
  if (has_low && has_high) return low + " and at most " + unit(range.high);
  return has_low ? low : "at most " + unit(range.high);
}

template <class Unit>
bool is_within(double value, const Node& node, const Spot& spot, Reader& reader, const Unit& unit) {
  if (spot.range.contains(value)) return true;
  reader.mistakes.add(
      node.place,
      std::string{spot.name} + " must be " + described(spot.range, unit) + ", but is " + in_quotes(node.text),
      std::string{spot.name} + ": " + std::string{spot.meaning});
  return false;
}

bool is_within(double value, const Node& node, const Spot& spot, Reader& reader) {
  return is_within(value, node, spot, reader, number_text);
}

bool is_scalar(const Node& node, const Spot& spot, std::string_view wanted, Reader& reader) {
  if (node.kind == Kind::scalar) {
    reader.places.add(spot.path, node);
    return true;
  }
  reader.mistakes.add(
      node.place,
      std::string{spot.name} + " must be " + std::string{wanted} + ", but this is " + described(node),
      std::string{spot.name} + ": " + std::string{spot.meaning});
  return false;
}

void refuse(const Node& node, const Spot& spot, const std::string& why, std::string help, Reader& reader) {
  reader.mistakes.add(node.place, std::string{spot.name} + ": " + in_quotes(node.text) + " is not " + why,
                      std::move(help));
}

/// The whole text as a number; none when it is not one, or beyond the range of a double.
std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Whole numbers may be written like 4096, 4.0 or 1e3; beyond 2^53 only as digits, since a double is not
/// exact there.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t whole = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (problem == std::errc{} && end == text.data() + text.size()) return whole;
  constexpr double exact = 0x1p53;
  const auto value = number(text);
  if (!value || std::abs(*value) > exact || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

template <class Integer>
void read_integer(const Node& node, Integer& out, const Spot& spot, Reader& reader) {
  if (!is_scalar(node, spot, "a whole number", reader)) return;
  const auto value = whole_number(node.text);
  const bool is_large =
      value ? *value < std::numeric_limits<Integer>::min() || *value > std::numeric_limits<Integer>::max()
            : number(node.text) && std::abs(*number(node.text)) > 1e9;
  if (is_large)
    return refuse(node, spot, "a whole number that fits here: it is too large", std::string{spot.meaning},
                  reader);
  if (!value) return refuse(node, spot, "a whole number", std::string{spot.meaning}, reader);
  if (is_within(static_cast<double>(*value), node, spot, reader)) out = static_cast<Integer>(*value);
}

std::vector<std::string> names_of(std::span<const Key> keys) {
  std::vector<std::string> names;
  for (const Key& key : keys) names.emplace_back(key.name);
  return names;
}

}  // namespace

namespace {

/// What of a path lies inside the value at `outer`; none when nothing does.
std::optional<std::string> rest_inside(const std::string& path, const std::string& outer) {
  if (outer.empty()) return path;
  if (path.size() <= outer.size() || path[outer.size()] != '.' || !path.starts_with(outer))
    return std::nullopt;
  return path.substr(outer.size() + 1);
}

}  // namespace

const Places::Written* Places::find(const std::string& path) const {
  if (const auto found = written_.find(path); found != written_.end()) return &found->second;
  for (const auto& [outer, inner] : inside_)
    if (const auto rest = rest_inside(path, outer))
      if (const Written* written = inner->find(*rest)) return written;
  return nullptr;
}

std::string Places::meant_by(const std::string& path) const {
  if (const auto found = aliases_.find(path); found != aliases_.end()) return found->second;
  for (const auto& [outer, inner] : inside_)
    if (const auto rest = rest_inside(path, outer))
      if (const std::string meant = inner->meant_by(*rest); !meant.empty())
        return outer.empty() ? meant : outer + "." + meant;
  return {};
}

Place Places::at(const std::string& path) const {
  const Written* root = find("");
  Place closest = root ? root->place : Place{};
  std::string known;  // the path so far, with names instead of indices
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    known.append(known.empty() ? "" : ".").append(path, begin, end - begin);
    if (std::string meant = meant_by(known); !meant.empty()) known = std::move(meant);
    if (const Written* written = find(known)) closest = written->place;
    begin = end + 1;
  }
  return closest;
}

bool is_mapping(const Node& node, const Spot& spot, std::string_view kind, Reader& reader) {
  if (node.kind == Kind::mapping) return true;
  const std::string what = spot.name.empty() || spot.name == kind
                               ? std::string{kind}
                               : std::string{spot.name} + " (" + std::string{kind} + ")";
  reader.mistakes.add(node.place, what + " must be a mapping, but this is " + described(node),
                      "write its parameters as `key: value`");
  return false;
}

bool is_list(const Node& node, const Spot& spot, Reader& reader) {
  if (node.kind == Kind::list) return true;
  reader.mistakes.add(node.place, std::string{spot.name} + " must be a list, but this is " + described(node),
                      "write [a, b, c]; " + std::string{spot.name} + ": " + std::string{spot.meaning});
  return false;
}

void check_keys(const Node& mapping, std::string_view kind, std::span<const Key> keys, Reader& reader) {
  const std::vector<std::string> known = names_of(keys);
  std::vector<std::string> meant;  // what misspelt keys stand for is not missing
  for (const Node& child : mapping.children) {
    if (std::find(known.begin(), known.end(), child.key) != known.end()) continue;
    const bool is_shown = !reader.mistakes.full();
    reader.mistakes.add(child.key_place, std::string{kind} + " has no parameter " + in_quotes(child.key),
                        is_shown ? suggestion(child.key, known, "parameters") : "");
    if (const auto word = is_shown ? closest_word(child.key, known) : std::nullopt) meant.push_back(*word);
  }
  for (const Key& key : keys) {
    if (!key.required || mapping.find(key.name) ||
        std::find(meant.begin(), meant.end(), key.name) != meant.end())
      continue;
    const bool has_key = !mapping.key.empty() && mapping.key_place.source;
    reader.mistakes.add(has_key ? mapping.key_place : mapping.place,
                        std::string{kind} + " lacks " + in_quotes(key.name),
                        std::string{key.name} + ": " + std::string{key.meaning});
  }
}

std::optional<double> read_quantity(const Node& node, const Dimension& dimension, const Spot& spot,
                                    Reader& reader) {
  if (!is_scalar(node, spot, dimension.name, reader)) return std::nullopt;
  const auto parsed = parse(node.text, dimension);
  if (const TextError* error = std::get_if<TextError>(&parsed)) {
    Place place = node.place;
    place.column += node.inset + static_cast<int>(error->offset);
    place.length = std::max(1, static_cast<int>(error->length));
    reader.mistakes.add(place, error->message, error->help);
    return std::nullopt;
  }
  const double value = std::get<double>(parsed);
  if (!is_within(value, node, spot, reader, [&](double bound) { return text(bound, dimension); }))
    return std::nullopt;
  return value;
}

std::optional<std::size_t> read_word(const Node& node, std::span<const std::string> words,
                                     std::string_view plural, const Spot& spot, Reader& reader) {
  if (!is_scalar(node, spot, "a word", reader)) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), node.text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  reader.mistakes.add(
      node.place,
      std::string{spot.name} + ": " + in_quotes(node.text) + " is not one of its " + std::string{plural},
      reader.mistakes.full() ? "" : suggestion(node.text, words, plural));
  return std::nullopt;
}

std::optional<Node> entry_tree(const Node& node, std::string_view shelf, std::string& name, Reader& reader) {
  const Node* word = node.kind == Kind::scalar ? &node : node.find("base");
  if (!word && node.kind == Kind::mapping) return node;  // written out in full
  if (!word || word->kind != Kind::scalar) {
    reader.mistakes.add(
        word ? word->place : node.place,
        node.key + " must be a name from the library, but this is " + described(word ? *word : node),
        "write a name (`superpod list " + std::string{shelf} + "`), or a mapping that refines one");
    return std::nullopt;
  }
  name = word->text;
  Node refined = node;
  if (node.kind == Kind::mapping)
    std::erase_if(refined.children, [](const Node& child) { return child.key == "base"; });
  Place asked = word->place;
  std::string wanted = name;
  std::optional<Node> tree = reader.library.entry(shelf, wanted, asked, reader.mistakes);
  for (int i = 0; tree && tree->kind == Kind::mapping && tree->find("base"); ++i) {
    const Node below = *tree->find("base");
    std::erase_if(tree->children, [](const Node& child) { return child.key == "base"; });
    if (i == longest_chain || below.kind != Kind::scalar) {
      reader.mistakes.add(below.place, "the entries refine each other in a circle, or `base` is no name");
      return std::nullopt;
    }
    const auto base = reader.library.entry(shelf, below.text, below.place, reader.mistakes);
    tree = base ? std::optional{merged(*base, *tree, reader.mistakes)} : std::nullopt;
  }
  if (!tree || node.kind == Kind::scalar) return tree;
  refined = merged(std::move(*tree), refined, reader.mistakes);
  refined.key = node.key;
  return refined;
}

Spot element_spot(const Node& list, std::size_t index, const Spot& spot, Reader& reader) {
  const Spot by_index = spot.inside(std::to_string(index));
  const Node* name = list.children[index].find("name");
  if (!name || name->kind != Kind::scalar) return by_index;
  const Spot by_name = spot.inside(name->text);
  if (reader.places.contains(by_name.path)) return by_index;
  reader.places.add_alias(by_index.path, by_name.path);
  return by_name;
}

std::optional<std::size_t> read_kind(const Node& node, Node& rest, std::span<const std::string> kinds,
                                     const Spot& spot, Reader& reader) {
  const Spot kind = spot.inside("kind");
  rest = node;
  if (node.kind == Kind::scalar) {
    rest.kind = Kind::mapping;
    rest.children.clear();
    return read_word(node, kinds, "kinds", kind, reader);
  }
  if (!is_mapping(node, spot, spot.name, reader)) return std::nullopt;
  const Node* word = node.find("kind");
  if (!word) {
    reader.mistakes.add(node.key.empty() ? node.place : node.key_place,
                        std::string{spot.name} + " lacks 'kind'", suggestion("", kinds, "kinds"));
    return std::nullopt;
  }
  const auto index = read_word(*word, kinds, "kinds", kind, reader);
  std::erase_if(rest.children, [](const Node& child) { return child.key == "kind"; });
  return index;
}

FigureKeys read_figure_keys(const Node& mapping, const Spot& spot, Reader& reader) {
  static constexpr std::array keys{
      Key{"value", "the figure itself", true}, Key{"grade", "how far to trust it", false},
      Key{"source", "where it comes from", false}, Key{"note", "in words", false}};
  FigureKeys figure;
  check_keys(mapping, spot.name, keys, reader);
  const auto spot_of = [&](std::size_t i) {
    return Spot{spot.inside(std::string{keys[i].name}).path, keys[i].name, keys[i].meaning, anything};
  };
  if (const Node* grade = mapping.find("grade")) read(*grade, figure.grade, spot_of(1), reader);
  if (const Node* source = mapping.find("source")) read(*source, figure.source, spot_of(2), reader);
  if (const Node* note = mapping.find("note")) read(*note, figure.note, spot_of(3), reader);
  const bool needs_source = figure.grade == Grade::measured || figure.grade == Grade::published;
  if (needs_source && !mapping.find("source"))
    reader.mistakes.add(mapping.find("grade")->place,
                        "a " + mapping.find("grade")->text + " figure lacks 'source'",
                        "say who measured or published it");
  return figure;
}

void read(const Node& node, bool& out, const Spot& spot, Reader& reader) {
  if (!is_scalar(node, spot, "true or false", reader)) return;
  if (node.text != "true" && node.text != "false")
    return refuse(node, spot, "true or false", std::string{spot.meaning}, reader);
  out = node.text == "true";
}

void read(const Node& node, int& out, const Spot& spot, Reader& reader) {
  read_integer(node, out, spot, reader);
}

void read(const Node& node, std::int64_t& out, const Spot& spot, Reader& reader) {
  read_integer(node, out, spot, reader);
}

void read(const Node& node, double& out, const Spot& spot, Reader& reader) {
  if (!is_scalar(node, spot, "a number", reader)) return;
  const auto value = number(node.text);
  if (!value) return refuse(node, spot, "a number", std::string{spot.meaning}, reader);
  if (!std::isfinite(*value)) return refuse(node, spot, "a finite number", std::string{spot.meaning}, reader);
  if (is_within(*value, node, spot, reader)) out = *value;
}

void read(const Node& node, std::string& out, const Spot& spot, Reader& reader) {
  if (is_scalar(node, spot, "text", reader)) out = node.text;
}

}  // namespace superpod::scenarios
