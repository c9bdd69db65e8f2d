/// JSON Schema of any described type, by a walk over its fields at compile time.
#pragma once

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "models/hardware/entry.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/quantity_text.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::scenarios::schema {

/// A piece of JSON text.
using Json = std::string;

Json quoted_json(std::string_view text);
Json object(const std::vector<std::pair<std::string, Json>>& members);
Json list(const std::vector<Json>& elements);

/// The schema with a description; draft-07 ignores what stands beside a `$ref`, so that one is wrapped.
Json with_description(const Json& schema, std::string_view meaning);

Json number_schema(std::string_view type, const Range& range);
Json quantity_schema(const Dimension& dimension);
Json words_schema(const std::vector<std::string>& words);
Json figure_schema(const Json& value);  ///< bare, or with grade, source and note
Json text_schema();

Json reference(const std::string& definition);
std::string indented(const Json& json);

/// Structs by their kind; each is described once and referred to.
using Definitions = std::map<std::string, Json>;

template <class T>
struct Of;  ///< `Of<T>::schema(range, definitions)`

template <class T>
Json schema_of(const Range& range, Definitions& definitions) {
  return Of<T>::schema(range, definitions);
}

template <>
struct Of<bool> {
  static Json schema(const Range&, Definitions&) { return object({{"type", quoted_json("boolean")}}); }
};
template <std::integral T>
struct Of<T> {
  static Json schema(const Range& range, Definitions&) { return number_schema("integer", range); }
};
template <>
struct Of<double> {
  static Json schema(const Range& range, Definitions&) { return number_schema("number", range); }
};
template <>
struct Of<std::string> {
  static Json schema(const Range&, Definitions&) { return text_schema(); }
};
template <TextQuantity Q>
struct Of<Q> {
  static Json schema(const Range&, Definitions&) { return quantity_schema(dimension<Q>()); }
};
template <Worded E>
struct Of<E> {
  static Json schema(const Range&, Definitions&) {
    std::vector<std::string> known;
    for (const auto& [word, value] : words(E{})) known.emplace_back(word);
    return words_schema(known);
  }
};
template <class T>
struct Of<Sourced<T>> {
  static Json schema(const Range& range, Definitions& definitions) {
    return figure_schema(schema_of<T>(range, definitions));
  }
};
template <class T>
struct Of<std::optional<T>> {
  static Json schema(const Range& range, Definitions& definitions) {
    return object(
        {{"anyOf", list({schema_of<T>(range, definitions), object({{"type", quoted_json("null")}})})}});
  }
};
template <class T>
struct Of<std::vector<T>> {
  static Json schema(const Range& range, Definitions& definitions) {
    return object({{"type", quoted_json("array")}, {"items", schema_of<T>(range, definitions)}});
  }
};
template <class T>
struct Of<std::map<std::string, T>> {
  static Json schema(const Range& range, Definitions& definitions) {
    return object(
        {{"type", quoted_json("object")}, {"additionalProperties", schema_of<T>(range, definitions)}});
  }
};

/// A mapping with the fields of T, and before them `first`, a key of its own.
template <Described T>
Json struct_schema(Definitions& definitions, std::vector<std::pair<std::string, Json>> first = {}) {
  std::vector<Json> needed;
  for (const auto& [name, schema] : first) needed.push_back(quoted_json(name));
  for_each_field<T>([&](const auto& field) {
    using Value = typename std::remove_cvref_t<decltype(field)>::value_type;
    first.emplace_back(field.name,
                       with_description(schema_of<Value>(field.range, definitions), field.meaning));
    if (field.required) needed.push_back(quoted_json(field.name));
  });
  return object({{"type", quoted_json("object")},
                 {"additionalProperties", "false"},
                 {"required", list(needed)},
                 {"properties", object(first)}});
}

/// What refines an entry: the same keys, none of them needed but `base`.
template <Described T>
Json refinement_schema() {
  std::vector<std::pair<std::string, Json>> keys{{"base", text_schema()}};
  for_each_field<T>(
      [&](const auto& field) { keys.emplace_back(field.name, with_description("{}", field.meaning)); });
  return object({{"type", quoted_json("object")},
                 {"additionalProperties", "false"},
                 {"required", list({quoted_json("base")})},
                 {"properties", object(keys)}});
}

template <Described T>
struct Of<T> {
  static Json schema(const Range&, Definitions& definitions) {
    const std::string name{T::kind};
    if (!definitions.contains(name)) definitions[name] = struct_schema<T>(definitions);
    return reference(name);
  }
};
template <Described... T>
struct Of<std::variant<T...>> {
  static Json schema(const Range&, Definitions& definitions) {
    const std::vector<Json> kinds{alternative<T>(definitions)...};
    const Json word = words_schema({std::string{T::kind}...});
    std::vector<Json> all = kinds;
    all.push_back(word);
    return object({{"oneOf", list(all)}});
  }

 private:
  template <class Chosen>
  static Json alternative(Definitions& definitions) {
    const std::string name{Chosen::kind};
    const Json its_kind = object({{"const", quoted_json(name)}});
    if (!definitions.contains(name))
      definitions[name] = struct_schema<Chosen>(definitions, {{"kind", its_kind}});
    return reference(name);
  }
};
template <Described T>
struct Of<models::Entry<T>> {
  static Json schema(const Range& range, Definitions& definitions) {
    return object(
        {{"anyOf", list({text_schema(), schema_of<T>(range, definitions), refinement_schema<T>()})}});
  }
};

/// The whole schema, indented.
template <Described T>
std::string document() {
  Definitions definitions;
  const Json root = schema_of<T>(anything, definitions);
  std::vector<std::pair<std::string, Json>> all{definitions.begin(), definitions.end()};
  const Json whole = object({{"$schema", quoted_json("http://json-schema.org/draft-07/schema#")},
                             {"title", quoted_json(std::string{"superpod "} + std::string{T::kind})},
                             {"allOf", list({root})},
                             {"definitions", object(all)}});
  return indented(whole);
}

}  // namespace superpod::scenarios::schema
