/// What stands under a name in a line: of a table, or of JSON lines.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "scenarios/traces/line_mistakes.hpp"

namespace superpod::scenarios {

/// The fields between the commas, without the blanks around them or the quotes that they stand in, into a
/// list that is there already. (No field that is read here holds a quote itself.)
void split(std::string_view line, std::vector<std::string_view>& fields);

/// The values of an object {"key": value, ...} as they are written, `values[i]` that of `keys[i]`; where
/// there is no such key, empty. All of the line is one object; what other keys hold is passed over.
std::optional<LineFlaw> find_values(std::string_view line, std::span<const std::string_view> keys,
                                    std::span<std::string_view> values);

}  // namespace superpod::scenarios
