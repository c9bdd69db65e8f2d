#pragma once

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"

namespace superpod {

/// Throw std::logic_error with what makes no sense.
void check(const Platform& platform);
void check(const TaskGraph::Task& task, const Platform& platform);
void check(const TaskGraph& work, const Platform& platform);

}  // namespace superpod
