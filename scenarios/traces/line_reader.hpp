/// A file of any size, a line at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace superpod::scenarios {

struct Line {
  std::string_view text;  ///< without its line break (LF or CRLF); its head only, where it is too long
  int number = 0;         ///< from 1
  bool too_long = false;
  bool ended = true;  ///< by a line break: without one the file ends here
};

/// Cost: two megabytes, whatever the file has.
class LineReader {
 public:
  static constexpr std::size_t longest = std::size_t{1} << 20;  ///< bytes of a line

  /// Throws std::runtime_error with the path when the file cannot be opened; `next` when it cannot be read.
  explicit LineReader(const std::filesystem::path& path);

  /// Valid until the next one; nothing at the end of the file. A byte order mark is no part of the first.
  std::optional<Line> next();

 private:
  void read_more();
  std::optional<Line> taken(std::size_t size, bool ended);
  Line skipped();

  std::string name_;
  std::ifstream file_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what of the buffer is read and not yet taken
  bool at_end_ = false;              // all of the file is read
  std::string head_;                 // of a line that is too long
  int number_ = 0;
};

}  // namespace superpod::scenarios
