/// What all diagrams are made of: units, gaps where units are left out, and the colours of networks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "topology/pictures/scene.hpp"

namespace superpod::topology {

inline constexpr int gap = -1;  ///< in a list of shown units: some are left out here

/// Which of `count` units are drawn: all, or the first ones, a gap and the last one.
std::vector<int> shown(int count, int most);

/// The innermost level of the scene's network.
int inner_level(const Scene& scene);

/// NPUs in one unit of a level.
double npus_in(const Wiring& wiring, int level);

/// Classes with the colour of a network.
std::string hue(int network, std::string_view classes);

struct Mark {
  Point centre;
  double size = 0;
  bool opened = false;  ///< the next picture shows it from the inside
};

/// A unit: an NPU, or a box with dots for what it holds and a bar for its switch. Returns its outline.
Box unit(Canvas& canvas, const Scene& scene, const Mark& mark);

/// Three dots where units are left out.
void dots(Canvas& canvas, Point centre, bool upright = false);

}  // namespace superpod::topology
