#include "analysis/page/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "sim/values/quantity_text.hpp"

namespace superpod::analysis {
namespace {

struct Prefix {
  double factor;
  std::string_view symbol;
};

constexpr std::array prefixes{Prefix{1e18, "E"}, Prefix{1e15, "P"}, Prefix{1e12, "T"}, Prefix{1e9, "G"},
                              Prefix{1e6, "M"},  Prefix{1e3, "k"},  Prefix{1, ""},     Prefix{1e-3, "m"},
                              Prefix{1e-6, "µ"}, Prefix{1e-9, "n"}, Prefix{1e-12, "p"}};

/// Whether a unit takes SI prefixes: a symbol that starts with one of these bases.
bool takes_prefix(std::string_view unit) {
  constexpr std::array<std::string_view, 8> bases{"s", "B", "b", "FLOP", "W", "J", "Hz", "OP"};
  const std::string_view base = unit.substr(0, unit.find_first_of("/ "));
  return std::find(bases.begin(), bases.end(), base) != bases.end();
}

/// Seconds are not written in kiloseconds; parts of a byte, a FLOP or a watt are not written in milli.
Prefix prefix_for(double largest, std::string_view unit) {
  const bool time = unit == "s";
  for (const Prefix& prefix : prefixes) {
    if (time ? prefix.factor > 1 : prefix.factor < 1) continue;
    if (largest >= prefix.factor * (1 - 5e-5)) return prefix;  // 999.96 would be written as 1000
  }
  return largest == 0 || !time ? Prefix{1, ""} : prefixes.back();
}

/// Units that people read instead of the base unit once there is enough of it; the first that fits counts.
struct Larger {
  std::string_view base;
  double from, factor;
  std::string_view symbol;
};
constexpr double hour = 3600, day = 24 * hour;
constexpr std::array larger_units{Larger{"s", 2 * day, day, "d"},     Larger{"s", 2 * hour, hour, "h"},
                                  Larger{"J", 3.6e18, 3.6e18, "PWh"}, Larger{"J", 3.6e15, 3.6e15, "TWh"},
                                  Larger{"J", 3.6e12, 3.6e12, "GWh"}, Larger{"J", 3.6e9, 3.6e9, "MWh"},
                                  Larger{"J", 3.6e6, 3.6e6, "kWh"}};

/// `USD`, `EUR`, `CNY`: a currency's code.
bool is_money(std::string_view unit) {
  return unit.size() == 3 && std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Decimals that give `value` four digits.
int decimals_for(double value) {
  if (value == 0) return 0;
  return std::clamp(3 - static_cast<int>(std::floor(std::log10(value * (1 + 5e-5)))), 0, 3);
}

bool whole(double value) { return value == std::floor(value); }

/// Large numbers with the prefixes that they have in tables of money: k, M, then bn and tn.
Scale with_prefix(double largest, const std::string& unit) {
  constexpr std::array<Prefix, 4> large{Prefix{1e12, "tn"}, Prefix{1e9, "bn"}, Prefix{1e6, "M"},
                                        Prefix{1e3, "k"}};
  for (const auto& [factor, prefix] : large)
    if (largest >= factor * (1 - 5e-5))
      return {factor, decimals_for(largest / factor), std::string{prefix} + unit};
  return {1, decimals_for(largest), unit};
}

}  // namespace

std::string length(double share) {
  std::array<char, 16> text{};
  const double percent = std::isfinite(share) ? std::clamp(100 * share, 0.0, 100.0) : 0;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed, 2).ptr;
  return std::string{text.data(), end} + '%';
}

std::string symbol(std::string_view unit) {
  if (unit == "1") return "";
  if (unit == "us") return "µs";
  if (unit == "m2") return "m²";
  return std::string{unit};
}

Scale scale_of(std::span<const double> values, std::string_view unit) {
  double largest = 0;
  bool counts = true, shares = true;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    largest = std::max(largest, std::abs(value));
    counts = counts && whole(value);
    shares = shares && value >= 0 && value <= 1;
  }
  constexpr double countless = 1e7;  // counts from here on are read by their first digits
  if (unit.empty() || unit == "1") {
    if (counts && largest >= countless) return with_prefix(largest, "");
    if (counts) return {};
    if (shares) return {0.01, 1, "%"};
    return {1, decimals_for(largest), ""};
  }
  for (const auto& [base, from, factor, name] : larger_units)
    if (unit == base && largest >= from * (1 - 5e-5))
      return {factor, decimals_for(largest / factor), std::string{name}};
  if (is_money(unit) && largest >= 1e4) return with_prefix(largest, "\u00A0" + std::string{unit});
  if (!takes_prefix(unit)) return {1, counts ? 0 : decimals_for(largest), symbol(unit)};
  const Prefix prefix = prefix_for(largest, unit);
  const bool exact = prefix.factor == 1 && counts;  // 512 B, not 512.0 B
  return {prefix.factor, exact ? 0 : decimals_for(largest / prefix.factor),
          std::string{prefix.symbol} + std::string{unit}};
}

std::string digits(double value, const Scale& scale) {
  if (!std::isfinite(value)) return "n/a";
  const double scaled = value / scale.divisor;
  const double smallest = std::pow(10, -scale.decimals);
  const bool vanishes = scaled != 0 && std::abs(scaled) < smallest / 2;
  std::array<char, 400> text{};  // the largest double has 309 digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), vanishes ? smallest : scaled,
                                 std::chars_format::fixed, scale.decimals)
                       .ptr;
  std::string number = grouped(std::string{text.data(), end});
  if (number.find_first_not_of("-0.,") == std::string::npos && number[0] == '-') number.erase(0, 1);
  return vanishes ? '<' + number : number;
}

std::string quantity(double value, const Scale& scale) {
  std::string number = digits(value, scale);
  if (number.find('.') != std::string::npos && number[0] != '<') {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return scale.unit.empty() || !std::isfinite(value) ? number : number + "\u00A0" + scale.unit;
}

std::string quantity(double value, std::string_view unit) {
  return quantity(value, scale_of(std::span{&value, 1}, unit));
}

}  // namespace superpod::analysis
