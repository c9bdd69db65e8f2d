#include "topology/pictures/diagrams.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/values/index.hpp"
#include "topology/pictures/diagram_units.hpp"
#include "topology/pictures/grid_diagram.hpp"

namespace superpod::topology {
namespace {

// Circles: full mesh or ring of one level

Point on_circle(Point centre, double radius, double turn) {
  const double angle = 2 * std::numbers::pi * turn + std::numbers::pi / 2;  // from the bottom, anticlockwise
  return {centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)};
}

struct Circle {
  Point centre;
  double radius = 0;
  double unit_size = 0;
};

/// The places of the units; a gap has one too.
std::vector<Point> places(const Circle& circle, std::size_t count) {
  std::vector<Point> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(
        on_circle(circle.centre, circle.radius, static_cast<double>(i) / static_cast<double>(count)));
  return result;
}

/// Neighbours on the circle; the last one and the first are neighbours too. Dashed where units are left out.
void join_neighbours(Canvas& canvas, const Circle& circle, const std::vector<int>& units,
                     const std::string& classes) {
  const std::vector<Point> at = places(circle, units.size());
  const std::size_t n = units.size();
  for (std::size_t i = 0; i < (n > 2 ? n : n - 1); ++i) {
    const std::size_t next = (i + 1) % n;
    const bool cut = units[i] == gap || units[next] == gap;
    canvas.line(at[i], at[next], cut ? classes + " dashed" : classes);
  }
}

void join_pairs(Canvas& canvas, const Circle& circle, const std::vector<int>& units,
                const std::string& classes) {
  const std::vector<Point> at = places(circle, units.size());
  for (std::size_t i = 0; i < units.size(); ++i)
    for (std::size_t j = i + 1; j < units.size(); ++j)
      if (units[i] != gap && units[j] != gap) canvas.line(at[i], at[j], classes);
}

Diagram draw_circle(Canvas& canvas, const Scene& scene, bool meshed) {
  const std::vector<int> units = shown(scene.wiring.count(scene.level), 12);
  const Circle circle{
      {scene.corner.x + scene.width / 2, scene.corner.y + 138}, 105, units.size() > 9 ? 32.0 : 38.0};
  (meshed ? join_pairs : join_neighbours)(canvas, circle, units, hue(scene.network, "link"));
  const std::vector<Point> at = places(circle, units.size());
  Diagram diagram{262, {}};
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i] == gap) {
      canvas.circle(at[i], 15, "gap");
      dots(canvas, at[i]);
      continue;
    }
    const Box outline = unit(canvas, scene, {at[i], circle.unit_size, i == 0});
    if (i == 0) diagram.opened = outline;
  }
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
    result.at.push_back(
        {scene.corner.x + scene.width / 2 + (static_cast<double>(i) - (n - 1) / 2) * step, y});
  return result;
}

/// The switches that join the units of a level, if they stand right above it: their node family.
int switches_above(const Scene& scene) {
  const auto& families = scene.wiring.node_families();
  for (int f = 1; f < static_cast<int>(families.size()); ++f) {
    const auto& has = families[index(f)].has;
    if (families[index(f)].network == scene.network && !has[index(scene.level)] &&
        (scene.level == 0 || has[index(scene.level - 1)]))
      return f;
  }
  return absent;
}

/// One card for each plane, behind each other.
void planes(Canvas& canvas, const Box& front, int count, const std::string& classes) {
  for (int i = count - 1; i >= 0; --i)
    canvas.box({front.x + 5 * i, front.y - 5 * i, front.width, front.height}, classes);
}

Diagram draw_switch(Canvas& canvas, const Scene& scene, const Clos& clos) {
  const Row units = row(scene, 9, scene.corner.y + 144);
  const int above = switches_above(scene);
  const double size = 40;
  const double middle = scene.corner.x + scene.width / 2;
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
    const Box outline = unit(canvas, scene, {units.at[i], size, opened});
    if (opened) diagram.opened = outline;
  }
  return diagram;
}

/// Rail-optimised: a bar for each inner position, and in each unit a place for each of them.
struct Rails {
  std::vector<int> positions;
  double top = 0;     // of the first bar
  double middle = 0;  // from the left of the page
  double reach = 0;   // half the length of a bar

  static constexpr double step = 14;
  [[nodiscard]] double y(std::size_t rail) const { return top + step * static_cast<double>(rail); }
};

void draw_bars(Canvas& canvas, const Scene& scene, const Rails& rails) {
  for (std::size_t rail = 0; rail < rails.positions.size(); ++rail)
    if (rails.positions[rail] == gap)
      dots(canvas, {rails.middle, rails.y(rail) + 4});
    else
      canvas.box({rails.middle - rails.reach, rails.y(rail), 2 * rails.reach, 8}, hue(scene.network, "rail"),
                 3);
}

