#include "topology/diagrams.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace superpod::topology {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

constexpr int gap = -1;  ///< in a list of shown units: some are left out here

/// Which of `count` units are drawn: all, or the first ones, a gap and the last one.
std::vector<int> shown(int count, int most) {
  std::vector<int> units;
  if (count <= most) {
    for (int i = 0; i < count; ++i) units.push_back(i);
    return units;
  }
  for (int i = 0; i < most - 2; ++i) units.push_back(i);
  units.push_back(gap);
  units.push_back(count - 1);
  return units;
}

int inner_level(const Scene& scene) {
  int level = scene.level;
  while (level + 1 < scene.wiring.levels() && scene.wiring.network_of(level + 1) == scene.network) ++level;
  return level;
}

/// The level whose units are drawn: of a Clos the one in question, of other networks their innermost.
int unit_level(const Scene& scene) {
  const bool clos = std::holds_alternative<Clos>(scene.wiring.fabric().networks[index(scene.network)]);
  return clos ? scene.level : inner_level(scene);
}

/// Whether a switch of this network stands in each unit.
bool has_switch(const Scene& scene) {
  const std::size_t level = index(unit_level(scene));
  return std::ranges::any_of(scene.wiring.node_families(), [&](const NodeFamily& family) {
    return family.network == scene.network && family.has[level] && (level + 1 == max_levels || !family.has[level + 1]);
  });
}

/// What lies in one unit of a level: NPUs.
double npus_in(const Wiring& wiring, int level) {
  double product = 1;
  for (int l = level + 1; l < wiring.levels(); ++l) product *= wiring.count(l);
  return product;
}

std::string hue(int network, std::string_view classes) { return std::string{classes} + " n" + std::to_string(network % 6); }

Point lower_left_of(Point centre, double size) { return {centre.x - size / 2, centre.y - size / 2}; }

/// A unit around a point: an NPU, or a box with dots for what it holds. Returns its outline.
Box unit(Canvas& canvas, const Scene& scene, Point centre, double size, bool opened) {
  const Point corner = lower_left_of(centre, size);
  const Box outline{corner.x, corner.y, size, size};
  const int level = unit_level(scene);
  if (level == scene.wiring.levels() - 1) {
    canvas.box(outline, opened ? "npu opened" : "npu", 3);
    return outline;
  }
  canvas.box(outline, opened ? "unit opened" : "unit", 4);
  const double held = npus_in(scene.wiring, level);
  const int columns = held >= 9 ? 3 : held >= 4 ? 2 : static_cast<int>(held);
  const int rows = held >= 9 ? 3 : held >= 4 ? 2 : 1;
  const double step = size / (std::max(columns, rows) + 1);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column)
      canvas.circle({centre.x + (column - (columns - 1) / 2.0) * step, centre.y + (row - (rows - 1) / 2.0) * step}, size / 14, "dot");
  if (has_switch(scene)) canvas.box({corner.x + size * 0.15, corner.y - 4, size * 0.7, 8}, hue(scene.network, "switch"), 2);
  return outline;
}

void dots(Canvas& canvas, Point centre, bool upright = false) {
  for (int i = -1; i <= 1; ++i) canvas.circle({centre.x + (upright ? 0 : 6 * i), centre.y + (upright ? 6 * i : 0)}, 1.6, "more");
}

// Circles: full mesh or ring of one level

Point on_circle(Point centre, double radius, double turn) {
  const double angle = 2 * std::numbers::pi * turn + std::numbers::pi / 2;  // from the bottom, anticlockwise
  return {centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)};
}

struct Circle {
  Point centre;
  double radius = 0;
  double unit_size = 0;
  bool meshed = false;  // all pairs joined, not only neighbours
};

/// The places of the units; a gap has one too.
std::vector<Point> places(const Circle& circle, std::size_t count) {
  std::vector<Point> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(on_circle(circle.centre, circle.radius, static_cast<double>(i) / static_cast<double>(count)));
  return result;
}

void join(Canvas& canvas, const Circle& circle, const std::vector<int>& units, std::string_view classes) {
  const std::vector<Point> at = places(circle, units.size());
  for (std::size_t i = 0; i < units.size(); ++i)
    for (std::size_t j = i + 1; j < units.size(); ++j) {
      const bool neighbours = j == i + 1 || (i == 0 && j + 1 == units.size());
      const bool cut = units[i] == gap || units[j] == gap;
      if (!circle.meshed ? neighbours : !cut) canvas.line(at[i], at[j], std::string{classes} + (cut ? " dashed" : ""));
    }
}

