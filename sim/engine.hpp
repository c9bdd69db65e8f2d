#pragma once

#include <functional>

#include "sim/platform.hpp"
#include "sim/task_graph.hpp"
#include "sim/trace.hpp"

namespace superpod {

/// Runs every task of `work` on `platform`.
///
/// - An `occupy` keeps its device busy for its duration; a device does one task at a time, lowest id first. What happens
///   within 1e-12 s is simultaneous to it.
/// - A `move` waits for its route's latency, then its flows share the links that they cross max-min fairly, all flows
///   alike; a lone flow takes exactly latency + bytes / bandwidth.
/// - A `join` takes no time.
///
/// Throws std::logic_error when a task names a device or route that is not there, when tasks wait for each other in a
/// circle, or when a size, duration or bandwidth is negative or not finite.
/// Precise to rounding; of classes of very different sizes on one link see sim/fluid_network.hpp.
/// Valid:  a platform may be run any number of times in one process, one run at a time (SimGrid keeps global state).
/// Source: SimGrid 3.32 keeps the clock and asks our model what is next; Bertsekas & Gallager, "Data Networks", 1992,
///         section 6.5.2 (max-min).
/// `progress` is called now and then with the share of the tasks that have ended.
Trace run(const Platform& platform, const TaskGraph& work, const std::function<void(double)>& progress = {});

}  // namespace superpod
