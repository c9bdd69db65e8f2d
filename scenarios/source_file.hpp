#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "scenarios/mistakes.hpp"

namespace superpod::scenarios {

inline constexpr std::size_t largest_file = std::size_t{1} << 20;  ///< bytes; a scenario has some thousands

/// A file that somebody wrote. Null, with a mistake, when it is larger than `largest_file` (no more than that
/// is read), empty, or not UTF-8 text. Throws std::runtime_error with the path when it cannot be read.
std::shared_ptr<const Source> read_source(const std::filesystem::path& path, Mistakes& mistakes);

/// Where text stops being UTF-8 without NUL: the offset of the first wrong byte, or its size.
std::size_t text_prefix(std::string_view bytes);

}  // namespace superpod::scenarios
