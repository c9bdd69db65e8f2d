/// SimGrid's own network, as a second opinion on how moves share links.
#pragma once

#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"

namespace superpod {

/// [task] when each move and join of `work` ends by SimGrid's network model, in seconds; nothing of it is
/// ours but the routes and the weights.
///
/// Valid: for links crossed a whole number of times, and classes of flows that differ by no more than about
///        1e6: SimGrid's solver has one absolute precision for all. Sizes above zero; they are rounded to
///        whole bytes, of which the largest move has 1e18. No occupations.
/// Cost:  of each arrival, the number of moves in progress.
/// Source: SimGrid 3.32, network model CM02.
std::vector<double> ends_by_simgrid(const Platform& platform, const TaskGraph& work);

}  // namespace superpod
