/// Text made safe for the places of a page where it may stand.
#pragma once

#include <string>
#include <string_view>

namespace superpod::analysis {

/// `text` as content or attribute of HTML: markup characters become references; what HTML forbids (control
/// characters, broken UTF-8) becomes U+FFFD.
std::string html(std::string_view text);

/// `html(text)` shielded from its surroundings, whatever its writing direction.
std::string isolated(std::string_view text);

/// `isolated(text)` that may break after a dot or an underscore, as paths of inputs must.
std::string breakable(std::string_view text);

/// `text` as a string of JSON, with its quotes, that may stand inside a script element: it holds no `<`.
std::string script_string(std::string_view text);

/// The shortest number of JSON that reads back as `value`; `null` when it is not finite.
std::string script_number(double value);

/// A key as words: `rank_class` -> `rank class`.
std::string words(std::string_view key);

/// `text` with a capital letter at its start, where it starts with an ASCII letter.
std::string capitalised(std::string text);

/// `text` with a small letter at its start, unless it starts with an abbreviation: `MFU`.
std::string uncapitalised(std::string text);

}  // namespace superpod::analysis
