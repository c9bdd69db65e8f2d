/// A parameter is declared once: its YAML name, its member (whose type carries the unit), its meaning and its
/// range.
///
/// Readers, `explain`, the JSON Schema and the results file are all driven by that one list. A struct takes
/// part by
///
///     struct Torus {
///       std::vector<int> shape;
///       BytesPerSecond bandwidth;
///       static constexpr std::string_view kind = "torus";
///       static constexpr auto fields() {
///         return std::tuple{
///             required("shape", &Torus::shape, "chips along each axis, e.g. [4, 4, 4]", at_least(2)),
///             required("bandwidth", &Torus::bandwidth, "of one link, in one direction", positive)};
///       }
///     };
#pragma once

#include <limits>
#include <string_view>
#include <tuple>

namespace superpod {

/// What values a number may take, in base units; it holds for each element of a list.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false;

  [[nodiscard]] constexpr bool contains(double x) const {  // a NaN is in no range
    return (low_excluded ? x > low : x >= low) && x <= high;
  }
};
inline constexpr Range anything{};
inline constexpr Range positive{.low = 0, .low_excluded = true};
inline constexpr Range not_negative{.low = 0};
inline constexpr Range share{.low = 0, .high = 1};
constexpr Range at_least(double low) { return {.low = low}; }

template <class Owner, class Value>
struct Field {
  using owner_type = Owner;
  using value_type = Value;

  std::string_view name;
  Value Owner::*member;
  std::string_view meaning;
  bool required;
  Range range;
};

template <class Owner, class Value>
constexpr Field<Owner, Value> required(std::string_view name, Value Owner::*member, std::string_view meaning,
                                       Range range = anything) {
  return {name, member, meaning, true, range};
}

template <class Owner, class Value>
constexpr Field<Owner, Value> optional(std::string_view name, Value Owner::*member, std::string_view meaning,
                                       Range range = anything) {
  return {name, member, meaning, false, range};
}

/// A struct that lists its own parameters.
template <class T>
concept Described = requires {
  T::kind;
  T::fields();
};

/// An enumeration whose words are listed by `constexpr auto words(E)`: an array of (word, value), found by
/// ADL.
template <class E>
concept Worded = requires(E e) {
  words(e);
};

/// Calls `visit(field)` for each field of a described struct, in the order of declaration.
template <Described T, class Visitor>
constexpr void for_each_field(Visitor&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, T::fields());
}

}  // namespace superpod
