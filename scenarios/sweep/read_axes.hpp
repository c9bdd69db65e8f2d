/// The parts of a sweep that are no described structs: any YAML may be a value.
#pragma once

#include "scenarios/sweep/sweep_file.hpp"
#include "scenarios/text/schema_of.hpp"

namespace superpod::scenarios {

enum class Spacing { linear, log };
constexpr auto words(Spacing) {
  return std::array{std::pair{std::string_view{"linear"}, Spacing::linear},
                    std::pair{std::string_view{"log"}, Spacing::log}};
}

/// Values from one end to the other, both among them: at equal differences, or at equal ratios.
struct AxisRange {
  std::string from, to;
  int steps = 0;
  Spacing scale = Spacing::linear;

  static constexpr std::string_view kind = "range";
  static constexpr auto fields() {
    return std::tuple{required("from", &AxisRange::from, "first value, with its unit"),
                      required("to", &AxisRange::to, "last value, with its unit"),
                      required("steps", &AxisRange::steps, "how many values, both ends among them",
                               superpod::Range{.low = 2, .high = 1e6}),
                      optional("scale", &AxisRange::scale, "linear: equal differences; log: equal ratios")};
  }
};

void read(const Node& node, BaseScenario& out, const Spot& spot, Reader& reader);
void read(const Node& node, Axes& out, const Spot& spot, Reader& reader);
void read(const Node& node, Zipped& out, const Spot& spot, Reader& reader);
void read(const Node& node, Points& out, const Spot& spot, Reader& reader);

namespace schema {

template <>
struct Of<BaseScenario> {
  static Json schema(const superpod::Range&, Definitions&) {
    return object({{"type", list({quoted_json("string"), quoted_json("object")})}});
  }
};
template <>
struct Of<Axes> {
  static Json schema(const superpod::Range& range, Definitions& definitions) {
    const Json values = object({{"type", quoted_json("array")}, {"minItems", "1"}});
    return object({{"type", quoted_json("object")},
                   {"additionalProperties",
                    object({{"oneOf", list({values, schema_of<AxisRange>(range, definitions)})}})}});
  }
};
template <>
struct Of<Zipped> : Of<Axes> {};
template <>
struct Of<Points> {
  static Json schema(const superpod::Range&, Definitions&) {
    return object({{"type", quoted_json("array")},
                   {"minItems", "1"},
                   {"items", object({{"type", quoted_json("object")}})}});
  }
};

}  // namespace schema
}  // namespace superpod::scenarios
