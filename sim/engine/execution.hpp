#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/driven.hpp"
#include "sim/engine/machine.hpp"
#include "sim/values/index.hpp"

namespace superpod {

/// One run of a whole graph of tasks, but for the clock.
class Execution : public Driven {
 public:
  /// `spans` has one for each task; they are filled in as tasks begin and end. All three must outlive the
  /// run.
  Execution(const Platform& platform, const TaskGraph& work, std::vector<Span>& spans);

  double wait() override;
  void pass(double seconds) override;
  [[nodiscard]] std::size_t ended() const { return ended_; }

 private:
  struct Tasks {
    const std::vector<TaskGraph::Task>& tasks;
    std::vector<Span>& spans;
    [[nodiscard]] const TaskGraph::Task& task(TaskId t) const { return tasks[index(t)]; }
    [[nodiscard]] Span& span(TaskId t) const { return spans[index(t)]; }
  };

  void build_followers(const std::vector<TaskGraph::Dependency>& dependencies);
  void begin();

  Tasks tasks_;
  Machine<Tasks> machine_;
  std::size_t ended_ = 0;
  bool begun_ = false;

  std::vector<std::uint32_t> first_;  // [task] where its followers begin
  std::vector<TaskId> followers_;
  std::vector<std::uint32_t> waits_for_;  // [task] how many have not ended
};

}  // namespace superpod
