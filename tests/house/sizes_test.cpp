// Few words at the door, much behind it; but a file above 400 lines wants a reason.

#include <gtest/gtest.h>

#include <map>
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

}  // namespace
}  // namespace superpod::house
