/// Where the picture of one network, or of one level of it, stands.
#pragma once

#include "topology/fabric/wiring.hpp"
#include "topology/pictures/canvas.hpp"

namespace superpod::topology {

/// What is drawn and where.
struct Scene {
  const Wiring& wiring;
  int network = 0;
  int level = 0;  ///< Clos: units of this level; other networks: their outermost level
  Point corner;   ///< upper left
  double width = 0;
};

struct Diagram {
  double height = 0;
  Box opened;  ///< the unit that the next picture shows from the inside
};

}  // namespace superpod::topology
