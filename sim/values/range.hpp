/// What values a number may take: every parameter has a least and a largest one.
///
/// What is beyond them is a mistake at its place, and not an overflow or an infinite time further in. A
/// quantity cannot leave what its dimension can mean for a computer (widest): no link is slower than 1 B/s.
/// An integer has the bounds of its parameter, such that products of them are safe.
#pragma once

#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod {

/// In base units; it holds for each element of a list.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false;

  [[nodiscard]] constexpr bool contains(double x) const {  // a NaN is in no range
    return (low_excluded ? x > low : x >= low) && x <= high;
  }
  [[nodiscard]] constexpr bool is_finite() const {
    return low >= std::numeric_limits<double>::lowest() && high <= std::numeric_limits<double>::max();
  }
};
inline constexpr Range anything{};
inline constexpr Range positive{.low = 0, .low_excluded = true};
inline constexpr Range not_negative{.low = 0};
inline constexpr Range share{.low = 0, .high = 1};
/// A share that something is divided by: a millionth is left at least.
inline constexpr Range usable_share{.low = 1e-6, .high = 1};
constexpr Range at_least(double low) { return {.low = low}; }
constexpr Range between(double low, double high) { return {.low = low, .high = high}; }

/// Seeds of random numbers: all that 63 bits hold, less the last.
inline constexpr Range any_seed = between(0, 0x1p62);
/// A digit of an address, or a number of NPUs: 2^30 of them are more than any system has.
inline constexpr double most_npus = 0x1p30;
inline constexpr Range address_digit = between(0, most_npus - 1);

/// The numbers in a parameter's type: of `std::optional<Sourced<Seconds>>`, and of a list of it, `Seconds`.
template <class T>
struct Innermost {
  using type = T;
};
template <class T>
struct Innermost<Sourced<T>> : Innermost<T> {};
template <class T>
struct Innermost<std::optional<T>> : Innermost<T> {};
template <class T>
struct Innermost<std::vector<T>> : Innermost<T> {};
template <class T>
struct Innermost<std::map<std::string, T>> : Innermost<T> {};
template <class T>
using innermost = typename Innermost<T>::type;

template <class T>
inline constexpr bool is_quantity = false;
template <int... Dimension>
inline constexpr bool is_quantity<Quantity<Dimension...>> = true;

template <class Value>
inline constexpr bool is_whole = std::integral<innermost<Value>> && !std::same_as<innermost<Value>, bool>;
template <class Value>
inline constexpr bool is_number =
    is_whole<Value> || std::floating_point<innermost<Value>> || is_quantity<innermost<Value>>;

/// What numbers of a type can mean at all: the least above 0, and the most.
struct Widest {
  double least = 1e-18, most = 1e18;
};
template <class T>
inline constexpr Widest widest{};
template <>
inline constexpr Widest widest<Seconds>{1e-12, 1e12};  ///< a picosecond to 30,000 years
template <>
inline constexpr Widest widest<Hertz>{1e-15, 1e15};
template <>
inline constexpr Widest widest<Bytes>{0.125, 1e18};  ///< a bit to an exabyte
template <>
inline constexpr Widest widest<BytesPerSecond>{1, 1e18};
template <>
inline constexpr Widest widest<FlopsPerSecond>{1, 1e24};

/// The range without what its type cannot be; integers as they are.
template <class Value>
constexpr Range narrowed(Range range) {
  if constexpr (is_number<Value> && !is_whole<Value>) {
    constexpr Widest of_type = widest<innermost<Value>>;
    if (range.low < -of_type.most) range.low = -of_type.most;
    if (range.high > of_type.most) range.high = of_type.most;
    if (range.low_excluded && range.low == 0) range = {.low = of_type.least, .high = range.high};
  }
  return range;
}

}  // namespace superpod
