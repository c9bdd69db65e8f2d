#include "topology/pictures/diagram_units.hpp"

#include <algorithm>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

/// The level whose units are drawn: of a Clos the one in question, of other networks their innermost.
int unit_level(const Scene& scene) {
  const bool clos = std::holds_alternative<Clos>(scene.wiring.fabric().networks[index(scene.network)]);
  return clos ? scene.level : inner_level(scene);
}

/// Whether a switch of this network stands in each unit.
bool has_switch(const Scene& scene) {
  const std::size_t level = index(unit_level(scene));
  return std::ranges::any_of(scene.wiring.node_families(), [&](const NodeFamily& family) {
    return family.network == scene.network && family.has[level] &&
           (level + 1 == max_levels || !family.has[level + 1]);
  });
}

/// As many dots as NPUs, up to nine.
void contents(Canvas& canvas, Point centre, double size, double npus) {
  const int columns = npus >= 9 ? 3 : npus >= 4 ? 2 : static_cast<int>(npus);
  const int rows = npus >= 9 ? 3 : npus >= 4 ? 2 : 1;
  const double step = size / (std::max(columns, rows) + 1);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const double x = centre.x + (column - (columns - 1) / 2.0) * step;
      canvas.circle({x, centre.y + (row - (rows - 1) / 2.0) * step}, size / 14, "dot");
    }
}

}  // namespace

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

double npus_in(const Wiring& wiring, int level) {
  double product = 1;
  for (int l = level + 1; l < wiring.levels(); ++l) product *= wiring.count(l);
  return product;
}

std::string hue(int network, std::string_view classes) {
  return std::string{classes} + " n" + std::to_string(network % 6);
}

Box unit(Canvas& canvas, const Scene& scene, const Mark& mark) {
  const auto [centre, size, opened] = mark;
  const Box outline{centre.x - size / 2, centre.y - size / 2, size, size};
  const int level = unit_level(scene);
  if (level == scene.wiring.levels() - 1) {
    canvas.box(outline, opened ? "npu opened" : "npu", 3);
    return outline;
  }
  canvas.box(outline, opened ? "unit opened" : "unit", 4);
  contents(canvas, centre, size, npus_in(scene.wiring, level));
  if (has_switch(scene))
    canvas.box({outline.x + size * 0.15, outline.y - 4, size * 0.7, 8}, hue(scene.network, "switch"), 2);
  return outline;
}

void dots(Canvas& canvas, Point centre, bool upright) {
  for (int i = -1; i <= 1; ++i)
    canvas.circle({centre.x + (upright ? 0 : 6 * i), centre.y + (upright ? 6 * i : 0)}, 1.6, "more");
}

}  // namespace superpod::topology
