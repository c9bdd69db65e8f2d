#include "analysis/json.hpp"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace superpod::analysis {
namespace {

using Json = nlohmann::ordered_json;

Json number(const Figure& figure, double value) {
  const bool counts = figure.unit.empty() || figure.unit == "B";
  if (counts && std::trunc(value) == value && std::abs(value) < 9e15) return static_cast<std::int64_t>(value);
  return value;
}

void insert(Json& object, const std::string& key, Json value) {
  Json* at = &object;
  std::size_t begin = 0;
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
    at = &(*at)[key.substr(begin, dot - begin)];
    if (!at->is_null() && !at->is_object())
      throw std::logic_error{"'" + key + "' goes into what is a figure"};
    begin = dot + 1;
  }
  if (at->is_object() && at->contains(key.substr(begin)))
    throw std::logic_error{"'" + key + "' is given twice"};
  (*at)[key.substr(begin)] = std::move(value);
}

std::string text_of(const Json& value, int indent = -1) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string json(const Result& result, const std::vector<Figure>& of_this_run) {
  Json object{{"scenario", result.name}, {"kind", result.kind},       {"system", result.system},
              {"engine", result.engine}, {"version", result.version}, {"seed", result.seed}};
  for (const auto* figures : {&result.figures, &of_this_run})
    for (const Figure& figure : *figures) {
      insert(object, figure.key, number(figure, figure.value));
      if (figure.interval)
        insert(
            object, figure.key + "_interval",
            Json::array({number(figure, figure.interval->first), number(figure, figure.interval->second)}));
    }
  return text_of(object, 2);
}

std::string json_string(std::string_view text) { return text_of(Json(text)); }

}  // namespace superpod::analysis
