/// What each task waited for: the ground on which the critical path and the causes of idle time stand.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::analysis {

inline constexpr TaskId no_task = -1;

/// The tasks of each device, in the order in which the device did them.
class DeviceOrder {
 public:
  DeviceOrder(const Platform& platform, const TaskGraph& work, const Trace& trace);

  [[nodiscard]] std::span<const TaskId> tasks(DeviceId device) const;

 private:
  std::vector<std::size_t> first_;  ///< [device], and one more: where its tasks begin in `tasks_`
  std::vector<TaskId> tasks_;
};

/// For each task the one whose end let it start, or `no_task`: of all that it depends on, and of the task
/// that held its device just before, the one that ended last. Among equals, which 1e-12 (of a
/// second, and of the date) does not tell apart, the dependency that was declared first.
///
/// Following it from any task leads back to time 0 without a gap, because a task starts as soon as it may.
/// A task of no duration holds no device. Throws std::logic_error when `trace` is not one of `work`.
/// Cost: linear in tasks and dependencies, besides sorting the tasks of each device.
std::vector<TaskId> released_by(const Platform& platform, const TaskGraph& work, const Trace& trace);

/// The same, for who has the order of the devices already.
std::vector<TaskId> released_by(const DeviceOrder& order, const Platform& platform, const TaskGraph& work,
                                const Trace& trace);

/// What the time of tasks is charged to: the causes of the labels, each once, in the order of the labels;
/// then `unlabelled`, if a task other than a join has no label.
class Causes {
 public:
  explicit Causes(const TaskGraph& work);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] std::size_t of(const TaskGraph::Task& task) const;  ///< a place in `names`
  std::size_t add(const std::string& cause);                        ///< the place of `cause`, new or old

 private:
  std::vector<std::string> names_;
  std::vector<std::size_t> of_label_;  ///< [label]
  std::size_t unlabelled_ = 0;
};

}  // namespace superpod::analysis
