#include "sim/engine/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "sim/engine/checks.hpp"
#include "sim/values/index.hpp"

namespace superpod {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

const Platform& checked(const Platform& platform) {
  check(platform);
  return platform;
}

/// True as long as it lives.
class While {
 public:
  explicit While(bool& flag) : flag_{flag} { flag_ = true; }
  ~While() { flag_ = false; }
  While(const While&) = delete;
  While& operator=(const While&) = delete;

 private:
  bool& flag_;
};

}  // namespace

Simulation::Simulation(const Platform& platform, Ended ended)
    : platform_{checked(platform)}, tasks_{ended}, machine_{platform_, tasks_} {}

TaskId Simulation::add(const TaskGraph::Task& task, std::span<const TaskId> after) {
  check(task, platform_);
  for (const TaskId before : after) require_task(before);
  const TaskId added = tasks_.add(task);
  for (const TaskId before : after)
    if (!tasks_.has_ended(before)) {
      ++tasks_.entry(added).waits_for;
      hear_of(before, added, {});
    }
  if (tasks_.entry(added).waits_for == 0) release(added);
  return added;
}

void Simulation::release(TaskId task) {
  if (happens_)
    machine_.release(task);
  else
    unreleased_.push_back(task);
}

void Simulation::at(Seconds date, Call call) {
  if (!std::isfinite(date.in(unit::s))) throw std::logic_error{"simulation: a call at no date"};
  appointments_.push({std::max(date.in(unit::s), machine_.now()), asked_++, std::move(call)});
}

void Simulation::when_ended(TaskId task, Call call) {
  require_task(task);
  if (tasks_.has_ended(task))
    at(now(), std::move(call));
  else
    hear_of(task, -1, std::move(call));
}

void Simulation::hear_of(TaskId task, TaskId follower, Call call) {
  std::int32_t added = free_hearer_;
  if (added < 0) {
    added = static_cast<std::int32_t>(hearers_.size());
    hearers_.emplace_back();
  }
  Hearer& hearer = hearers_[index(added)];
  free_hearer_ = hearer.next;
  hearer = {follower, std::move(call), -1};
  auto& of = tasks_.entry(task);
  (of.first_heard_by < 0 ? of.first_heard_by : hearers_[index(of.last_heard_by)].next) = added;
  of.last_heard_by = added;
}

void Simulation::require_task(TaskId task) const {
  if (task < 0 || task >= tasks_.next()) throw std::logic_error{"simulation: no such task"};
}

bool Simulation::has_ended(TaskId task) const {
  require_task(task);
  return tasks_.has_ended(task);
}

Span Simulation::span(TaskId task) const {
  require_task(task);
  if (tasks_.is_forgotten(task)) throw std::logic_error{"simulation: this task has been forgotten"};
  if (!tasks_.entry(task).has_ended) throw std::logic_error{"simulation: this task has not ended"};
  return tasks_.entry(task).span;
}

void Simulation::run(Clock clock) {
  if (happens_) throw std::logic_error{"simulation: a call-back runs it"};
  stops_ = false;
  drive(*this, clock);
}

double Simulation::wait() {
  if (stops_) return never;
  if (!unreleased_.empty()) return 0;
  const double call = appointments_.empty() ? never : appointments_.top().date;
  return std::max(std::min(machine_.next(), call) - machine_.now(), 0.0);
}

void Simulation::pass(double seconds) {
  const While happening{happens_};
  machine_.go_to(machine_.now() + seconds);
  for (const TaskId task : unreleased_) machine_.release(task);
  unreleased_.clear();
  machine_.take_due();
  settle();
  while (!appointments_.empty() && appointments_.top().date <= machine_.until()) {
    const Call call = appointments_.top().call;
    appointments_.pop();
    call();
    settle();
  }
  machine_.choose();
}

void Simulation::settle() {
  for (TaskId task = machine_.end_next(); task >= 0; task = machine_.end_next()) {
    tasks_.entry(task).has_ended = true;
    tell(task);
    tasks_.end(task);
  }
}

/// Call-backs may add tasks and hearers, so nothing is held on to while they run.
void Simulation::tell(TaskId ended) {
  std::int32_t at = tasks_.entry(ended).first_heard_by;
  while (at >= 0) {
    const Hearer hearer = std::exchange(hearers_[index(at)], {-1, {}, free_hearer_});
    free_hearer_ = at;
    at = hearer.next;
    if (hearer.call)
      hearer.call();
    else if (--tasks_.entry(hearer.task).waits_for == 0)
      machine_.release(hearer.task);
  }
}

}  // namespace superpod
