/// Where the step goes, seen from the ranks.
#pragma once

#include <string>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::analysis {

/// The step of each rank split into causes, and the mean over ranks. Every row adds up to the makespan.
struct TimeByCause {
  std::vector<std::string> causes;  ///< those of the labels, in their order; `bubble` is always among them
  std::vector<std::vector<Seconds>> ranks;  ///< [rank][cause]
  std::vector<Seconds> mean;                ///< [cause] over ranks, weighted with their counts
  std::vector<Seconds> busy;                ///< [rank] the compute stream is occupied
};

/// Splits [0, makespan] of each rank, as its compute stream (the first device listed for it) sees it:
///
/// - *Busy*: while the stream does a task, time goes to the cause of that task's label.
/// - *Exposed*: while it idles because something that it needs is still under way at its own rank (a `move`
///   from or to this rank, or a task on another of its devices), time goes to the cause of that task's label.
///   What happens behind a busy stream is hidden and counts nowhere, so a communication cause holds only its
///   exposed part.
/// - *Bubble*: while it idles for any other reason (it waits for the devices or moves of other ranks, or has
///   nothing left to do), time goes to `bubble`.
///
/// What an idle stream waits for is found backwards in time: from the task that ends the gap to the one that
/// released it (see `released_by`), to the one that released that, and so on until the gap's beginning. Idle
/// time after the last task is walked back from the end of the last move of this rank, as it is not done
/// before; what follows that is bubble.
///
/// Cost: linear in tasks and dependencies, besides sorting the tasks of each rank, however many ranks share a
/// chain.
TimeByCause time_by_cause(const Platform& platform, const TaskGraph& work, const Trace& trace);

}  // namespace superpod::analysis
