#include "sim/values/quantity_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "sim/values/closest_word.hpp"

namespace superpod {
namespace {

constexpr int digits = 4;  // significant ones, in text that is printed

struct Prefix {
  std::string_view symbol;
  double factor;
};
constexpr std::array large{Prefix{"Y", 1e24}, Prefix{"Z", 1e21}, Prefix{"E", 1e18},
                           Prefix{"P", 1e15}, Prefix{"T", 1e12}, Prefix{"G", 1e9},
                           Prefix{"M", 1e6},  Prefix{"k", 1e3},  Prefix{"", 1}};
constexpr std::array small{Prefix{"", 1}, Prefix{"m", 1e-3}, Prefix{"u", 1e-6}, Prefix{"n", 1e-9}};
constexpr std::array binary{Prefix{"Ki", 0x1p10}, Prefix{"Mi", 0x1p20}, Prefix{"Gi", 0x1p30},
                            Prefix{"Ti", 0x1p40}, Prefix{"Pi", 0x1p50}};

/// By their codes of ISO 4217.
constexpr std::array<std::string_view, 20> currencies{"USD", "EUR", "CNY", "JPY", "GBP", "CHF", "KRW",
                                                      "TWD", "HKD", "SGD", "INR", "AED", "SAR", "RUB",
                                                      "BRL", "CAD", "AUD", "SEK", "NOK", "MYR"};

constexpr double year_in_seconds = unit::year.in(unit::s);

/// All `prefixes` before `symbol`, where one `symbol` is `scale` base units.
template <std::size_t N>
void add(std::vector<UnitText>& units, const std::array<Prefix, N>& prefixes, std::string_view symbol,
         double scale = 1) {
  for (const Prefix& prefix : prefixes)
    units.push_back({std::string{prefix.symbol} + std::string{symbol}, prefix.factor * scale});
}

/// A dimension that is written with the large decimal prefixes only.
Dimension decimal(std::string_view name, std::string_view usual, std::string_view symbol) {
  Dimension d{name, usual, {}, {}};
  add(d.printed, large, symbol);
  d.units = d.printed;
  return d;
}

Dimension data(std::string_view name, std::string_view usual, const std::string& per) {
  Dimension d = decimal(name, usual, "B" + per);
  constexpr double bit = 1.0 / 8;
  add(d.units, large, "b" + per, bit);
  add(d.units, binary, "B" + per);
  add(d.units, binary, "b" + per, bit);
  return d;
}

Dimension work(std::string_view name, std::string_view usual, const std::string& per) {
  Dimension d = decimal(name, usual, "FLOP" + per);
  add(d.units, large, "OP" + per);
  return d;
}

Dimension time() {
  Dimension d{"a time", "s, ms, us, ns", {{"d", 86400}, {"h", 3600}, {"min", 60}}, {}};
  add(d.units, small, "s");
  d.printed = d.units;
  std::erase_if(d.printed,
                [](const UnitText& unit) { return unit.symbol == "min"; });  // 62 s says more than 1.033 min
  d.units.push_back({"y", year_in_seconds});
  return d;
}

/// Frequencies are printed in Hz; counts in a time, and rates of interest, are written in a human's times,
/// too.
Dimension frequency() {
  Dimension d = decimal("a frequency", "GHz, MHz, 1/s, 1/d, 1/y, %/y", "Hz");
  for (const UnitText& time : {UnitText{"s", 1}, UnitText{"h", 3600}, UnitText{"d", 86400},
                               UnitText{"month", year_in_seconds / 12}, UnitText{"y", year_in_seconds}}) {
    d.units.push_back({"1/" + time.symbol, 1 / time.factor});
    d.units.push_back({"%/" + time.symbol, 0.01 / time.factor});
  }
  return d;
}

Dimension energy() {
  Dimension d = decimal("an energy", "J, MJ, kWh, MWh", "J");
  add(d.units, large, "Wh", 3600);
  return d;
}

/// Money over something, of which one is `scale` base units; each currency is a unit of its own, with the
/// same factor.
Dimension money(std::string_view name, std::string_view usual, const std::string& per = "", double scale = 1,
                const std::string& printed_per = "") {
  Dimension d{name, usual, {}, {}};
  for (const std::string_view currency : currencies)
    for (const Prefix& prefix : large)
      if (prefix.factor <= 1e9)
        d.units.push_back({std::string{prefix.symbol} + std::string{currency} + per, prefix.factor / scale});
  add(d.printed, large, "¤" + printed_per);
  return d;
}

Dimension area() {
  return {"an area", "m2, mm2", {{"m2", 1}, {"mm2", 1e-6}, {"km2", 1e6}}, {{"m2", 1}, {"mm2", 1e-6}}};
}

template <class Q>
Dimension made() {
  if constexpr (std::same_as<Q, Seconds>) return time();
  if constexpr (std::same_as<Q, Hertz>) return frequency();
  if constexpr (std::same_as<Q, Bytes>) return data("a size", "GB, MB, GiB, MiB", "");
  if constexpr (std::same_as<Q, Flops>) return work("a number of operations", "GFLOP, TFLOP", "");
  if constexpr (std::same_as<Q, Joules>) return energy();
  if constexpr (std::same_as<Q, BytesPerSecond>) return data("a bandwidth", "GB/s, TB/s, Gb/s", "/s");
  if constexpr (std::same_as<Q, FlopsPerSecond>)
    return work("a compute rate", "TFLOP/s, PFLOP/s, TOP/s", "/s");
  if constexpr (std::same_as<Q, Watts>) return decimal("a power", "W, kW, MW", "W");
  if constexpr (std::same_as<Q, SquareMetres>) return area();
  if constexpr (std::same_as<Q, Money>) return money("an amount of money", "USD, EUR, CNY, kUSD, MUSD");
  if constexpr (std::same_as<Q, MoneyPerJoule>)
    return money("a price of energy", "USD/kWh, EUR/kWh, CNY/kWh", "/kWh", unit::kWh.in(unit::J), "/J");
  if constexpr (std::same_as<Q, Rent>)
    return money("a rent", "USD/m2/y, EUR/m2/y, CNY/m2/y", "/m2/y", year_in_seconds, "/m2/s");
}

std::string in_quotes(std::string_view text) { return std::string{"'"}.append(text).append("'"); }

TextError unknown_unit(std::string_view unit, std::size_t offset, const Dimension& dimension) {
  std::vector<std::string> symbols;
  for (const UnitText& known : dimension.units) symbols.push_back(known.symbol);
  std::string help = "units here: " + std::string{dimension.usual};
  if (const auto meant = closest_word(unit, symbols))
    help = "did you mean " + in_quotes(*meant) + "? " + help;
  return {offset, unit.size(), in_quotes(unit) + " is not a unit of " + std::string{dimension.name}, help};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string written(double value, std::chars_format format, int precision) {
  std::array<char, 32> buffer{};
  const auto [end, problem] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
  return {buffer.data(), end};
}

/// Rounded to the digits that will be printed, so that 999.99 GB becomes 1 TB and not 1000 GB.
double rounded(double value) {
  const std::string text = written(value, std::chars_format::scientific, digits - 1);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string printed(double value, const std::vector<UnitText>& units) {
  if (!std::isfinite(value))
    return (std::isnan(value) ? "nan " : value > 0 ? "inf " : "-inf ") + units.back().symbol;
  if (value == 0) {  // zero of the base unit, whose factor is 1
    for (const UnitText& unit : units)
      if (unit.factor == 1) return "0 " + unit.symbol;
  }
  const double size = std::abs(rounded(value));
  const UnitText* chosen = &units.back();
  for (const UnitText& unit : units)
    if (size >= unit.factor) {
      chosen = &unit;
      break;
    }
  return written(value / chosen->factor, std::chars_format::general, digits) + " " + chosen->symbol;
}

}  // namespace

template <TextQuantity Q>
const Dimension& dimension() {
  static const Dimension its = made<Q>();
  return its;
}
template const Dimension& dimension<Seconds>();
template const Dimension& dimension<Hertz>();
template const Dimension& dimension<Bytes>();
template const Dimension& dimension<Flops>();
template const Dimension& dimension<Joules>();
template const Dimension& dimension<BytesPerSecond>();
template const Dimension& dimension<FlopsPerSecond>();
template const Dimension& dimension<Watts>();
template const Dimension& dimension<SquareMetres>();
template const Dimension& dimension<Money>();
template const Dimension& dimension<MoneyPerJoule>();
template const Dimension& dimension<Rent>();

std::variant<double, TextError> parse(std::string_view whole, const Dimension& dimension) {
  const std::string_view text = trimmed(whole);
  const auto start = text.empty() ? 0 : static_cast<std::size_t>(text.data() - whole.data());
  const auto refused = [&](const std::string& why) {
    return TextError{start, text.size(),
                     in_quotes(text) + " is not " + std::string{dimension.name} + ": " + why,
                     "units here: " + std::string{dimension.usual}};
  };
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc::invalid_argument) return refused("it does not begin with a number");
  if (problem != std::errc{}) return refused("the number is out of range");
  if (!std::isfinite(number)) return refused("it is not a finite number");
  const std::string_view unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  if (unit.empty()) return refused("it has no unit");
  for (const UnitText& known : dimension.units)
    if (known.symbol == unit) {
      if (!std::isfinite(number * known.factor)) return refused("the number is out of range");
      return number * known.factor;
    }
  return unknown_unit(unit, static_cast<std::size_t>(unit.data() - whole.data()), dimension);
}

std::string text(double value, const Dimension& dimension) { return printed(value, dimension.printed); }

std::string currency_in(std::string_view money) {
  for (const std::string_view currency : currencies)
    if (money.find(currency) != std::string_view::npos) return std::string{currency};
  return {};
}

std::string si(double value, std::string_view unit) {
  constexpr double plain = 1e4;
  std::vector<UnitText> units;
  add(units, large, unit);
  if (std::abs(value) < plain) units = {{std::string{unit}, 1}};
  std::string text = printed(value, units);
  if (text.back() == ' ') text.pop_back();
  return text;
}

std::string percent_text(double share) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.1f %%", std::round(1000 * share) / 10);
  return buffer.data();
}

std::string grouped(double number) { return grouped(std::to_string(std::llround(number))); }

std::string grouped(std::string digits) {
  const std::size_t start = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = std::min(digits.find('.'), digits.size()); at > start + 3;)
    digits.insert(at -= 3, ",");
  return digits;
}

}  // namespace superpod
