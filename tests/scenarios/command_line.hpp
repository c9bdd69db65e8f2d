/// The program as a user calls it, in a folder of each test's own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace superpod::scenarios {

struct Called {
  int exit_code;
  std::string out, err;
};

inline std::string content(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path{testing::TempDir()} /
              ("superpod_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] Called superpod(const std::string& arguments) const {
    const std::string command = std::string{SUPERPOD_PROGRAM} + " " + arguments + " >" + path("out") + " 2>" +
                                path("err") + " </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(path("out")), content(path("err"))};
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] static std::string scenario(const std::string& name) {
    return SUPERPOD_ROOT "/scenarios/" + name + ".yaml";
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace superpod::scenarios
