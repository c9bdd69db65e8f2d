#pragma once

#include <string>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::analysis {

/// The chain of tasks that sets the makespan: each released the next by ending.
struct CriticalPath {
  struct Part {
    std::string cause;
    Seconds time;
  };
  std::vector<TaskId> tasks;   ///< first to last, without joins and other tasks of no duration
  std::vector<Part> by_cause;  ///< adds up to the makespan; in the order of the labels, `wait` last
};

/// Walks back from the task that ended last, each time to what let a task start: of all that it depends on,
/// and of the task that held its device just before, the one that ended last (see `released_by`).
///
/// The time of each task on the chain is charged to its label's cause. Time between tasks of the chain goes
/// to `wait`; there is none when every task began as soon as it could. A shorter task off the chain changes
/// nothing; a shorter task on it helps until another chain becomes the longest.
CriticalPath critical_path(const Platform& platform, const TaskGraph& work, const Trace& trace);

}  // namespace superpod::analysis
