/// How the entries of a list of faults name parts of a graph.
#pragma once

#include <vector>

#include "models/faults/faults.hpp"
#include "models/faults/graph_parts.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// What is wrong with them, what has no meaning on a graph included: each with the key it concerns.
std::vector<topology::Flaw> flaws_of_entries(const Faults& faults, const GraphParts& parts);

}  // namespace superpod::models
