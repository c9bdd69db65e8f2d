#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace superpod::analysis {

/// One line of two texts laid over each other.
struct DiffLine {
  enum class Where { both, only_a, only_b } where = Where::both;
  std::string text;
  bool operator==(const DiffLine&) const = default;
};

/// The lines of both texts in order, as many as possible of them in both (longest common subsequence).
/// Cost: lines of one times lines of the other, without those that both begin and end with; where that is
///       above four million, the middle is taken as different altogether.
std::vector<DiffLine> text_difference(std::string_view a, std::string_view b);

}  // namespace superpod::analysis
