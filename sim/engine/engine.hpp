#pragma once

#include <functional>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod {

/// Runs every task of `work` on `platform`.
///
/// - An `occupy` keeps its device busy for its duration; a device does one task at a time, lowest id first.
///   What happens within 1e-12 s, or within 4e-14 of the clock where that is more, is simultaneous to it.
/// - A `move` waits for its route's latency, then its flows share the links that they cross max-min fairly,
///   all flows alike; a lone flow takes exactly latency + bytes / bandwidth.
/// - A `join` takes no time.
///
/// Throws std::logic_error when a task names a device or route that is not there, when tasks wait for each
/// other in a circle, or when a size, duration or bandwidth is negative or not finite.
/// Precise to rounding; of classes of very different sizes on one link see sim/engine/fluid_network.hpp.
/// Valid:  a platform may be run any number of times in one process, one run at a time (SimGrid keeps global
///         state).
/// Source: SimGrid 3.32 keeps the clock and asks our model what is next; Bertsekas & Gallager, "Data
///         Networks", 1992, section 6.5.2 (max-min).
/// `progress` is called now and then with the share of the tasks that have ended.
Trace run(const Platform& platform, const TaskGraph& work, const std::function<void(double)>& progress = {});

/// How large a run is; also of work that has not been planned.
struct RunSize {
  double tasks = 0, dependencies = 0, devices = 0, links = 0, routes = 0;
  double hops = 0;         ///< of all routes together
  double in_progress = 0;  ///< moves at one time, at most
};

/// `in_progress` is taken to be one move on each route, if there are so many tasks.
RunSize run_size(const Platform& platform, const TaskGraph& work);

/// What `run` needs at its peak beside the platform and the task graph, within 30 %:
///
///     2 MB + max(24 tasks + 4 dependencies + 40 devices + 64 links + 52 routes + 28 hops + 80 in progress,
///                32 tasks)
///
/// The first is of the process that simulates; the second is the trace, while its caller gets a copy. The
/// platform itself has 128 bytes a link and about 80 a route and 16 a hop, the task graph 24 bytes a task and
/// 8 a dependency, and up to half as much again while it grows.
/// Source: the sizes of what is kept; measured by tests/bench/engine_bench.cpp.
Bytes memory_of(const RunSize& size);

}  // namespace superpod
