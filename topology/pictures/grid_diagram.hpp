/// Meshes and tori of two and more levels: rows, columns, and layers behind each other for the third level.
#pragma once

#include "topology/pictures/scene.hpp"

namespace superpod::topology {

Diagram draw_grid(Canvas& canvas, const Scene& scene);

}  // namespace superpod::topology
