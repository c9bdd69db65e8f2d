// A source that no target names is prose.

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <string>
#include <string_view>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

/// The nearest CMakeLists.txt on the way up that names the file by its path from there.
bool is_named(const std::filesystem::path& path) {
  for (std::filesystem::path folder = path.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    if (!std::filesystem::exists(std::filesystem::path{SUPERPOD_ROOT} / folder / "CMakeLists.txt")) continue;
    const std::string stem = path.lexically_relative(folder).replace_extension().string();
    const std::string ending = "([.]" + path.extension().string().substr(1) + ")?";
    if (!matches(file((folder / "CMakeLists.txt").string()),
                 std::regex{"(^|[ (/])" + stem + ending + "($|[ )])"})
             .empty())
      return true;
  }
  return false;
}

TEST(Built, EverySourceBelongsToATarget) {
  for (const std::string_view floor : floors)
    for (const File& source : files_below(floor, {".cpp", ".cu"}))
      EXPECT_TRUE(is_named(source.path)) << source.path;
}

TEST(Built, EveryTestBelongsToATarget) {
  for (const File& source : files_below("tests", {".cpp"})) EXPECT_TRUE(is_named(source.path)) << source.path;
}

TEST(Built, SourcesAreListedNotSearched) {
  const std::regex search{R"(^\s*file\s*\(\s*GLOB)"};
  for (const File& text : texts()) EXPECT_EQ(matches(text, search), "");
}

}  // namespace
}  // namespace superpod::house
