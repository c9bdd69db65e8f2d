#include "analysis/released_by.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace superpod::analysis {
namespace {

bool occupies(const TaskGraph::Task& task) { return task.kind == TaskGraph::Kind::occupy; }

void check_matches(const Platform& platform, const TaskGraph& work, const Trace& trace) {
  if (trace.tasks.size() != work.tasks().size())
    throw std::logic_error{"a trace of " + std::to_string(trace.tasks.size()) +
                           " tasks is not one of a graph of " + std::to_string(work.tasks().size())};
  for (const TaskGraph::Task& task : work.tasks())
    if (occupies(task) &&
        (task.target < 0 || static_cast<std::size_t>(task.target) >= platform.devices.size()))
      throw std::logic_error{"a task occupies device " + std::to_string(task.target) +
                             ", which is not there"};
}

}  // namespace

DeviceOrder::DeviceOrder(const Platform& platform, const TaskGraph& work, const Trace& trace)
    : first_(platform.devices.size() + 1, 0) {
  check_matches(platform, work, trace);
  for (const TaskGraph::Task& task : work.tasks())
    if (occupies(task)) ++first_[static_cast<std::size_t>(task.target) + 1];
  for (std::size_t d = 1; d < first_.size(); ++d) first_[d] += first_[d - 1];

  tasks_.resize(first_.back());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t i = 0; i < work.tasks().size(); ++i)
    if (const auto& task = work.tasks()[i]; occupies(task))
      tasks_[next[static_cast<std::size_t>(task.target)]++] = static_cast<TaskId>(i);

  const auto when = [&](TaskId id) {
    const Span& span = trace.tasks[static_cast<std::size_t>(id)];
    return std::tuple{span.start, span.finish, id};
  };
  for (std::size_t d = 0; d + 1 < first_.size(); ++d)
    std::ranges::sort(tasks_.begin() + static_cast<std::ptrdiff_t>(first_[d]),
                      tasks_.begin() + static_cast<std::ptrdiff_t>(first_[d + 1]), {}, when);
}

std::span<const TaskId> DeviceOrder::tasks(DeviceId device) const {
  const auto d = static_cast<std::size_t>(device);
  return std::span{tasks_}.subspan(first_[d], first_[d + 1] - first_[d]);
}

std::vector<TaskId> released_by(const DeviceOrder& order, const Platform& platform, const TaskGraph& work,
                                const Trace& trace) {
  const auto span = [&](TaskId id) { return trace.tasks[static_cast<std::size_t>(id)]; };
  std::vector<TaskId> released(work.tasks().size(), no_task);
  const auto later = [&](TaskId one, TaskId other) {  // by more than rounding, which is no reason
    constexpr double rounding = 1e-12;
    return span(one).finish > span(other).finish * (1 + rounding) + rounding * unit::s;
  };
  const auto offer = [&](TaskId before, TaskId after) {
    TaskId& best = released[static_cast<std::size_t>(after)];
    if (best == no_task || later(before, best)) best = before;
  };
  for (const auto& [before, after] : work.dependencies()) offer(before, after);
  for (std::size_t d = 0; d < platform.devices.size(); ++d) {
    TaskId holder = no_task;
    for (const TaskId id : order.tasks(static_cast<DeviceId>(d))) {
      if (holder != no_task) offer(holder, id);
      if (span(id).finish > span(id).start) holder = id;
    }
  }
  return released;
}

std::vector<TaskId> released_by(const Platform& platform, const TaskGraph& work, const Trace& trace) {
  return released_by(DeviceOrder{platform, work, trace}, platform, work, trace);
}

Causes::Causes(const TaskGraph& work) {
  for (const Label& label : work.labels()) of_label_.push_back(add(label.cause));
  const auto bare = [&](const TaskGraph::Task& task) {
    return task.kind != TaskGraph::Kind::join && task.label < 0;
  };
  if (std::ranges::any_of(work.tasks(), bare)) unlabelled_ = add("unlabelled");
}

std::size_t Causes::of(const TaskGraph::Task& task) const {
  return task.label < 0 ? unlabelled_ : of_label_[static_cast<std::size_t>(task.label)];
}

std::size_t Causes::add(const std::string& cause) {
  const auto found = std::ranges::find(names_, cause);
  const auto place = static_cast<std::size_t>(found - names_.begin());
  if (found == names_.end()) names_.push_back(cause);
  return place;
}

}  // namespace superpod::analysis
