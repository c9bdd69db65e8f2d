#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "sim/engine/agenda.hpp"
#include "sim/engine/fluid_network.hpp"
#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"
#include "sim/values/index.hpp"

namespace superpod {

/// Devices and links at work on tasks that somebody else keeps: that one releases a task when it waits for
/// nothing more, and hears of each that has ended.
///
/// At one date: `go_to`, `take_due`, then `end_next` until there is none, while tasks may be released; then
/// `choose`. `Tasks` has `task(id)` and `span(id)`.
template <class Tasks>
class Machine {
 public:
  static constexpr TaskId none = -1;

  Machine(const Platform& platform, Tasks& tasks)
      : platform_{platform},
        tasks_{tasks},
        network_{platform},
        ready_(platform.devices.size()),
        running_(platform.devices.size(), none),
        free_since_(platform.devices.size()) {}

  [[nodiscard]] double now() const { return now_; }
  /// The date at which something happens next; infinite when nothing will.
  [[nodiscard]] double next() { return std::min({network_.share(now_), agenda_.next(), choice_}); }
  void go_to(double now) { now_ = now; }
  /// Dates no later than this are now, but for rounding.
  [[nodiscard]] double until() const { return now_ + rounding(); }

  /// All that `task` waited for has ended.
  void release(TaskId task) {
    tasks_.span(task).start = Seconds{now_};
    switch (tasks_.task(task).kind) {
      case TaskGraph::Kind::join:
        finished_.push_back(task);
        break;
      case TaskGraph::Kind::move:
        start_move(task);
        break;
      case TaskGraph::Kind::occupy: {  // it starts now at the earliest
        const DeviceId device = tasks_.task(task).target;
        ready_[index(device)].push(task);
        if (running_[index(device)] == none) idle_.push_back(device);
        break;
      }
    }
  }

  /// Finds what ends now.
  void take_due() {
    network_.take_arrived(now_, until(), finished_);
    due_.clear();
    agenda_.take_until(until(), due_);
    for (const TaskId task : due_) {
      const auto& due = tasks_.task(task);
      if (due.kind == TaskGraph::Kind::move && due.amount > 0)
        network_.start(task, due.target, due.amount, now_);
      else
        finished_.push_back(task);
    }
    chooses_ = choice_ <= until();
  }

  /// A task that has ended now; `none` when there is no more.
  TaskId end_next() {
    if (finished_.empty()) return none;
    const TaskId task = finished_.back();
    finished_.pop_back();
    tasks_.span(task).finish = Seconds{now_};
    if (tasks_.task(task).kind == TaskGraph::Kind::occupy) {
      const DeviceId device = tasks_.task(task).target;
      running_[index(device)] = none;
      free_since_[index(device)] = Seconds{now_};
      idle_.push_back(device);
    }
    return task;
  }

  /// Idle devices choose a task once all else that happens at this instant has happened: the choice may not
  /// hang on the order of simultaneous events, nor on rounding. What is chosen began when its device and
  /// itself were ready.
  void choose() {
    if (!idle_.empty() && choice_ == never) choice_ = now_ + an_instant();
    if (!chooses_) return;
    choice_ = never;
    for (const DeviceId device : idle_) start_next_on(device);
    idle_.clear();
  }

 private:
  static constexpr double never = std::numeric_limits<double>::infinity();

  /// s; dates no further apart differ by rounding only.
  [[nodiscard]] double rounding() const { return std::max(4e-15, 1e-14 * now_); }
  /// s; what is no further apart is simultaneous to a device that chooses.
  [[nodiscard]] double an_instant() const { return std::max(1e-12, 4 * rounding()); }

  void start_move(TaskId task) {
    const auto& move = tasks_.task(task);
    const double latency = platform_.routes[index(move.target)].latency.in(unit::s);
    if (latency > 0)
      agenda_.add(now_ + latency, task);
    else if (move.amount > 0)
      network_.start(task, move.target, move.amount, now_);
    else
      finished_.push_back(task);
  }

  void start_next_on(DeviceId device) {
    auto& ready = ready_[index(device)];
    if (ready.empty() || running_[index(device)] != none) return;
    const TaskId task = ready.top();
    ready.pop();
    running_[index(device)] = task;
    Span& span = tasks_.span(task);
    span.start = std::max(span.start, free_since_[index(device)]);
    agenda_.add(std::max(now_, span.start.in(unit::s) + tasks_.task(task).amount), task);
  }

  const Platform& platform_;
  Tasks& tasks_;
  double now_ = 0;

  FluidNetwork network_;
  Agenda agenda_;  // occupations that end, and moves whose latency does
  std::vector<TaskId> due_;
  std::vector<TaskId> finished_;  // at this instant, but not yet heard of

  std::vector<std::priority_queue<TaskId, std::vector<TaskId>, std::greater<>>> ready_;  // [device]
  std::vector<TaskId> running_;                                                          // [device]
  std::vector<Seconds> free_since_;                                                      // [device]
  std::vector<DeviceId> idle_;  // that may choose a task at this instant
  double choice_ = never;       // when they do
  bool chooses_ = false;        // now
};

}  // namespace superpod
