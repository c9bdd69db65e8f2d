// Lines come as they were written, wherever the blocks of a file end.

#include "scenarios/traces/line_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/scenarios/traces/written_file.hpp"

namespace superpod::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t longest = LineReader::longest;

std::vector<std::string> lines(std::string_view text) {
  const WrittenFile file{text};
  LineReader reader{file.path()};
  std::vector<std::string> all;
  while (const auto line = reader.next()) all.emplace_back(line->text);
  return all;
}

TEST(LineReader, LinesEndWithOneBreakOrAnotherOrWithTheFile) {
  EXPECT_THAT(lines("a\nb\r\n\nc"), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(lines(""), IsEmpty());
  EXPECT_THAT(lines("\xEF\xBB\xBF"
                    "a\n\xEF\xBB\xBF"),
              ElementsAre("a", "\xEF\xBB\xBF"));
}

TEST(LineReader, SaysWhetherTheFileEndsInTheLine) {
  const WrittenFile file{"a\nb"};
  LineReader reader{file.path()};
  EXPECT_TRUE(reader.next()->ended);
  const auto last = reader.next();
  EXPECT_FALSE(last->ended);
  EXPECT_EQ(last->number, 2);
  EXPECT_FALSE(reader.next());
}

/// Ten megabytes of lines of all lengths: each begins with its number.
TEST(LineReader, LinesMayLieAcrossBlocks) {
  std::string text;
  std::vector<std::size_t> sizes;
  for (std::size_t size = 7; text.size() < 10 * longest; size = size * 13 % 99'991) {
    std::string line = std::to_string(sizes.size());
    line.resize(std::max(line.size(), size), 'x');
    sizes.push_back(line.size());
    text += line + "\n";
  }
  const auto all = lines(text);
  ASSERT_EQ(all.size(), sizes.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].size(), sizes[i]);
    EXPECT_TRUE(all[i].starts_with(std::to_string(i)));
  }
}

TEST(LineReader, ALineOfMoreThanAMegabyteIsPassedOver) {
  for (const std::size_t size :
       {longest, longest + 1, 2 * longest - 3, 2 * longest, 2 * longest + 1, 5 * longest}) {
    const WrittenFile file{"a\n" + std::string(size, 'x') + "\nb\n" + std::string(size, 'y')};
    LineReader reader{file.path()};
    EXPECT_EQ(reader.next()->text, "a");
    const auto large = reader.next();
    EXPECT_EQ(large->too_long, size > longest) << size;
    EXPECT_TRUE(large->text.starts_with("xxx"));
    EXPECT_TRUE(large->ended);
    EXPECT_EQ(large->number, 2);
    const auto next = reader.next();
    EXPECT_EQ(next->text, "b") << size;
    EXPECT_EQ(next->number, 3);
    const auto last = reader.next();
    EXPECT_EQ(last->too_long, size > longest) << size;
    EXPECT_FALSE(last->ended);
    EXPECT_FALSE(reader.next());
  }
}

std::string problem_of(const std::filesystem::path& path) {
  try {
    const LineReader reader{path};
  } catch (const std::runtime_error& problem) {
    return problem.what();
  }
  return {};
}

TEST(LineReader, NamesTheFileThatItCannotRead) {
  const WrittenFile file{""};
  EXPECT_THAT(problem_of(file.path().parent_path() / "other"), HasSubstr("other: No such file"));
  EXPECT_THAT(problem_of(file.path().parent_path()), HasSubstr("is a directory"));
}

}  // namespace
}  // namespace superpod::scenarios
