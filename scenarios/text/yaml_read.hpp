/// A tree read into any described struct, and every mistake in it.
#pragma once

#include <any>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "models/hardware/entry.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/quantity_text.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::scenarios {

/// Where each value was written, by path: `system.networks.UBoE.bandwidth`. An element of a list goes by its
/// name, and by its index.
class Places {
 public:
  struct Written {
    Place place;
    std::string text;  ///< of a scalar, as written
  };

  void add(const std::string& path, const Node& node) {
    written_.insert_or_assign(path, Written{node.place, node.text});
  }
  void add_alias(const std::string& path, const std::string& meant) {
    aliases_.insert_or_assign(path, meant);
  }
  /// All that was written inside the value at `path`; not of the value itself.
  void add_inside(const std::string& path, std::shared_ptr<const Places> inner) {
    inside_.emplace_back(path, std::move(inner));
  }

  [[nodiscard]] const Written* find(const std::string& path) const;
  [[nodiscard]] bool contains(const std::string& path) const { return find(path) != nullptr; }

  /// The place of the value, or of the closest value around it that was written.
  [[nodiscard]] Place at(const std::string& path) const;

 private:
  /// The path with the name of its last element instead of an index; empty when it is no index.
  [[nodiscard]] std::string meant_by(const std::string& path) const;

  std::unordered_map<std::string, Written> written_;
  std::unordered_map<std::string, std::string> aliases_;
  std::vector<std::pair<std::string, std::shared_ptr<const Places>>> inside_;
};

/// What a reading needs and leaves behind.
struct Reader {
  const Library& library;
  Mistakes& mistakes;
  Places& places;
};

/// The parameter that a value is read for.
struct Spot {
  std::string path;
  std::string_view name, meaning;
  Range range;

  [[nodiscard]] Spot inside(const std::string& key) const {
    return {path.empty() ? key : path + "." + key, name, meaning, range};
  }
};

/// A field without its type.
struct Key {
  std::string_view name, meaning;
  bool required;
};

// What does not depend on the type of the struct.

bool is_mapping(const Node& node, const Spot& spot, std::string_view kind, Reader& reader);
bool is_list(const Node& node, const Spot& spot, Reader& reader);

/// Notes keys of the mapping that are unknown, and keys that are required and missing.
void check_keys(const Node& mapping, std::string_view kind, std::span<const Key> keys, Reader& reader);

std::optional<double> read_quantity(const Node& node, const Dimension& dimension, const Spot& spot,
                                    Reader& reader);

/// Which of the words it is; `plural` is what they are called: `words`, `kinds`.
std::optional<std::size_t> read_word(const Node& node, std::span<const std::string> words,
                                     std::string_view plural, const Spot& spot, Reader& reader);

/// The tree of a catalogue entry: `NAME`, or `{base: NAME, ...}` merged; `name` becomes the catalogue's name.
std::optional<Node> entry_tree(const Node& node, std::string_view shelf, std::string& name, Reader& reader);

/// The path of one element of a list: by its name if it has one, and no other before it.
Spot element_spot(const Node& list, std::size_t index, const Spot& spot, Reader& reader);

// One `read` for each type of value; all note where it stood and leave `out` as it was when there is a
// mistake.

void read(const Node& node, bool& out, const Spot& spot, Reader& reader);
void read(const Node& node, int& out, const Spot& spot, Reader& reader);
void read(const Node& node, std::int64_t& out, const Spot& spot, Reader& reader);
void read(const Node& node, double& out, const Spot& spot, Reader& reader);
void read(const Node& node, std::string& out, const Spot& spot, Reader& reader);

template <TextQuantity Q>
void read(const Node& node, Q& out, const Spot& spot, Reader& reader) {
  if (const auto base_units = read_quantity(node, dimension<Q>(), spot, reader)) out = Q{*base_units};
}

template <Worded E>
void read(const Node& node, E& out, const Spot& spot, Reader& reader) {
  std::vector<std::string> known;
  for (const auto& [word, value] : words(E{})) known.emplace_back(word);
  if (const auto index = read_word(node, known, "words", spot, reader)) out = words(E{})[*index].second;
}

/// The keys of a figure, beside its value.
struct FigureKeys {
  Grade grade = Grade::assumed;
  std::string source, note;
};
FigureKeys read_figure_keys(const Node& mapping, const Spot& spot, Reader& reader);