Diagram draw_circle(Canvas& canvas, const Scene& scene, bool meshed) {
  const std::vector<int> units = shown(scene.wiring.count(scene.level), 12);
  const Circle circle{{scene.corner.x + scene.width / 2, scene.corner.y + 138}, 105, units.size() > 9 ? 32.0 : 38.0, meshed};
  join(canvas, circle, units, hue(scene.network, "link"));
  const std::vector<Point> at = places(circle, units.size());
  Diagram diagram{262, {}};
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i] == gap) {
      canvas.circle(at[i], 15, "gap");
      dots(canvas, at[i]);
      continue;
    }
    const Box outline = unit(canvas, scene, at[i], circle.unit_size, i == 0);
    if (i == 0) diagram.opened = outline;
  }
  return diagram;
}

// Grids: meshes and tori of two and more levels, the third one as layers behind each other

struct Grid {
  std::vector<int> columns, rows;
  int layers = 1;
  Point first;                  // centre of the unit at the upper left of the front layer
  double step_x = 0, step_y = 0;
  Point behind;                 // from one layer to the next

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
  const double depth = (g.layers - 1) * g.behind.x, aside = 60;
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
  Point aside;                      // which way curves bend, of length 1
  enum { plain, ends, pairs } curves = plain;
};

void join(Canvas& canvas, const Line& line, const std::string& classes) {
  const auto at = [&](std::size_t i) {
    return Point{line.first.x + static_cast<double>(i) * line.step.x, line.first.y + static_cast<double>(i) * line.step.y};
  };
  const auto bent = [&](std::size_t i, std::size_t j) {
    const double bend = 18 + 9 * static_cast<double>(j - i);
    const Point a = at(i), b = at(j);
    canvas.curve(a, {(a.x + b.x) / 2 + bend * line.aside.x, (a.y + b.y) / 2 + bend * line.aside.y}, b, classes);
  };
  const std::size_t n = line.units.size();
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const bool cut = line.units[i] == gap || line.units[i + 1] == gap;
    canvas.line(at(i), at(i + 1), classes + (cut ? " dashed" : ""));
  }
  if (line.curves == Line::ends && n > 2) bent(0, n - 1);
  if (line.curves == Line::pairs)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 2; j < n; ++j)
        if (line.units[i] != gap && line.units[j] != gap) bent(i, j);
}

/// Rows and columns of one layer. A full mesh shows all pairs of the opened unit's row and column only.
void join_layer(Canvas& canvas, const Scene& scene, const Grid& g, int layer) {
  const bool torus = std::holds_alternative<Torus>(scene.wiring.fabric().networks[index(scene.network)]);
  const std::string strong = hue(scene.network, "link"), faint = hue(scene.network, "link faint");
  const auto curves = [&](bool opened) { return opened ? torus ? Line::ends : Line::pairs : Line::plain; };
  for (std::size_t row = 0; row < g.rows.size(); ++row)
    if (g.rows[row] != gap) {
      const bool opened = layer == 0 && row + 1 == g.rows.size();
      join(canvas, {g.columns, g.at(0, row, layer), {g.step_x, 0}, {0, 1}, curves(opened)}, opened ? strong : faint);
    }
  for (std::size_t column = 0; column < g.columns.size(); ++column)
    if (g.columns[column] != gap) {
      const bool opened = layer == 0 && column == 0;
      join(canvas, {g.rows, g.at(column, 0, layer), {0, g.step_y}, {-1, 0}, curves(opened)}, opened ? strong : faint);
    }
}

/// Along the third dimension: from each unit to the one in the layer in front.
void join_layers(Canvas& canvas, const Scene& scene, const Grid& g, int layer) {
  for (std::size_t row = 0; row < g.rows.size(); ++row)
    for (std::size_t column = 0; column < g.columns.size(); ++column)
      if (g.rows[row] != gap && g.columns[column] != gap) {
        const bool opened = row + 1 == g.rows.size() && column == 0;
        canvas.line(g.at(column, row, layer), g.at(column, row, layer - 1), hue(scene.network, opened ? "link" : "link faint"));
      }
}

