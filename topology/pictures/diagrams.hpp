/// The picture of one network, or of one level of it: who is joined with whom, and which unit is opened
/// further down.
#pragma once

#include "topology/pictures/scene.hpp"

namespace superpod::topology {

Diagram draw(Canvas& canvas, const Scene& scene);

}  // namespace superpod::topology
