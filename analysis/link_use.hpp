#pragma once

#include <cstddef>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::analysis {

/// What one link class carried. A link's utilisation is what it sent over what it could have sent.
struct LinkUse {
  Bytes bytes;             ///< over all links of the class
  Bytes bytes_per_link;    ///< over one of them: all are alike
  double utilisation = 0;  ///< mean over the makespan, in [0, 1]
  double busy = 0;         ///< share of the makespan in which some move that crosses the class is under way
  std::vector<double> over_time;  ///< [bin] utilisation in bins of equal width over the makespan
};

/// What each link class of the platform carried, [link].
///
/// A move crosses a link class with `bytes of one flow * flows of its route * times of the hop`, so the bytes
/// of all links together are the bytes of all flows, each multiplied by its hops. Over time, the bytes of a
/// move are spread evenly over its span, its latency included: a bin's utilisation is that of the mean rates,
/// not of the engine's changing ones, and can exceed 1 a little where the true rate rose in the middle of a
/// move.
/// Cost: moves * hops * log(bins), besides sorting the moves.
std::vector<LinkUse> link_use(const Platform& platform, const TaskGraph& work, const Trace& trace,
                              std::size_t bins = 200);

}  // namespace superpod::analysis