/// The units of one layer; returns the outline of the one at the lower left, which is opened in the front layer.
Box draw_layer(Canvas& canvas, const Scene& scene, const Grid& g, int layer) {
  const double size = g.layers > 1 ? 22 - 4 * layer : 28;
  Box corner;
  for (std::size_t row = 0; row < g.rows.size(); ++row)
    for (std::size_t column = 0; column < g.columns.size(); ++column) {
      const Point at = g.at(column, row, layer);
      const bool no_row = g.rows[row] == gap, no_column = g.columns[column] == gap;
      if (no_row != no_column && layer == 0) dots(canvas, at, no_row);
      if (no_row || no_column) continue;
      const bool is_corner = row + 1 == g.rows.size() && column == 0;
      const Box outline = unit(canvas, scene, at, size, is_corner && layer == 0);
      if (is_corner) corner = outline;
    }
  return corner;
}

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

// Switches above units

/// Units beside each other in one row below something, with their places.
struct Row {
  std::vector<int> units;
  std::vector<Point> at;
};

Row row(const Scene& scene, int most, double y) {
  Row result{shown(scene.wiring.count(scene.level), most), {}};
  const auto n = static_cast<double>(result.units.size());
  const double step = std::min(scene.width / n, 90.0);
  for (std::size_t i = 0; i < result.units.size(); ++i)
    result.at.push_back({scene.corner.x + scene.width / 2 + (static_cast<double>(i) - (n - 1) / 2) * step, y});
  return result;
}

/// The switches that join the units of a level, if they stand right above it: their node family.
int switches_above(const Scene& scene) {
  const auto& families = scene.wiring.node_families();
  for (int f = 1; f < static_cast<int>(families.size()); ++f) {
    const auto& has = families[index(f)].has;
    if (families[index(f)].network == scene.network && !has[index(scene.level)] && (scene.level == 0 || has[index(scene.level - 1)]))
      return f;
  }
  return absent;
}

/// One card for each plane, behind each other.
void planes(Canvas& canvas, const Box& front, int count, const std::string& classes) {
  for (int i = count - 1; i >= 0; --i) canvas.box({front.x + 5 * i, front.y - 5 * i, front.width, front.height}, classes);
}

Diagram draw_switch(Canvas& canvas, const Scene& scene, const Clos& clos) {
  const Row units = row(scene, 9, scene.corner.y + 144);
  const int above = switches_above(scene);
  const double size = 40, middle = scene.corner.x + scene.width / 2;
  const double width = std::max(220.0, units.at.back().x - units.at.front().x + size);
  const int cards = above == absent ? 1 : std::min(clos.planes, 4);
  const Box bar{middle - width / 2 - 2.5 * (cards - 1), scene.corner.y + 24, width, 36};
  Diagram diagram{174, {}};
  const std::string link = hue(scene.network, "link");
  for (std::size_t i = 0; i < units.units.size(); ++i)
    if (units.units[i] != gap)
      for (int k = 0; k < std::min(clos.planes, 4); ++k) {
        const double x = units.at[i].x + 5 * (k - (std::min(clos.planes, 4) - 1) / 2.0);
        canvas.line({x, bar.bottom() - 6}, {x, units.at[i].y}, link);
      }
  if (above == absent) {
    canvas.box(bar, hue(scene.network, "passage"));
    canvas.words({middle, bar.y + 24}, "straight on to the switches above", "label middle");
  } else {
    planes(canvas, bar, cards, hue(scene.network, "switch"));
    canvas.words({middle, bar.y + 24}, scene.wiring.node_families()[index(above)].name, "label middle");
  }
  for (std::size_t i = 0; i < units.units.size(); ++i) {
    if (units.units[i] == gap) {
      dots(canvas, units.at[i]);
      continue;
    }
    const bool opened = i == units.units.size() / 2 - (units.units.size() > 2 ? 1 : 0);
    const Box outline = unit(canvas, scene, units.at[i], size, opened);
    if (opened) diagram.opened = outline;
  }
  return diagram;
}

