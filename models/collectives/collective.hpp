/// Collectives as task graphs, on any fabric and mapping: what is done (operations/) and how (algorithms/).
/// Closed forms for idle networks: closed_forms.hpp.
#pragma once

#include <vector>

#include "models/collectives/algorithms/algorithm.hpp"
#include "models/collectives/operations/operation.hpp"
#include "sim/platform/task_graph.hpp"
#include "topology/fabric/wiring.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::models {

/// An operation as it is asked for, and how it is done.
struct Undertaking {
  Operation operation;
  Method method;
  Asked asked;
};

/// Reduces the groups of `digits` to what the operation and its algorithm keep. Call it for every collective
/// before the grid is folded.
/// For an operation with ends (a root, a destination) these must be singled out as well.
void restrict_for(topology::Grid& grid, const topology::Wiring& wiring, const std::vector<int>& digits,
                  const Undertaking& what);
void restrict_for(topology::Grid& grid, const topology::Wiring& wiring, const std::vector<int>& digits,
                  Operation operation, const Method& method);

/// Appends its tasks: all ranks take part, in groups over `digits` (innermost first), and begin at once.
void append(const Undertaking& what, topology::RankClasses& classes, const std::vector<int>& digits,
            TaskGraph& work);

}  // namespace superpod::models
