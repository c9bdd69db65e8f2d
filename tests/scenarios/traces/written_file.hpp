#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace superpod::scenarios {

/// A file of this test alone, gone with it.
class WrittenFile {
 public:
  explicit WrittenFile(std::string_view text, const std::string& name = "trace.txt")
      : folder_{std::filesystem::path{testing::TempDir()} /
                (std::string{"superpod_"} + testing::UnitTest::GetInstance()->current_test_info()->name())},
        path_{folder_ / name} {
    std::filesystem::create_directories(folder_);
    std::ofstream{path_, std::ios::binary} << text;
  }
  WrittenFile(const WrittenFile&) = delete;
  WrittenFile& operator=(const WrittenFile&) = delete;
  ~WrittenFile() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path folder_, path_;
};

}  // namespace superpod::scenarios
