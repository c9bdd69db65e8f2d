/// Quantities as people write them: `400 Gb/s`, `2.1 us`, `1.5 GiB`, `865 TFLOP/s`.
///
/// G is 10^9 and Gi 2^30, b is a bit and B a byte; integer operations (`TOP/s`) count like floating-point
/// ones. A number without unit is refused, and so are infinity and NaN. Money is written in one of the
/// currencies (`25 kUSD`, `0.5 CNY/kWh`) and printed with the sign of any currency, `¤`: whoever read it
/// knows which.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/values/units.hpp"

namespace superpod {

template <class Q, class... Choices>
concept OneOf = (std::same_as<Q, Choices> || ...);

/// The quantities that have units in text.
template <class Q>
concept TextQuantity = OneOf<Q, Seconds, Hertz, Bytes, Flops, Joules, BytesPerSecond, FlopsPerSecond, Watts,
                             SquareMetres, Money, MoneyPerJoule, Rent>;

/// One way to write a quantity: `value in base units = number * factor`.
struct UnitText {
  std::string symbol;
  double factor;
};

/// How the quantities of one dimension are written.
struct Dimension {
  std::string_view name;        ///< with its article: `a bandwidth`
  std::string_view usual;       ///< units to suggest: `GB/s, TB/s, Gb/s`
  std::vector<UnitText> units;  ///< all that are understood
  std::vector<UnitText>
      printed;  ///< largest first; a value is written in the first that is not larger than it
};

/// Why a text is not a quantity; `offset` and `length` mark the part of the text that is to blame.
struct TextError {
  std::size_t offset = 0, length = 0;
  std::string message;  ///< e.g. `'GBs' is not a unit of a bandwidth`
  std::string help;     ///< e.g. `did you mean 'GB/s'? units here: GB/s, TB/s, Gb/s`
};

/// The symbol of the base unit, in which HDF5 and JSON carry the number: `B/s`.
template <TextQuantity Q>
constexpr std::string_view unit_symbol() {
  if constexpr (std::same_as<Q, Seconds>) return "s";
  if constexpr (std::same_as<Q, Hertz>) return "Hz";
  if constexpr (std::same_as<Q, Bytes>) return "B";
  if constexpr (std::same_as<Q, Flops>) return "FLOP";
  if constexpr (std::same_as<Q, Joules>) return "J";
  if constexpr (std::same_as<Q, BytesPerSecond>) return "B/s";
  if constexpr (std::same_as<Q, FlopsPerSecond>) return "FLOP/s";
  if constexpr (std::same_as<Q, Watts>) return "W";
  if constexpr (std::same_as<Q, SquareMetres>) return "m2";
  if constexpr (std::same_as<Q, Money>) return "¤";
  if constexpr (std::same_as<Q, MoneyPerJoule>) return "¤/J";
  if constexpr (std::same_as<Q, Rent>) return "¤/m2/s";
}

template <TextQuantity Q>
const Dimension& dimension();

/// The value in base units. The space may be missing; blanks around the text do not matter.
std::variant<double, TextError> parse(std::string_view text, const Dimension& dimension);

/// `parse<Seconds>("2.1 us")`.
template <TextQuantity Q>
std::variant<Q, TextError> parse(std::string_view text) {
  auto value = parse(text, dimension<Q>());
  if (auto* error = std::get_if<TextError>(&value)) return std::move(*error);
  return Q{std::get<double>(value)};
}

/// Four significant digits with the fitting prefix; `value` is in base units.
std::string text(double value, const Dimension& dimension);

/// `1.234 s`, `56 GB/s`, `13.4 us`.
template <TextQuantity Q>
std::string text(Q quantity) {
  return text(quantity.in(Q{1}), dimension<Q>());
}

/// The currency in which money is written, e.g. USD in `0.08 USD/kWh`; empty where there is none.
std::string currency_in(std::string_view money);

/// A count or a rate of counts: `8192`, `524.3 k`, `1.23 Mtoken/s`. Below 10,000 it stands without prefix.
std::string si(double value, std::string_view unit = {});

/// A share as `4.7 %`, to a tenth of a percent; halves away from zero.
std::string percent_text(double share);

/// A whole number with commas: `16,773,120`. Parts are rounded.
std::string grouped(double number);
/// The same of digits that are written already, before their point: `-1,234.5`.
std::string grouped(std::string digits);

}  // namespace superpod
