// Every file of tests/scenarios/wrong says in comments what is wrong with it, and `check` must say just that:
//
//     # expect 3:1 scenario has no parameter 'worklod' ; did you mean 'workload'
//     # expect chips/broken.yaml:3:18 'TB/s' is not a unit        (in a file of the library)
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenarios/asked/scenario.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path root = fs::path{SUPERPOD_ROOT} / "tests" / "scenarios";

Library small_library() { return Library{{root / "library"}}; }

Mistakes check(const fs::path& path) {
  Mistakes mistakes;
  read_scenario(path, small_library(), {}, mistakes);
  return mistakes;
}

struct Expected {
  std::string where, message, help;
};

std::vector<Expected> expectations(const fs::path& path) {
  std::vector<Expected> all;
  std::ifstream file{path};
  const std::string mark = "# expect ";
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(mark)) continue;
    line.erase(0, mark.size());
    const auto space = line.find(' '), semicolon = std::min(line.find(" ; "), line.size());
    Expected one{line.substr(0, space), line.substr(space + 1, semicolon - space - 1), {}};
    if (semicolon < line.size()) one.help = line.substr(semicolon + 3);
    if (one.where.find(".yaml") == std::string::npos) one.where = path.filename().string() + ":" + one.where;
    all.push_back(one);
  }
  return all;
}

std::vector<fs::path> wrong_files() {
  std::vector<fs::path> all;
  for (const auto& item : fs::directory_iterator{root / "wrong"}) all.push_back(item.path());
  std::sort(all.begin(), all.end());
  return all;
}

TEST(WrongScenarios, AreAtLeastForty) { EXPECT_GE(wrong_files().size(), 40U); }

TEST(WrongScenarios, GetExactlyTheMessagesThatTheyDeserve) {
  for (const fs::path& path : wrong_files()) {
    SCOPED_TRACE(path.filename().string());
    const std::vector<Mistake> found = check(path).sorted();
    std::vector<Expected> expected = expectations(path);
    EXPECT_FALSE(expected.empty());
    ASSERT_EQ(found.size(), expected.size()) << text(check(path));
    std::vector<bool> used(expected.size());
    for (const Mistake& mistake : found) {
      bool is_expected = false;
      for (std::size_t i = 0; i < expected.size() && !is_expected; ++i) {
        is_expected = !used[i] && text(mistake.place).ends_with(expected[i].where) &&
                      mistake.message.find(expected[i].message) != std::string::npos &&
                      mistake.help.find(expected[i].help) != std::string::npos;
        if (is_expected) used[i] = true;
      }
      EXPECT_TRUE(is_expected) << text(mistake);
    }
  }
}

/// A file that is written for one test, and goes with it.
class WrittenFile {
 public:
  explicit WrittenFile(const std::string& bytes)
      : path_{fs::path{testing::TempDir()} /
              (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".yaml")} {
    std::ofstream{path_, std::ios::binary} << bytes;
  }
  WrittenFile(const WrittenFile&) = delete;
  WrittenFile& operator=(const WrittenFile&) = delete;
  ~WrittenFile() { fs::remove(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// The first line of what `check` says, without the path. How long that takes: tests/bench/check_bench.cpp.
std::string first_words(const fs::path& path) {
  const std::string said = text(check(path));
  const auto begin = said.find(".yaml");
  return begin == std::string::npos ? said : said.substr(begin + 5, said.find('\n') - begin - 5);
}

TEST(WrongScenarios, AnEmptyFileIsRefused) {
  EXPECT_EQ(first_words(WrittenFile{""}.path()), ":1:1: error: there is nothing here");
}

TEST(WrongScenarios, AFileOf100MegabytesIsRefusedUnread) {
  const WrittenFile file{"name: "};
  fs::resize_file(file.path(), 100'000'000);
  EXPECT_EQ(first_words(file.path()), ":1:1: error: the file is larger than 1048576 bytes");
}

TEST(WrongScenarios, ABinaryFileIsRefused) {
  EXPECT_EQ(first_words(WrittenFile{std::string{"name: x\n\x7f"
                                                "ELF\0\0\0",
                                                14}}
                            .path()),
            ":2:5: error: this is not UTF-8 text");
  EXPECT_EQ(first_words(WrittenFile{"name: \xff\xfe"}.path()), ":1:7: error: this is not UTF-8 text");
  EXPECT_EQ(first_words(WrittenFile{"name: \xc0\xaf"}.path()),
            ":1:7: error: this is not UTF-8 text");  // overlong
  EXPECT_EQ(first_words(WrittenFile{"name: \xed\xa0\x80"}.path()),
            ":1:7: error: this is not UTF-8 text");  // surrogate
}

std::string repeated(const std::string& piece, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += piece;
  return all;
}

TEST(WrongScenarios, DeepNestingIsRefused) {
  for (const std::string piece : {"[", "{a: ", "- ", "? "})
    EXPECT_NE(first_words(WrittenFile{repeated(piece, 100'000)}.path()).find("levels deep"),
              std::string::npos)
        << piece;
}

TEST(WrongScenarios, ALongLineIsRefusedInShort) {
  const WrittenFile file{repeated("x", 900'000)};
  EXPECT_NE(first_words(file.path()).find("must be a mapping"), std::string::npos);
  EXPECT_LT(text(check(file.path())).size(), 1000U);
}

TEST(WrongScenarios, ManyMistakesAreCountedAndTheFirstHundredShown) {
  std::string keys;
  for (int i = 0; i < 20'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  const WrittenFile file{keys};
  first_words(file.path());
  const std::string said = text(check(file.path()));
  EXPECT_NE(said.find("... and 19903 more\n"),
            std::string::npos);  // 20,000 unknown keys, 3 missing, less 100
}

TEST(WrongScenarios, TooManyValuesAreRefused) {
  EXPECT_NE(
      first_words(WrittenFile{"a: [" + repeated("1,", 60'000) + "]"}.path()).find("more than 50000 values"),
      std::string::npos);
}

TEST(WrongScenarios, AnAliasBombIsNotExpanded) {
  std::string bomb = "a0: &a0 x\n";  // 10^30 values, if it were
  for (int i = 1; i <= 30; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(before + ",", 9) + before +
            "]\n";
  }
  EXPECT_EQ(first_words(WrittenFile{bomb}.path()),
            ":1:5: error: anchor '&a0': anchors and aliases are not supported");
}

TEST(WrongScenarios, ControlCharactersDoNotReachTheTerminal) {
  const WrittenFile file{"name: \"x\"\n\x1b[31mred: 1\n"};
  EXPECT_EQ(text(check(file.path())).find('\x1b'), std::string::npos);
}

TEST(WrongScenarios, AFileThatIsNotThereIsTheWorldsFault) {
  for (const fs::path& path : {root / "no_such_file.yaml", root}) {
    try {
      check(path);
      FAIL() << path;
    } catch (const ScenarioError&) {
      FAIL() << "not the author's";
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string{error.what()}.find(path.filename().string()), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace superpod::scenarios