/// Rail-optimised: a bar for each inner position, and in each unit a place for each of them.
Diagram draw_rails(Canvas& canvas, const Scene& scene) {
  const std::vector<int> rails = shown(static_cast<int>(npus_in(scene.wiring, inner_level(scene))), 8);
  const double bar_step = 14, top = scene.corner.y + 12;
  const double bottom = top + bar_step * static_cast<double>(rails.size());
  const std::vector<int> units = shown(scene.wiring.count(scene.level), 4);
  const double wide = 104, step = std::min(scene.width / static_cast<double>(units.size()), 130.0);
  const double middle = scene.corner.x + scene.width / 2;
  const double reach = step * static_cast<double>(units.size() - 1) / 2 + wide / 2;
  Diagram diagram;
  for (std::size_t rail = 0; rail < rails.size(); ++rail) {
    const double y = top + bar_step * static_cast<double>(rail);
    if (rails[rail] == gap)
      dots(canvas, {middle, y + 4}, false);
    else
      canvas.box({middle - reach, y, 2 * reach, 8}, hue(scene.network, "rail"), 3);
  }
  for (std::size_t i = 0; i < units.size(); ++i) {
    const double x = middle + (static_cast<double>(i) - static_cast<double>(units.size() - 1) / 2) * step;
    const Box outline{x - wide / 2, bottom + 34, wide, 40};
    if (units[i] == gap) {
      dots(canvas, outline.centre());
      continue;
    }
    const bool opened = i == (units.size() - 1) / 2;
    canvas.box(outline, opened ? "unit opened" : "unit");
    if (opened) diagram.opened = outline;
    for (std::size_t rail = 0; rail < rails.size(); ++rail) {
      const Point npu{outline.x + wide * (static_cast<double>(rail) + 0.5) / static_cast<double>(rails.size()), outline.centre().y};
      if (rails[rail] == gap) {
        for (int k = -1; k <= 1; ++k) canvas.circle({npu.x + 3.5 * k, npu.y}, 1, "more");
        continue;
      }
      const double y = top + bar_step * static_cast<double>(rail) + 4;
      canvas.line(npu, {npu.x, y}, hue(scene.network, "link"));
      canvas.circle({npu.x, y}, 2.4, hue(scene.network, "joint"));
      canvas.circle(npu, 4, "dot");
    }
  }
  diagram.height = bottom + 34 + 40 + 14 - scene.corner.y;
  return diagram;
}

// Dragonfly: all groups at the left, one of them at the right

Diagram draw_dragonfly(Canvas& canvas, const Scene& scene) {
  const std::vector<int> groups = shown(scene.wiring.count(scene.level), 12);
  const std::vector<int> routers = shown(scene.wiring.count(scene.level + 1), 8);
  const std::vector<int> terminals = shown(scene.wiring.count(scene.level + 2), 4);
  const double y = scene.corner.y + 132;
  const Circle left{{scene.corner.x + 112, y}, 92, 26, true}, right{{scene.corner.x + scene.width - 132, y}, 62, 22, true};
  const std::vector<Point> of_groups = places(left, groups.size()), of_routers = places(right, routers.size());
  join(canvas, left, groups, hue(scene.network, "link"));

  // The group that is opened is the rightmost one.
  std::size_t opened = 0;
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (groups[i] != gap && of_groups[i].x > of_groups[opened].x) opened = i;
  const Point from = of_groups[opened];
  canvas.polygon({{from.x, from.y - 13}, {right.centre.x, y - 118}, {right.centre.x, y + 118}, {from.x, from.y + 13}}, "zoom");
  canvas.circle(right.centre, 118, "inset");
  join(canvas, right, routers, hue(scene.network, "link"));
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (groups[i] == gap)
      dots(canvas, of_groups[i]);
    else
      canvas.box({of_groups[i].x - 13, of_groups[i].y - 13, 26, 26}, i == opened ? "unit opened" : "unit", 13);

  Diagram diagram{272, {}};
  for (std::size_t i = 0; i < routers.size(); ++i) {
    if (routers[i] == gap) {
      dots(canvas, of_routers[i]);
      continue;
    }
    for (std::size_t t = 0; t < terminals.size(); ++t) {
      const double turn = (static_cast<double>(i) + (static_cast<double>(t) - static_cast<double>(terminals.size() - 1) / 2) * 0.22) / static_cast<double>(routers.size());
      const Point at = on_circle(right.centre, 102, turn);
      if (terminals[t] == gap) continue;
      canvas.line(of_routers[i], at, hue(scene.network, "link"));
      const bool shows = i == 0 && t == terminals.size() / 2;
      const Box outline = unit(canvas, scene, at, 13, shows);
      if (shows) diagram.opened = outline;
    }
    canvas.box({of_routers[i].x - 11, of_routers[i].y - 8, 22, 16}, hue(scene.network, "switch"), 3);
  }
  return diagram;
}

}  // namespace

Diagram draw(Canvas& canvas, const Scene& scene) {
  const Network& network = scene.wiring.fabric().networks[index(scene.network)];
  if (const Clos* clos = std::get_if<Clos>(&network))
    return clos->rails ? draw_rails(canvas, scene) : draw_switch(canvas, scene, *clos);
  if (std::holds_alternative<Dragonfly>(network)) return draw_dragonfly(canvas, scene);
  if (inner_level(scene) > scene.level) return draw_grid(canvas, scene);
  return draw_circle(canvas, scene, !std::holds_alternative<Torus>(network));
}

}  // namespace superpod::topology
