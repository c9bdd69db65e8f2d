#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace superpod {

/// The known word that a misspelt one most likely meant: least edits (insert, delete, replace, swap
/// neighbours; a change of case counts half), the first of equals. None when more than a third of the letters
/// would have to change. Cost: |word| * sum of the lengths of `known`; words of more than 64 letters have no
/// suggestion.
std::optional<std::string> closest_word(std::string_view word, std::span<const std::string> known);

}  // namespace superpod
