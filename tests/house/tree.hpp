/// The project's own files, as the tests of the house read them.
#pragma once

#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace superpod::house {

inline constexpr std::string_view floors[] = {"sim", "topology", "analysis", "models", "scenarios"};

struct File {
  std::string path;  ///< from the project's root: `sim/engine/engine.cpp`
  std::vector<std::string> lines;

  [[nodiscard]] std::string floor() const { return path.substr(0, path.find('/')); }
};

/// Throws std::runtime_error when it is not there.
File file(const std::string& path);

/// The files below a folder with one of these endings (all files: none given), in alphabetic order.
std::vector<File> files_below(std::string_view folder, const std::vector<std::string>& endings);

/// C++ sources and headers of the five floors, without comments.
const std::vector<File>& program();

/// Everything that people wrote: the floors, the tests, and the files at the top.
const std::vector<File>& texts();

/// `path:line: text` of each line that matches, one a line; empty when none does.
std::string matches(const File& file, const std::regex& pattern);

using Arrows = std::map<std::string, std::set<std::string>>;

/// From each file of the program to the project's files that it includes.
const Arrows& includes();

/// The first group of each match.
std::set<std::string> all_in(const std::string& text, const std::regex& pattern);

}  // namespace superpod::house
