#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

inline constexpr std::size_t largest_file = std::size_t{1} << 20;  ///< bytes; a scenario has some thousands

/// What a file should be, for those who bring another one.
struct Expected {
  std::size_t largest = largest_file;
  std::string size_help = "a scenario is some kilobytes of YAML", text_help = "write a YAML file";
};

/// A file that somebody wrote. Null, with a mistake, when it is larger than expected (no more than that is
/// read), empty, or not UTF-8 text. Throws std::runtime_error with the path when it cannot be read.
std::shared_ptr<const Source> read_source(const std::filesystem::path& path, Mistakes& mistakes,
                                          const Expected& expected = {});

/// Where text stops being UTF-8 without NUL: the offset of the first wrong byte, or its size.
std::size_t text_prefix(std::string_view bytes);

}  // namespace superpod::scenarios
