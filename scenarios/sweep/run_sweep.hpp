#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "analysis/result.hpp"
#include "models/work/work.hpp"
#include "scenarios/sweep/sweep.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

struct SweepRequest {
  std::filesystem::path output;  ///< results; `<output>.journal` beside it while the sweep runs
  bool resume = false;           ///< goes on with what is there
  int jobs = 0;  ///< processes that run points, of each rank; 0: all processors, or one for a rank
  models::Detail detail = models::Detail::folded;
  std::chrono::duration<double> between_snapshots = std::chrono::seconds{3};
};

struct SweepProgress {
  std::int64_t points = 0, done = 0;
  std::int64_t found = 0;  ///< done by an earlier run
  std::int64_t mistakes = 0, failed = 0;
  std::chrono::duration<double> passed{};
};

struct SweepEnd {
  analysis::Result result;
  SweepProgress progress;
  bool is_stopped = false;   ///< `stop` was set before all points had ended
  bool is_follower = false;  ///< another rank has the result
};

/// Runs every point that has no outcome yet, and writes the results file, now and then and at the end: the
/// same bytes in whatever order the points end, on however many processes and ranks, with however many
/// interruptions.
///
/// A point whose process dies, or that fails for another reason of the machine, is run once more; then it has
/// failed. With `resume` points that have failed are run again. The journal is removed when every point has
/// ended and none has failed. Throws ScenarioError when the output is there and `resume` is not asked for, or
/// when it is of another sweep; std::runtime_error with the path when a file cannot be written: what was done
/// is kept then.
SweepEnd run_sweep(const SweepFile& file, const Library& library, const SweepRequest& request,
                   const std::function<void(const SweepProgress&)>& progress, const std::atomic<bool>& stop);

}  // namespace superpod::scenarios
