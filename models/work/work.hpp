#pragma once

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"

namespace superpod::models {

/// What a workload comes down to: the platform that it sees, and the tasks that run on it.
struct Work {
  Platform platform;
  TaskGraph work;
};

/// Whether classes of equal ranks are simulated by one member each, or every rank by itself.
enum class Detail { folded, full };

}  // namespace superpod::models