/// The NPUs of one unit, each joined with its own rail.
void join_rails(Canvas& canvas, const Scene& scene, const Rails& rails, const Box& outline) {
  const auto n = static_cast<double>(rails.positions.size());
  for (std::size_t rail = 0; rail < rails.positions.size(); ++rail) {
    const Point npu{outline.x + outline.width * (static_cast<double>(rail) + 0.5) / n, outline.centre().y};
    if (rails.positions[rail] == gap) {
      for (int k = -1; k <= 1; ++k) canvas.circle({npu.x + 3.5 * k, npu.y}, 1, "more");
      continue;
    }
    const Point joint{npu.x, rails.y(rail) + 4};
    canvas.line(npu, joint, hue(scene.network, "link"));
    canvas.circle(joint, 2.4, hue(scene.network, "joint"));
    canvas.circle(npu, 4, "dot");
  }
}

Diagram draw_rails(Canvas& canvas, const Scene& scene) {
  const std::vector<int> units = shown(scene.wiring.count(scene.level), 4);
  const auto n = static_cast<double>(units.size());
  const Point size{104, 40};
  const double step = std::min(scene.width / n, 130.0);
  const double middle = scene.corner.x + scene.width / 2;
  const int positions = static_cast<int>(npus_in(scene.wiring, inner_level(scene)));
  const Rails rails{shown(positions, 8), scene.corner.y + 12, middle, step * (n - 1) / 2 + size.x / 2};
  draw_bars(canvas, scene, rails);
  const double y = rails.y(rails.positions.size()) + 34;
  Diagram diagram{y + size.y + 14 - scene.corner.y, {}};
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Box outline{middle + (static_cast<double>(i) - (n - 1) / 2) * step - size.x / 2, y, size.x, size.y};
    if (units[i] == gap) {
      dots(canvas, outline.centre());
      continue;
    }
    const bool opened = i == (units.size() - 1) / 2;
    canvas.box(outline, opened ? "unit opened" : "unit");
    if (opened) diagram.opened = outline;
    join_rails(canvas, scene, rails, outline);
  }
  return diagram;
}

// Dragonfly: all groups at the left, one of them at the right

/// All groups, and a wedge from one of them to where it is opened.
void draw_groups(Canvas& canvas, const Scene& scene, const Circle& circle, const Box& inset) {
  const std::vector<int> groups = shown(scene.wiring.count(scene.level), 12);
  const std::vector<Point> at = places(circle, groups.size());
  std::size_t opened = 0;  // the rightmost one
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (groups[i] != gap && at[i].x > at[opened].x) opened = i;
  join_pairs(canvas, circle, groups, hue(scene.network, "link"));
  const double half = circle.unit_size / 2;
  const double middle = inset.centre().x;
  const Point from = at[opened];
  canvas.polygon(
      {{from.x, from.y - half}, {middle, inset.y}, {middle, inset.bottom()}, {from.x, from.y + half}},
      "zoom");
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (groups[i] == gap)
      dots(canvas, at[i]);
    else
      canvas.box({at[i].x - half, at[i].y - half, 2 * half, 2 * half}, i == opened ? "unit opened" : "unit",
                 half);
}

struct Router {
  Point at;
  double turn = 0;  // where it stands on its circle
  bool opened = false;
};

/// The terminals of one router, outside of it; returns the outline of the first.
Box draw_terminals(Canvas& canvas, const Scene& scene, const Circle& circle, const Router& router) {
  const std::vector<int> terminals = shown(scene.wiring.count(scene.level + 2), 4);
  const double routers = std::min(8, scene.wiring.count(scene.level + 1));
  Box first;
  for (std::size_t t = 0; t < terminals.size(); ++t) {
    if (terminals[t] == gap) continue;
    const double aside = (static_cast<double>(t) - static_cast<double>(terminals.size() - 1) / 2) * 0.22;
    const Point at = on_circle(circle.centre, circle.radius + 40, router.turn + aside / routers);
    canvas.line(router.at, at, hue(scene.network, "link"));
    const Box outline = unit(canvas, scene, {at, circle.unit_size, router.opened && t == 0});
    if (t == 0) first = outline;
  }
  return first;
}

/// The routers of one group with their terminals around them; returns the outline of one terminal, which is
/// opened.
Box draw_routers(Canvas& canvas, const Scene& scene, const Circle& circle) {
  const std::vector<int> routers = shown(scene.wiring.count(scene.level + 1), 8);
  const std::vector<Point> at = places(circle, routers.size());
  Box opened;
  join_pairs(canvas, circle, routers, hue(scene.network, "link"));
  for (std::size_t i = 0; i < routers.size(); ++i) {
    if (routers[i] == gap) {
      dots(canvas, at[i]);
      continue;
    }
    const double turn = static_cast<double>(i) / static_cast<double>(at.size());
    const Box first = draw_terminals(canvas, scene, circle, {at[i], turn, i == 0});
    if (i == 0) opened = first;
    canvas.box({at[i].x - 11, at[i].y - 8, 22, 16}, hue(scene.network, "switch"), 3);
  }
  return opened;
}

Diagram draw_dragonfly(Canvas& canvas, const Scene& scene) {
  const double y = scene.corner.y + 132;
  const double radius = 118;
  const Circle groups{{scene.corner.x + 112, y}, 92, 26};
  const Circle routers{{scene.corner.x + scene.width - 132, y}, 62, 13};
  draw_groups(canvas, scene, groups, {routers.centre.x - radius, y - radius, 2 * radius, 2 * radius});
  canvas.circle(routers.centre, radius, "inset");
  return {264, draw_routers(canvas, scene, routers)};
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
