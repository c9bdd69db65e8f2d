#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/text/yaml.hpp"

namespace superpod::scenarios {

/// What a scalar says as a number: `400 Gb/s` is 5e10 with the unit `B/s`, `16` is 16 with none.
struct ScalarNumber {
  double value;
  std::string unit;  ///< symbol of the base unit; empty for a bare number
};

/// None when the text is neither a finite number nor a quantity of any dimension.
std::optional<ScalarNumber> scalar_number(std::string_view text);

/// As YAML that reads back as the same number: `16`, `50000000000 B/s`.
std::string scalar_text(const ScalarNumber& number);

/// A value in one line of YAML: `[tensor, expert]`, `{kind: hot}`.
std::string flow_text(const Node& node);

}  // namespace superpod::scenarios
