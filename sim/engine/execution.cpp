#include "sim/engine/execution.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// s; dates no further apart differ by rounding only.
double rounding(double now) { return std::max(4e-15, 1e-14 * now); }

/// s; what is no further apart is simultaneous to a device that chooses.
double an_instant(double now) { return std::max(1e-12, 4 * rounding(now)); }

}  // namespace

Execution::Execution(const Platform& platform, const TaskGraph& work, std::span<Span> spans)
    : platform_{platform},
      tasks_{work.tasks()},
      spans_{spans},
      network_{platform},
      ready_(platform.devices.size()),
      running_(platform.devices.size(), none),
      free_since_(platform.devices.size()),
      choice_{never} {
  build_followers(work.dependencies());
}

void Execution::build_followers(const std::vector<TaskGraph::Dependency>& dependencies) {
  if (dependencies.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::runtime_error{"more than 4,294,967,295 dependencies between tasks"};
  waits_for_.resize(tasks_.size());
  first_.resize(tasks_.size() + 1);
  followers_.resize(dependencies.size());
  for (const auto& d : dependencies) {
    ++first_[index(d.before)];
    ++waits_for_[index(d.after)];
  }
  std::uint32_t end = 0;
  for (std::uint32_t& followers : first_) followers = end += followers;
  for (auto d = dependencies.rbegin(); d != dependencies.rend(); ++d)
    followers_[--first_[index(d->before)]] = d->after;
}

double Execution::next(double now) {
  if (!begun_) return 0;
  return std::min({network_.share(now), agenda_.next(), choice_});
}

void Execution::happen(double now) {
  now_ = now;
  if (!begun_) {
    begun_ = true;
    for (std::size_t t = 0; t < tasks_.size(); ++t)
      if (waits_for_[t] == 0) release(static_cast<TaskId>(t));
  }
  const double until = now + rounding(now);
  network_.take_arrived(now, until, finished_);
  due_.clear();
  agenda_.take_until(until, due_);
  for (const TaskId task : due_) {
    const auto& due = tasks_[index(task)];
    if (due.kind == TaskGraph::Kind::move && due.amount > 0)
      network_.start(task, due.target, due.amount, now);
    else
      finished_.push_back(task);
  }
  const bool chooses = choice_ <= until;
  settle();
  if (chooses) choose();
}

/// All that `task` waited for has ended.
void Execution::release(TaskId task) {
  spans_[index(task)].start = Seconds{now_};
  switch (tasks_[index(task)].kind) {
    case TaskGraph::Kind::join:
      finished_.push_back(task);
      break;
    case TaskGraph::Kind::move:
      start_move(task);
      break;
    case TaskGraph::Kind::occupy: {  // it starts now at the earliest
      const DeviceId device = tasks_[index(task)].target;
      ready_[index(device)].push(task);
      if (running_[index(device)] == none) idle_.push_back(device);
      break;
    }
  }
}

void Execution::start_move(TaskId task) {
  const auto& move = tasks_[index(task)];
  const double latency = platform_.routes[index(move.target)].latency.in(unit::s);
  if (latency > 0)
    agenda_.add(now_ + latency, task);
  else if (move.amount > 0)
    network_.start(task, move.target, move.amount, now_);
  else
    finished_.push_back(task);
}

/// Ends what is finished and releases its followers.
void Execution::settle() {
  while (!finished_.empty()) {
    const TaskId task = finished_.back();
    finished_.pop_back();
    end(task);
    for (std::uint32_t f = first_[index(task)]; f < first_[index(task) + 1]; ++f)
      if (--waits_for_[index(followers_[f])] == 0) release(followers_[f]);
  }
  if (!idle_.empty() && choice_ == never) choice_ = now_ + an_instant(now_);
}

void Execution::end(TaskId task) {
  spans_[index(task)].finish = Seconds{now_};
  ++ended_;
  if (tasks_[index(task)].kind != TaskGraph::Kind::occupy) return;
  const DeviceId device = tasks_[index(task)].target;
  running_[index(device)] = none;
  free_since_[index(device)] = Seconds{now_};
  idle_.push_back(device);
}

/// Idle devices choose a task once all else that happens at this instant has happened: the choice may not
/// hang on the order of simultaneous events, nor on rounding. What is chosen began when its device and itself
/// were ready.
void Execution::choose() {
  choice_ = never;
  for (const DeviceId device : idle_) start_next_on(device);
  idle_.clear();
}

void Execution::start_next_on(DeviceId device) {
  auto& ready = ready_[index(device)];
  if (ready.empty() || running_[index(device)] != none) return;
  const TaskId task = ready.top();
  ready.pop();
  running_[index(device)] = task;
  Span& span = spans_[index(task)];
  span.start = std::max(span.start, free_since_[index(device)]);
  agenda_.add(std::max(now_, span.start.in(unit::s) + tasks_[index(task)].amount), task);
}

}  // namespace superpod
