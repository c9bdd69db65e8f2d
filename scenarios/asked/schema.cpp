#include "scenarios/asked/schema.hpp"

#include <charconv>
#include <cmath>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/schema_of.hpp"

namespace superpod::scenarios {
namespace schema {
namespace {

Json bound(double value) {
  std::array<char, 32> buffer{};
  const auto [end, problem] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

/// Escapes what has a meaning in a regular expression.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view{"\\^$.|?*+()[]{}"}.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

Json quoted_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

Json object(const std::vector<std::pair<std::string, Json>>& members) {
  std::string out = "{";
  for (const auto& [key, value] : members)
    out.append(out.size() > 1 ? "," : "").append(quoted_json(key)).append(":").append(value);
  return out + "}";
}

Json list(const std::vector<Json>& elements) {
  std::string out = "[";
  for (const Json& element : elements) out += (out.size() > 1 ? "," : "") + element;
  return out + "]";
}

Json with_description(const Json& schema, std::string_view meaning) {
  const bool is_reference = schema.starts_with("{\"$ref\"");
  const Json body = is_reference ? object({{"allOf", list({schema})}}) : schema;
  const std::string rest = body.substr(1);
  return "{\"description\":" + quoted_json(meaning) + (rest == "}" ? "" : ",") + rest;
}

Json number_schema(std::string_view type, const Range& range) {
  std::vector<std::pair<std::string, Json>> members{{"type", quoted_json(type)}};
  if (std::isfinite(range.low))
    members.emplace_back(range.low_excluded ? "exclusiveMinimum" : "minimum", bound(range.low));
  if (std::isfinite(range.high)) members.emplace_back("maximum", bound(range.high));
  return object(members);
}

Json quantity_schema(const Dimension& dimension) {
  std::string units;
  for (const UnitText& unit : dimension.units)
    units.append(units.empty() ? "" : "|").append(literal(unit.symbol));
  const std::string pattern = R"(^\s*-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*()" + units + R"()\s*$)";
  return object({{"type", quoted_json("string")}, {"pattern", quoted_json(pattern)}});
}

Json words_schema(const std::vector<std::string>& words) {
  std::vector<Json> all;
  for (const std::string& word : words) all.push_back(quoted_json(word));
  return object({{"enum", list(all)}});
}

Json text_schema() {
  return object({{"type", list({quoted_json("string"), quoted_json("number"), quoted_json("boolean")})}});
}

Json figure_schema(const Json& value) {
  const Json grade = words_schema({"measured", "published", "derived", "assumed"});
  const Json keys =
      object({{"value", value}, {"grade", grade}, {"source", text_schema()}, {"note", text_schema()}});
  const Json mapping = object({{"type", quoted_json("object")},
                               {"additionalProperties", "false"},
                               {"required", list({quoted_json("value")})},
                               {"properties", keys}});
  return object({{"anyOf", list({value, mapping})}});
}

Json reference(const std::string& definition) {
  return object({{"$ref", quoted_json("#/definitions/" + definition)}});
}

std::string indented(const Json& json) {
  std::string out, margin;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"' && json[i - 1] != '\\') in_text = !in_text;
    const bool opens = !in_text && (c == '{' || c == '['), closes = !in_text && (c == '}' || c == ']');
    const bool is_empty = opens && (json[i + 1] == '}' || json[i + 1] == ']');
    if (closes) margin.resize(margin.size() - 2);
    if (closes && json[i - 1] != '{' && json[i - 1] != '[') out += "\n" + margin;
    out += c;
    if (opens) margin += "  ";
    if ((opens && !is_empty) || (!in_text && c == ',')) out += "\n" + margin;
    if (!in_text && c == ':') out += ' ';
  }
  return out + "\n";
}

}  // namespace schema

std::string json_schema() { return schema::document<Scenario>(); }

}  // namespace superpod::scenarios
