#include "topology/pictures/grid_diagram.hpp"

#include <algorithm>

#include "sim/values/index.hpp"
#include "topology/pictures/diagram_units.hpp"

namespace superpod::topology {
namespace {

struct Grid {
  std::vector<int> columns, rows;
  int layers = 1;
  Point first;  // centre of the unit at the upper left of the front layer
  double step_x = 0, step_y = 0;
  Point behind;  // from one layer to the next

  [[nodiscard]] Point at(std::size_t column, std::size_t row, int layer) const {
    return {first.x + static_cast<double>(column) * step_x + layer * behind.x,
            first.y + static_cast<double>(row) * step_y + layer * behind.y};
  }
};

Grid grid(const Scene& scene) {
  const int inner = inner_level(scene);
  const bool deep = inner - scene.level > 1;
  Grid g;
  g.columns = shown(scene.wiring.count(inner), deep ? 6 : 8);
  g.rows = shown(scene.wiring.count(inner - 1), deep ? 5 : 6);
  g.layers = deep ? std::min(3, scene.wiring.count(inner - 2)) : 1;
  g.behind = {26, -19};
  const double depth = (g.layers - 1) * g.behind.x;
  const double aside = 60;
  const auto steps = static_cast<double>(std::max<std::size_t>(g.columns.size() - 1, 1));
  g.step_x = std::min(86.0, (scene.width - 2 * aside - depth) / steps);
  g.step_y = deep ? 70 : 48;
  const double used = g.step_x * static_cast<double>(g.columns.size() - 1) + depth;
  g.first = {scene.corner.x + (scene.width - used) / 2, scene.corner.y + 26 + (g.layers - 1) * -g.behind.y};
  return g;
}

/// One row or column: neighbours are joined; a torus also joins the ends, and a full mesh all pairs.
struct Line {
  std::vector<int> units;
  Point first, step;
  Point aside;  // which way curves bend, of length 1
  enum { plain, ends, pairs } curves = plain;

  [[nodiscard]] Point at(std::size_t i) const {
    return {first.x + static_cast<double>(i) * step.x, first.y + static_cast<double>(i) * step.y};
  }
};

void bend(Canvas& canvas, const Line& line, std::pair<std::size_t, std::size_t> ends,
          const std::string& classes) {
  const Point a = line.at(ends.first);
  const Point b = line.at(ends.second);
  const double aside = 18 + 9 * static_cast<double>(ends.second - ends.first);
  canvas.curve(a, {(a.x + b.x) / 2 + aside * line.aside.x, (a.y + b.y) / 2 + aside * line.aside.y}, b,
               classes);
}

void bend_pairs(Canvas& canvas, const Line& line, const std::string& classes) {
  for (std::size_t i = 0; i < line.units.size(); ++i)
    for (std::size_t j = i + 2; j < line.units.size(); ++j)
      if (line.units[i] != gap && line.units[j] != gap) bend(canvas, line, {i, j}, classes);
}

void join(Canvas& canvas, const Line& line, const std::string& classes) {
  const std::size_t n = line.units.size();
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const bool cut = line.units[i] == gap || line.units[i + 1] == gap;
    canvas.line(line.at(i), line.at(i + 1), cut ? classes + " dashed" : classes);
  }
  if (line.curves == Line::ends && n > 2) bend(canvas, line, {0, n - 1}, classes);
  if (line.curves == Line::pairs) bend_pairs(canvas, line, classes);
}

/// Rows and columns of one layer. Those of the opened unit are drawn in full: all pairs of a mesh, the wrap
/// of a torus.
void join_layer(Canvas& canvas, const Scene& scene, const Grid& g, int layer) {
  const bool torus = std::holds_alternative<Torus>(scene.wiring.fabric().networks[index(scene.network)]);
  const auto add = [&](Line line, bool opened) {
    if (opened) line.curves = torus ? Line::ends : Line::pairs;
    join(canvas, line, hue(scene.network, opened ? "link" : "link faint"));
  };
  for (std::size_t row = 0; row < g.rows.size(); ++row)
    if (g.rows[row] != gap)
      add({g.columns, g.at(0, row, layer), {g.step_x, 0}, {0, 1}}, layer == 0 && row + 1 == g.rows.size());
  for (std::size_t column = 0; column < g.columns.size(); ++column)
    if (g.columns[column] != gap)
      add({g.rows, g.at(column, 0, layer), {0, g.step_y}, {-1, 0}}, layer == 0 && column == 0);
}

/// Along the third dimension: from each unit to the one in the layer in front.
void join_layers(Canvas& canvas, const Scene& scene, const Grid& g, int layer) {
  for (std::size_t row = 0; row < g.rows.size(); ++row)
    for (std::size_t column = 0; column < g.columns.size(); ++column)
      if (g.rows[row] != gap && g.columns[column] != gap) {
        const bool opened = row + 1 == g.rows.size() && column == 0;
        canvas.line(g.at(column, row, layer), g.at(column, row, layer - 1),
                    hue(scene.network, opened ? "link" : "link faint"));
      }
}

/// The units of one layer; returns the outline of the one at the lower left, which is opened in the front
/// layer.
Box draw_layer(Canvas& canvas, const Scene& scene, const Grid& g, int layer) {
  const double size = g.layers > 1 ? 22 - 4 * layer : 28;
  Box corner;
  for (std::size_t row = 0; row < g.rows.size(); ++row)
    for (std::size_t column = 0; column < g.columns.size(); ++column) {
      const Point at = g.at(column, row, layer);
      const bool no_row = g.rows[row] == gap;
      const bool no_column = g.columns[column] == gap;
      if (no_row != no_column && layer == 0) dots(canvas, at, no_row);
      if (no_row || no_column) continue;
      const bool is_corner = row + 1 == g.rows.size() && column == 0;
      const Box outline = unit(canvas, scene, {at, size, is_corner && layer == 0});
      if (is_corner) corner = outline;
    }
  return corner;
}

}  // namespace

Diagram draw_grid(Canvas& canvas, const Scene& scene) {
  const Grid g = grid(scene);
  Diagram diagram;
  for (int layer = g.layers - 1; layer >= 0; --layer) {
    if (layer + 1 < g.layers) join_layers(canvas, scene, g, layer + 1);
    join_layer(canvas, scene, g, layer);
    diagram.opened = draw_layer(canvas, scene, g, layer);
  }
  diagram.height = g.first.y - scene.corner.y + static_cast<double>(g.rows.size() - 1) * g.step_y + 58;
  return diagram;
}

}  // namespace superpod::topology
