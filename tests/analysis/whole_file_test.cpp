#include "analysis/whole_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <stdexcept>
#include <string>

#include "tests/analysis/scratch.hpp"

namespace superpod::analysis {
namespace {

namespace fs = std::filesystem;

struct WholeFile : testing::Test {
  Scratch scratch;
  fs::path path = scratch.folder / "out.txt";

  static void write(const fs::path& where, const std::string& text) {
    write_whole(where, [&](std::ostream& out) { out << text; });
  }
  [[nodiscard]] auto files() const { return std::distance(fs::directory_iterator{scratch.folder}, {}); }
};

TEST_F(WholeFile, HoldsWhatWasWritten) {
  const std::string text(300'000, 'x');  // more than the buffer
  write(path, text);
  EXPECT_EQ(content(path), text);
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, ReplacesAnOlderOne) {
  write(path, "a longer old text");
  write(path, "new");
  EXPECT_EQ(content(path), "new");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, StaysAsItWasWhenTheWriterThrows) {
  write(path, "old");
  EXPECT_THROW(write_whole(path,
                           [](std::ostream& out) {
                             out << std::string(100'000, 'x');
                             throw std::logic_error{"changed its mind"};
                           }),
               std::logic_error);
  EXPECT_EQ(content(path), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, StaysAsItWasWhenTheDiskTakesNoMore) {
  write(path, "old");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(write(path, std::string(1'000'000, 'x')), std::runtime_error);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(content(path), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, SaysThatTheDiskIsFull) {
  try {
    write("/dev/full", "x");
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "cannot write '/dev/full': No space left on device");
  }
}

TEST_F(WholeFile, SaysWhichFolderIsMissing) {
  try {
    write(scratch.folder / "none" / "out.txt", "x");
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("none/out.txt': No such file or directory"));
  }
}

TEST_F(WholeFile, IsNoFolder) { EXPECT_THROW(write(scratch.folder, "x"), std::runtime_error); }

TEST_F(WholeFile, LeavesADeviceADevice) {
  write("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(WholeFile, FollowsASymbolicLink) {
  write(path, "old");
  fs::create_symlink(path, scratch.folder / "link");
  write(scratch.folder / "link", "new");
  EXPECT_TRUE(fs::is_symlink(scratch.folder / "link"));
  EXPECT_EQ(content(path), "new");
}

}  // namespace
}  // namespace superpod::analysis
