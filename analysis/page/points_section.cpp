#include "analysis/page/points_section.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/page/chart_axis.hpp"
#include "analysis/page/chart_frame.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/table_markup.hpp"

namespace superpod::analysis {
namespace {

constexpr std::size_t most_drawn = 2000, most_axes = 40;

/// The columns that can be an axis, cut to what is drawn.
std::vector<Column> axes_of(const Result& result) {
  std::vector<Column> out;
  const Table* points = result.shown_as(View::points);
  if (points == nullptr) return out;
  for (const Column& column : points->columns) {
    std::vector<double> values = numbers(column);
    values.resize(std::min(values.size(), most_drawn));
    std::vector<double> finite = values;
    std::erase_if(finite, [](double value) { return !std::isfinite(value); });
    if (finite.empty() || std::ranges::min(finite) == std::ranges::max(finite) || out.size() == most_axes)
      continue;
    out.push_back({column.name, column.unit, column.meaning, values});
  }
  return out;
}

}  // namespace

bool has_points(const Result& result) { return axes_of(result).size() > 1; }

std::string points_section(const Result& result) {
  const Table* points = result.shown_as(View::points);
  if (points == nullptr || points->rows() == 0) return "";
  const bool cut = points->rows() > most_drawn;
  return lead(*points) +
         (has_points(result)
              ? chart_frame({"points", "Points of the sweep, one figure against another",
                             "With the keyboard: arrow keys walk from point to point." +
                                 (cut ? " The first " + quantity(static_cast<double>(most_drawn), "") +
                                            " points are drawn."
                                      : std::string{})})
              : "") +
         table_markup(*points);
}

std::string points_data(const Result& result) {
  std::string out = "[";
  for (const Column& column : axes_of(result))
    out += (out.size() > 1 ? ",\n" : "") + chart_axis(column, label(column));
  return out + "]";
}

}  // namespace superpod::analysis
