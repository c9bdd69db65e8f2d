// What a visitor sees first: a few folders, and three scripts that run.

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

namespace superpod::house {
namespace {

/// Empty when git is not there, or the sources came without its folder.
std::string tracked_files() {
  const std::unique_ptr<FILE, int (*)(FILE*)> git{
      popen("git -C '" SUPERPOD_ROOT "' ls-files 2>/dev/null", "r"), pclose};
  std::string text;
  for (int c = 0; git && (c = std::fgetc(git.get())) != EOF;) text += static_cast<char>(c);
  return text;
}

TEST(TopLevel, HasTheAgreedEntriesOnly) {
  const std::set<std::string> agreed{
      "CMakeLists.txt", "CMakePresets.json", "LICENSE",  "README.md", "sim", "topology",
      "models",         "scenarios",         "analysis", "tests"};
  const std::string files = tracked_files();
  if (files.empty()) GTEST_SKIP() << "git knows no files here";
  for (std::size_t begin = 0, end = 0; (end = files.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    const std::string path = files.substr(begin, end - begin), entry = path.substr(0, path.find('/'));
    EXPECT_TRUE(entry.starts_with('.') || agreed.contains(entry)) << path;
  }
}

TEST(TopLevel, ScriptsRun) {
  for (const char* script : {"scenarios/quickstart", "tests/run", ".ci/run"}) {
    const auto permissions =
        std::filesystem::status(std::filesystem::path{SUPERPOD_ROOT} / script).permissions();
    EXPECT_NE(permissions & std::filesystem::perms::others_exec, std::filesystem::perms::none) << script;
  }
}

}  // namespace
}  // namespace superpod::house
