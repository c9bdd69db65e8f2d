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
///         return std::tuple{required("shape", &Torus::shape, "chips along each axis", between(2, 1024)),
///                           required("bandwidth", &Torus::bandwidth, "of one link, in one direction",
///                           positive)};
///       }
///     };
///
/// Every number has a least and a largest value (range.hpp): a list with an integer that has none does not
/// compile.
#pragma once

#include <string_view>
#include <tuple>

#include "sim/values/range.hpp"

namespace superpod {

template <class Owner, class Value>
struct Field {
  using owner_type = Owner;
  using value_type = Value;

  std::string_view name;
  Value Owner::*member;
  std::string_view meaning;
  bool required;
  Range range;  ///< never beyond what its type can be (widest)
};

template <class Owner, class Value>
constexpr Field<Owner, Value> required(std::string_view name, Value Owner::*member, std::string_view meaning,
                                       Range range = anything) {
  return {name, member, meaning, true, narrowed<Value>(range)};
}

template <class Owner, class Value>
constexpr Field<Owner, Value> optional(std::string_view name, Value Owner::*member, std::string_view meaning,
                                       Range range = anything) {
  return {name, member, meaning, false, narrowed<Value>(range)};
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

/// Whether every number of a described struct has a finite range.
template <Described T>
constexpr bool has_bounds() {
  return std::apply(
      []<class... F>(const F&... field) {
        return ((!is_number<typename F::value_type> || field.range.is_finite()) && ...);
      },
      T::fields());
}

/// Calls `visit(field)` for each field of a described struct, in the order of declaration.
template <Described T, class Visitor>
constexpr void for_each_field(Visitor&& visit) {
  static_assert(has_bounds<T>(), "an integer needs a range with two ends: between(low, high)");
  std::apply([&](const auto&... field) { (visit(field), ...); }, T::fields());
}

}  // namespace superpod
