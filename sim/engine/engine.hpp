#pragma once

#include <functional>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod {

/// Runs every task of `work` on `platform`, on SimGrid's clock: what a user sees runs so.
///
/// - An `occupy` keeps its device busy for its duration; a device does one task at a time, lowest id first.
///   What happens within 1e-12 s, or within 4e-14 of the clock where that is more, is simultaneous to it.
/// - A `move` waits for its route's latency, then its flows share the links that they cross max-min fairly,
///   all flows alike; a lone flow takes exactly latency + bytes / bandwidth.
/// - A `join` takes no time.
///
/// Throws std::logic_error when a task names a device or route that is not there, when tasks wait for each
/// other in a circle, or when a size, duration or bandwidth is negative or not finite. After any exception,
/// also of `progress`, the engine is as before.
/// Precise to rounding; of classes of very different sizes on one link see sim/engine/fluid_network.hpp.
/// Valid:  any number of times in one process and from any thread, where runs wait for each other: a process
///         has one SimGrid. A run may not begin another (std::logic_error).
/// Source: SimGrid 3.32 keeps the clock and asks our model what is next; Bertsekas & Gallager, "Data
///         Networks", 1992, section 6.5.2 (max-min).
/// `progress` is called now and then with the share of the tasks that have ended.
Trace run(const Platform& platform, const TaskGraph& work, const std::function<void(double)>& progress = {});

/// The same trace to the bit without SimGrid, on any number of threads at once: for searches and tables,
/// which run thousands.
Trace run_bare(const Platform& platform, const TaskGraph& work);

/// How large a run is; also of work that has not been planned.
struct RunSize {
  double tasks = 0, dependencies = 0, devices = 0, links = 0, routes = 0;
  double hops = 0;         ///< of all routes together
  double in_progress = 0;  ///< moves at one time, at most
};

/// `in_progress` is taken to be one move on each route, if there are so many tasks.
RunSize run_size(const Platform& platform, const TaskGraph& work);

/// What a run needs at its peak beside the platform and the task graph, within 30 %; its trace, 16 bytes a
/// task of this, remains:
///
///     1.2 MB + 24 tasks + 4 dependencies + 40 devices + 64 links + 52 routes + 28 hops + 80 in progress
///
/// SimGrid has 30 MB besides, once a process. The platform itself has 128 bytes a link and about 80 a route
/// and 16 a hop, the task graph 24 bytes a task and 8 a dependency, and up to half as much again while it
/// grows.
/// Source: the sizes of what is kept; measured by tests/bench/engine_bench.cpp.
Bytes memory_of(const RunSize& size);

}  // namespace superpod
