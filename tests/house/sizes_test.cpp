// Few words at the door, much behind it; but a file above 400 lines wants a reason.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

constexpr std::size_t many = 400;

const std::map<std::string, std::string> reasons{};  // path, reason

TEST(Sizes, LongFilesHaveAReason) {
  for (const std::string_view folder : {"sim", "topology", "analysis", "models", "scenarios", "tests"})
    for (const File& file :
         files_below(folder, {".cpp", ".hpp", ".cu", ".cuh", ".py", ".js", ".css", ".cmake", ".txt"})) {
      const bool has_reason = reasons.contains(file.path);
      EXPECT_TRUE(file.lines.size() <= many || has_reason)
          << file.path << ": " << file.lines.size() << " lines";
    }
}

TEST(Sizes, NoReasonIsLeftOver) {
  for (const auto& [path, reason] : reasons) EXPECT_GT(file(path).lines.size(), many) << path;
}

constexpr std::size_t columns = 110;

const std::set<std::string> files_with_wide_text{
    "analysis/page/document.cpp",                // a policy that is one attribute
    "tests/analysis/write_sample_pages.cpp",     // hostile text
    "tests/topology/files/graph_file_test.cpp",  // XML
    "topology/pictures/drawing.cpp",             // CSS
};

/// What a reader sees: bytes that go on a character in UTF-8 do not count.
std::size_t width(const std::string& line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TEST(Sizes, LinesFitTheirColumns) {
  for (const std::string_view folder : {"sim", "topology", "analysis", "models", "scenarios", "tests"})
    for (const File& file : files_below(folder, {".cpp", ".hpp", ".cu", ".cuh"})) {
      if (files_with_wide_text.contains(file.path)) continue;
      for (std::size_t i = 0; i < file.lines.size(); ++i)
        EXPECT_LE(width(file.lines[i]), columns) << file.path << ":" << i + 1;
    }
}

}  // namespace
}  // namespace superpod::house
