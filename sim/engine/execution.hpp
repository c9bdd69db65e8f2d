#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <vector>

#include "sim/engine/agenda.hpp"
#include "sim/engine/fluid_network.hpp"
#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod {

/// All that happens in one run, but for the clock: whoever has it asks for the `next` date and says when it
/// has come.
class Execution {
 public:
  /// `spans` has one for each task; they are filled in as tasks begin and end.
  Execution(const Platform& platform, const TaskGraph& work, std::span<Span> spans);

  /// The next date at which something happens; infinite when nothing will.
  [[nodiscard]] double next(double now);
  /// All that happens now, or so soon that rounding may be the reason, happens.
  void happen(double now);
  [[nodiscard]] std::size_t ended() const { return ended_; }

 private:
  static constexpr TaskId none = -1;

  void build_followers(const std::vector<TaskGraph::Dependency>& dependencies);
  void release(TaskId task);
  void start_move(TaskId task);
  void end(TaskId task);
  void settle();
  void choose();
  void start_next_on(DeviceId device);

  const Platform& platform_;
  const std::vector<TaskGraph::Task>& tasks_;
  std::span<Span> spans_;
  double now_ = 0;
  std::size_t ended_ = 0;
  bool begun_ = false;

  std::vector<std::uint32_t> first_;  // [task] where its followers begin
  std::vector<TaskId> followers_;
  std::vector<std::uint32_t> waits_for_;  // [task] how many have not ended
  std::vector<TaskId> finished_;          // at this instant, followers not yet released

  FluidNetwork network_;
  Agenda agenda_;  // occupations that end, and moves whose latency does
  std::vector<TaskId> due_;

  std::vector<std::priority_queue<TaskId, std::vector<TaskId>, std::greater<>>> ready_;  // [device]
  std::vector<TaskId> running_;                                                          // [device]
  std::vector<Seconds> free_since_;                                                      // [device]
  std::vector<DeviceId> idle_;  // that may choose a task at this instant
  double choice_;               // when they do
};

}  // namespace superpod
