/// Every parameter of a described value, with where it was written and where its figure comes from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "models/hardware/entry.hpp"
#include "models/kernels/timing.hpp"
#include "scenarios/text/yaml_read.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/quantity_text.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::scenarios {

struct Parameter {
  std::string path;   ///< `system.chip.memory_bandwidth`
  std::string value;  ///< as written; a default as its quantity is printed
  std::string grade;  ///< empty for what is no figure: a name, a count of the scenario
  std::string source, note;
  std::string where;  ///< `file:line:column`, or `default`
  std::string meaning;
};

/// Collects parameters on a walk through a value.
struct Walk {
  const Places& places;
  std::vector<Parameter> found;

  /// The parameter that was added; null when it is text that nobody wrote and that has no default.
  Parameter* leaf(const std::string& path, std::string value, std::string_view meaning);
};

/// `path.key`, where either may be empty.
std::string joined(const std::string& path, std::string_view key);

std::string value_text(bool value);
std::string value_text(double value);
inline std::string value_text(int value) { return std::to_string(value); }
inline std::string value_text(std::int64_t value) { return std::to_string(value); }
inline std::string value_text(const std::string& value) { return value; }
template <TextQuantity Q>
std::string value_text(Q value) {
  return text(value);
}
template <Worded E>
std::string value_text(E value) {
  for (const auto& [word, known] : words(E{}))
    if (known == value) return std::string{word};
  return {};
}

template <class T>
concept Leaf = requires(const T& value) {
  value_text(value);
};

std::string rounded_text(double value);  ///< four digits: more than a table of measurements can tell

/// Timing models in short: what was measured of each family, and how well it is predicted.
void walk(const models::KernelTimings& timings, const std::string& path, std::string_view meaning, Walk& to);

template <Leaf T>
void walk(const T& value, const std::string& path, std::string_view meaning, Walk& to) {
  to.leaf(path, value_text(value), meaning);
}

template <class T>
void walk(const Sourced<T>& value, const std::string& path, std::string_view meaning, Walk& to) {
  Parameter* parameter = to.leaf(path, value_text(value.value), meaning);
  if (!parameter) return;
  parameter->grade = value_text(value.grade);
  parameter->source = value.source;
  parameter->note = value.note;
}

template <class T>
void walk(const std::optional<T>& value, const std::string& path, std::string_view meaning, Walk& to) {
  if (value) walk(*value, path, meaning, to);
}

template <class T>
std::string name_or_index(const T& element, std::size_t index) {
  if constexpr (requires { element.name; })
    if (!element.name.empty()) return element.name;
  return std::to_string(index);
}
template <class... T>
std::string name_or_index(const std::variant<T...>& element, std::size_t index) {
  return std::visit([&](const auto& chosen) { return name_or_index(chosen, index); }, element);
}

template <class T>
void walk(const std::vector<T>& list, const std::string& path, std::string_view meaning, Walk& to) {
  if constexpr (Leaf<T>) {
    std::string all;
    for (const T& element : list) all += (all.empty() ? "" : ", ") + value_text(element);
    to.leaf(path, "[" + all + "]", meaning);
  } else {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string by_name = joined(path, name_or_index(list[i], i));
      walk(list[i], to.places.contains(by_name) ? by_name : joined(path, std::to_string(i)), meaning, to);
    }
  }
}

template <class T>
void walk(const std::map<std::string, T>& map, const std::string& path, std::string_view meaning, Walk& to) {
  for (const auto& [key, value] : map) walk(value, joined(path, key), meaning, to);
}

template <Described T>
void walk(const T& value, const std::string& path, std::string_view, Walk& to) {
  for_each_field<T>(
      [&](const auto& field) { walk(value.*field.member, joined(path, field.name), field.meaning, to); });
}

template <Described... T>
void walk(const std::variant<T...>& value, const std::string& path, std::string_view meaning, Walk& to) {
  std::visit(
      [&]<class Chosen>(const Chosen& chosen) {
        to.leaf(joined(path, "kind"), std::string{Chosen::kind}, meaning);
        walk(chosen, path, meaning, to);
      },
      value);
}

template <Described T>
void walk(const models::Entry<T>& entry, const std::string& path, std::string_view meaning, Walk& to) {
  if (!entry.name.empty()) to.leaf(path, entry.name, meaning);
  walk(entry.value, path, meaning, to);
}

/// In the order of the fields; what is optional and absent is left out.
template <Described T>
std::vector<Parameter> parameters(const T& value, const Places& places, const std::string& path = {}) {
  Walk to{places, {}};
  walk(value, path, {}, to);
  return std::move(to.found);
}

/// `explain`: an aligned table with a line for each parameter, then what the sources named in it are.
std::string parameter_table(const std::vector<Parameter>& parameters,
                            const std::map<std::string, std::string>& sources);

}  // namespace superpod::scenarios
