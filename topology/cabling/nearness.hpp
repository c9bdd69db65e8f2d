/// In which order the NPUs of a graph are near each other.
#pragma once

#include <vector>

#include "topology/cabling/cabling.hpp"

namespace superpod::topology {

/// [place] an NPU (as npus_of counts them), so that NPUs at neighbouring places are near, and near ones fill
/// whole runs of places: where a file lists the NPUs of its boards in disorder, board follows board.
///
/// How far two are from each other is the time of a message of 1 MiB, alone, with a link's time paid on each:
///
///     latency + links * 1 MiB / bandwidth of all shortest ways together; the longer one of both directions
///
/// From the first NPU of the file (or the one farthest from all others, if one is) a run grows by the NPU
/// that is nearest to those in it on average, until the next one would be farther than all so far; then a run
/// begins at the NPU nearest to the last. Ties go to the one with which more are equally near, then to the
/// first in the file.
/// Valid: to 4,096 NPUs, whose distances are held at once; beyond, the order of the file.
/// Cost: O(NPUs * (links + NPUs)).
std::vector<int> by_nearness(const Cabling& cabling);

}  // namespace superpod::topology
