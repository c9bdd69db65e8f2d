/// How one figure differs between two results.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// What a difference means to the reader.
enum class Better { a, b, neither };

/// Whether less of a figure is better (times, power, money, what is lost), more (rates, shares of use), or
/// neither (counts that are a choice, such as NPUs).
enum class Wanted { less, more, neither };
Wanted wanted(const std::string& key);

struct Difference {
  double absolute = 0;  ///< B - A
  double relative = 0;  ///< B / A - 1; NaN where A is 0
  /// Of `absolute`, where a figure is uncertain: from the least that the ends of both intervals allow to the
  /// most. What moves both results alike would narrow it.
  std::optional<std::pair<double, double>> interval;
  Better better = Better::neither;
  bool sure = true;  ///< the interval does not hold 0
};

Difference difference(const Figure& a, const Figure& b);

/// `−0.31 s (−8.0 %)`.
std::string text(const Difference& of, const Figure& a, const Figure& b);

/// `B is better`, `perhaps A`, `equal`, `more` or `less` (of what is neither).
std::string in_words(const Difference& of);

}  // namespace superpod::analysis
