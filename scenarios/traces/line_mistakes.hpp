/// What is wrong with the lines of a file that is too large to keep.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/text/mistakes.hpp"
#include "scenarios/traces/line_reader.hpp"

namespace superpod::scenarios {

/// A piece of a line, what is wrong with it, and what would be right.
struct LineFlaw {
  std::string_view part;
  std::string message, help;
};

/// The first twenty, and how many more there are.
class LineMistakes {
 public:
  static constexpr std::size_t shown = 20;

  explicit LineMistakes(std::string file) : file_{std::move(file)} {}

  /// One a line, in the order of lines.
  void add(const Line& line, LineFlaw flaw);
  [[nodiscard]] bool empty() const { return count_ == 0; }

  /// With the lines that are wrong, each where it stands in its file.
  void note(Mistakes& mistakes) const;

 private:
  struct Kept {
    int line, column, length;
    std::string text;
    std::string message, help;
  };

  std::string file_;
  std::vector<Kept> kept_;  // and the first of those that are only counted
  std::size_t count_ = 0;
};

}  // namespace superpod::scenarios
