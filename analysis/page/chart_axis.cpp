#include "analysis/page/chart_axis.hpp"

#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/script_list.hpp"

namespace superpod::analysis {

std::vector<double> on_axis_of(const Column& column, std::vector<double> values) {
  const Scale scale = scale_of(numbers(column), column.unit);
  for (double& value : values) value /= scale.divisor;
  return values;
}

std::string chart_axis(const Column& column, const std::string& title) {
  const Scale scale = scale_of(numbers(column), column.unit);
  return "{\"key\":" + script_string(column.name) + ",\"title\":" + script_string(title) +
         ",\"unit\":" + script_string(scale.unit) + ",\"decimals\":" + std::to_string(scale.decimals) +
         ",\n\"values\":" + list(on_axis_of(column, numbers(column))) + "}";
}

}  // namespace superpod::analysis
