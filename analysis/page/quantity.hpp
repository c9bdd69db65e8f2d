/// Numbers as readers write them: four digits, an SI prefix and the unit.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace superpod::analysis {

/// How the numbers of one column are written: divided by `divisor`, with `decimals` behind the point, in
/// `unit`.
struct Scale {
  double divisor = 1;
  int decimals = 0;
  std::string unit;  ///< with its prefix: `ms`, `GB/s`; `%` for shares; empty for counts
};

/// The scale in which the largest of `values` (base units of `unit`) has four digits and the others share its
/// prefix, so that a column can be read down. Times get prefixes below one second, and are hours from two
/// hours and days from two days on; energy from a kilowatt-hour on is in watt-hours. A column without unit is
/// a share, written in per cent, when it lies in [0, 1] and is not made of whole numbers, else a count. Money
/// and counts from ten million on are in k, M, bn and tn.
Scale scale_of(std::span<const double> values, std::string_view unit);

/// The digits of `value` in `scale`, grouped by thousands, without the unit: `612.4`, `8,192`, `<0.001`;
/// `n/a` when it is not finite.
std::string digits(double value, const Scale& scale);

/// `digits` of a number that stands alone, with its unit and without zeros that say nothing: `612.4 ms`, `400
/// GB/s`, `8,192`.
std::string quantity(double value, const Scale& scale);
std::string quantity(double value, std::string_view unit);

/// A share as a length of CSS: `41.27%`; nothing is longer than the whole or shorter than nothing.
std::string length(double share);

/// The SI symbol as a page shows it: `us` is `µs`, the `1` of no dimension is nothing.
std::string symbol(std::string_view unit);

}  // namespace superpod::analysis
