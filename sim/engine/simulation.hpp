#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <queue>
#include <span>
#include <vector>

#include "sim/engine/clock.hpp"
#include "sim/engine/machine.hpp"
#include "sim/engine/task_blocks.hpp"

namespace superpod {

/// A run that grows while its time runs: tasks are added when it is known that they are there, and the caller
/// is called at dates and at the ends of tasks. For what decides as it goes: a batch that is put together
/// from the requests that have come, a router, failures and repairs.
///
///     const TaskGraph::Task prefill{.amount = 2e-3, .target = 0, .kind = TaskGraph::Kind::occupy};
///     Simulation simulation{platform};
///     simulation.at(arrival, [&] {
///       simulation.when_ended(simulation.add(prefill), [&] { ttft = simulation.now() - arrival; });
///     });
///     simulation.run();
///
/// Tasks do what they do in `run` (engine.hpp): a graph of tasks whose ends add those that follow has the
/// same dates, to the bit, as if all had been there before.
///
/// At one date, first all that ends ends, each task with its followers and call-backs in the order in which
/// they were asked for; then come the calls for that date, in that order too, and what they end; what this
/// adds belongs to the same instant. Only then do devices choose among the tasks that are ready.
///
/// A call-back may do anything with the simulation but run it, or run another on SimGrid's clock. What it
/// throws, `run` throws; then the simulation cannot go on.
class Simulation : private Driven {
 public:
  using Call = std::function<void()>;

  /// The platform must outlive it. Throws std::logic_error as `run` does.
  explicit Simulation(const Platform& platform, Ended ended = Ended::kept);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Begins when all tasks `after` which it comes have ended, now at the earliest. Ids count from 0 in the
  /// order of addition. Throws std::logic_error when the task, or one before it, is not there or makes no
  /// sense.
  TaskId add(const TaskGraph::Task& task, std::span<const TaskId> after);
  TaskId add(const TaskGraph::Task& task, std::initializer_list<TaskId> after = {}) {
    return add(task, std::span{after.begin(), after.size()});
  }
  /// Calls at a date, counted from the start of the run; now if that has passed. It must be finite.
  void at(Seconds date, Call call);
  /// Calls when the task ends; now if it has ended.
  void when_ended(TaskId task, Call call);
  /// Nothing happens after this instant: `run` returns. Another `run` goes on from there.
  void stop() { stops_ = true; }

  [[nodiscard]] Seconds now() const { return Seconds{machine_.now()}; }
  [[nodiscard]] bool has_ended(TaskId task) const;
  /// Of a task that has ended, and has not been forgotten: of the current one in its call-back. Throws
  /// std::logic_error otherwise.
  [[nodiscard]] Span span(TaskId task) const;

  /// Lets time pass until nothing more happens, or `stop`. After that more may be added and run: time goes
  /// on.
  void run(Clock clock = Clock::simgrid);

 private:
  /// Who hears of the end of a task: another task, or a call-back.
  struct Hearer {
    TaskId task = -1;
    Call call;
    std::int32_t next = -1;  // of the same task, or of those that are free
  };
  struct Appointment {
    double date;
    std::uint64_t order;
    Call call;
  };
  struct Later {
    bool operator()(const Appointment& a, const Appointment& b) const {
      return a.date != b.date ? a.date > b.date : a.order > b.order;
    }
  };

  double wait() override;
  void pass(double seconds) override;
  void settle();
  void tell(TaskId ended);
  void release(TaskId task);
  void hear_of(TaskId task, TaskId follower, Call call);
  void require_task(TaskId task) const;

  const Platform& platform_;
  TaskBlocks tasks_;
  Machine<TaskBlocks> machine_;
  std::vector<TaskId> unreleased_;  // ready, but added while no time runs
  std::vector<Hearer> hearers_;
  std::int32_t free_hearer_ = -1;
  std::priority_queue<Appointment, std::vector<Appointment>, Later> appointments_;
  std::uint64_t asked_ = 0;
  bool happens_ = false;  // something, just now
  bool stops_ = false;
};

}  // namespace superpod
