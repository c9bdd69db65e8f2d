/// Times counted in bins of equal ratio: quantiles of any number of them in little memory.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/values/units.hpp"

namespace superpod::models {

/// Bins are [r^i, r^(i + 1)) seconds with r = 2^(1/256): a quantile is off by 0.14 % at most, the mean by
/// nothing. Times below 1 us count as 1 us. Two of them add up to that of all, in any order but for the
/// rounding of the sum.
/// Source: bins of equal ratio as in Masson, Rim & Lee, "DDSketch", VLDB 2019, section 2.
class LogHistogram {
 public:
  void add(Seconds time, double weight = 1);

  /// `first`, first + growth, ..., each `weight` times; growth >= 0. As if one by one, at the cost of the
  /// bins that they fall into.
  void add_progression(Seconds first, Seconds growth, std::int64_t count, double weight);

  void add(const LogHistogram& other);

  [[nodiscard]] double count() const { return count_; }
  [[nodiscard]] Seconds mean() const { return count_ > 0 ? sum_ / count_ : Seconds{}; }
  /// The least time that `share` of all do not exceed: the geometric middle of its bin, never beyond the
  /// largest; 0 when there is none.
  [[nodiscard]] Seconds quantile(double share) const;
  [[nodiscard]] Seconds largest() const { return largest_; }

  struct Bin {
    Seconds from, to;
    double count = 0;
  };
  [[nodiscard]] std::vector<Bin> bins() const;  ///< that hold something

 private:
  void add_to(int bin, double weight);

  std::vector<double> counts_;  // [bin - first bin]
  int first_ = 0;               // bin
  double count_ = 0;
  Seconds sum_, largest_;
};

}  // namespace superpod::models