template <class T>
void read(const Node& node, Sourced<T>& out, const Spot& spot, Reader& reader) {
  T value = out.value;
  if (node.kind != Node::Kind::mapping) {
    read(node, value, spot, reader);
    out = Sourced<T>{std::move(value)};
    return;
  }
  FigureKeys keys = read_figure_keys(node, spot, reader);
  if (const Node* child = node.find("value")) read(*child, value, spot, reader);
  out = Sourced<T>{std::move(value), keys.grade, std::move(keys.source), std::move(keys.note)};
}

/// `null` says that there is none, also where a catalogue entry has one.
template <class T>
void read(const Node& node, std::optional<T>& out, const Spot& spot, Reader& reader) {
  out.reset();
  if (node.kind == Node::Kind::null && !node.text.empty()) return;
  read(node, out.emplace(), spot, reader);
}

template <class T>
void read(const Node& node, std::vector<T>& out, const Spot& spot, Reader& reader) {
  if (!is_list(node, spot, reader)) return;
  reader.places.add(spot.path, node);
  out.clear();
  out.resize(node.children.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    read(node.children[i], out[i], element_spot(node, i, spot, reader), reader);
}

template <class T>
void read(const Node& node, std::map<std::string, T>& out, const Spot& spot, Reader& reader) {
  if (!is_mapping(node, spot, spot.name, reader)) return;
  reader.places.add(spot.path, node);
  for (const Node& child : node.children) read(child, out[child.key], spot.inside(child.key), reader);
}

template <Described T>
void read(const Node& node, T& out, const Spot& spot, Reader& reader) {
  if (!is_mapping(node, spot, T::kind, reader)) return;
  reader.places.add(spot.path, node);
  std::vector<Key> keys;
  for_each_field<T>([&](const auto& field) { keys.push_back({field.name, field.meaning, field.required}); });
  check_keys(node, T::kind, keys, reader);
  for_each_field<T>([&](const auto& field) {
    const Node* child = node.find(field.name);
    if (!child) return;
    Spot inside = spot.inside(std::string{field.name});
    inside.name = field.name, inside.meaning = field.meaning, inside.range = field.range;
    read(*child, out.*field.member, inside, reader);
  });
}

/// The mapping without `kind`, and which of the kinds it is; a bare word is a mapping that says no more than
/// its kind.
std::optional<std::size_t> read_kind(const Node& node, Node& rest, std::span<const std::string> kinds,
                                     const Spot& spot, Reader& reader);

template <Described... T>
void read(const Node& node, std::variant<T...>& out, const Spot& spot, Reader& reader) {
  static const std::array kinds{std::string{T::kind}...};
  Node rest;
  const auto index = read_kind(node, rest, kinds, spot, reader);
  if (!index) return;
  std::size_t i = 0;
  ((i++ == *index ? read(rest, out.template emplace<T>(), spot, reader) : void()), ...);
}

/// An entry of the catalogue as it was read, and where its values stand there.
template <class T>
struct KnownEntry {
  T value;
  std::shared_ptr<const Places> places;
};

/// The entry that a word names: read once for the library, unless there are mistakes in it.
template <Described T>
std::shared_ptr<const KnownEntry<T>> known_entry(const Node& word, const Spot& spot, Reader& reader) {
  using Known = std::shared_ptr<const KnownEntry<T>>;
  const std::any kept = reader.library.kept(shelf_of(T::kind), word.text);
  if (const Known* known = std::any_cast<Known>(&kept)) return *known;
  const std::size_t before = reader.mistakes.count();
  std::string name;
  const auto tree = entry_tree(word, shelf_of(T::kind), name, reader);
  if (!tree) return nullptr;
  const auto places = std::make_shared<Places>();
  const auto entry = std::make_shared<KnownEntry<T>>(KnownEntry<T>{{}, places});
  Reader inside{reader.library, reader.mistakes, *places};
  read(*tree, entry->value, Spot{{}, spot.name, spot.meaning, spot.range}, inside);
  if (reader.mistakes.count() == before) reader.library.keep(shelf_of(T::kind), word.text, Known{entry});
  return entry;
}

template <Described T>
void read(const Node& node, models::Entry<T>& out, const Spot& spot, Reader& reader) {
  if (node.kind == Node::Kind::scalar) {
    out.name = node.text;
    const auto known = known_entry<T>(node, spot, reader);
    if (!known) return;
    out.value = known->value;
    reader.places.add_inside(spot.path, known->places);
  } else {
    const auto tree = entry_tree(node, shelf_of(T::kind), out.name, reader);
    if (!tree) return;
    read(*tree, out.value, spot, reader);
  }
  reader.places.add(spot.path, node);  // where it was named, not where the entry begins
}

}  // namespace superpod::scenarios
