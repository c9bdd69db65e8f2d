#include "scenarios/sweep/scalar.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

std::optional<double> bare_number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_one = problem == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
  return is_one ? std::optional{value} : std::nullopt;
}

template <TextQuantity... Q>
std::optional<ScalarNumber> first_quantity(std::string_view text) {
  std::optional<ScalarNumber> found;
  const auto look = [&](const Dimension& dimension, std::string_view symbol) {
    if (found) return;
    const auto parsed = parse(text, dimension);
    if (const double* value = std::get_if<double>(&parsed)) found = {*value, std::string{symbol}};
  };
  (look(dimension<Q>(), unit_symbol<Q>()), ...);
  return found;
}

std::string joined_children(const Node& node, const char* opening, const char* closing) {
  std::string out = opening;
  for (const Node& child : node.children) {
    if (out.size() > 1) out += ", ";
    if (!child.key.empty()) out += child.key + ": ";
    out += flow_text(child);
  }
  return out + closing;
}

}  // namespace

std::optional<ScalarNumber> scalar_number(std::string_view text) {
  if (const auto value = bare_number(text)) return ScalarNumber{*value, {}};
  return first_quantity<Seconds, Hertz, Bytes, Flops, Joules, BytesPerSecond, FlopsPerSecond, Watts>(text);
}

std::string scalar_text(const ScalarNumber& number) {
  std::array<char, 400> buffer{};  // 309 digits before the point are the most
  constexpr double whole = 1e15;
  const bool is_whole = std::trunc(number.value) == number.value && std::abs(number.value) < whole;
  const auto [end, problem] = is_whole
                                  ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), number.value,
                                                  std::chars_format::fixed)
                                  : std::to_chars(buffer.data(), buffer.data() + buffer.size(), number.value);
  const std::string digits{buffer.data(), end};
  return number.unit.empty() ? digits : digits + " " + number.unit;
}

std::string flow_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return node.text;
    case Node::Kind::list:
      return joined_children(node, "[", "]");
    case Node::Kind::mapping:
      return joined_children(node, "{", "}");
  }
  return {};
}

}  // namespace superpod::scenarios
