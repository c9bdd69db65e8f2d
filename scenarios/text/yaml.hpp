/// YAML as a plain tree, with the place of every key and value.
///
/// The tree is a subset: one document, keys are words and occur once, no tags, no anchors and aliases (an
/// alias bomb is refused before it is expanded).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

struct Node {
  enum class Kind { null, scalar, list, mapping };

  Kind kind = Kind::null;
  std::string text;  ///< of a scalar; of a null that was written out (`null`, `~`)
  Place place;       ///< of the value; where there is none, of its key
  int inset = 0;     ///< where `text` begins within the place: 1 behind a quotation mark

  std::string key;  ///< of a mapping's child
  Place key_place;
  std::vector<Node> children;  ///< a list's elements, or a mapping's values in the order written

  [[nodiscard]] const Node* find(std::string_view its_key) const;
  [[nodiscard]] Node* find(std::string_view its_key);
};

/// `a mapping`, `a list`, `'text'`, `nothing`.
std::string described(const Node& node);

inline constexpr int deepest = 64;          ///< levels of nesting
inline constexpr int most_values = 50'000;  ///< nodes of one tree

/// None, with mistakes, when the text is not such a tree. A repeated key is a mistake, and its first value
/// stands.
std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, Mistakes& mistakes);

/// The same for a `text` that stands in `source` at the same lines and columns.
std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, const std::string& text,
                               Mistakes& mistakes);

/// Throws std::runtime_error with the path when the file cannot be read.
std::optional<Node> read_yaml(const std::filesystem::path& path, Mistakes& mistakes);

}  // namespace superpod::scenarios
