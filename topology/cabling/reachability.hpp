/// Whether messages find a way between all NPUs of a graph.
#pragma once

#include "topology/cabling/cabling.hpp"

namespace superpod::topology {

/// Throws Unreachable, which names two NPUs, unless every NPU has a way to every other.
/// Cost: O(nodes + links) where no routes are given; with given routes also a look at each pair of NPUs.
void require_ways(const Cabling& cabling);

}  // namespace superpod::topology
