#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <vector>

#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod {

/// Whether a growing run keeps what it knows of tasks that have ended.
enum class Ended {
  kept,      ///< the span of each task may be asked for at any time
  forgotten  ///< memory is that of the tasks that have not ended, rounded up to the blocks that they are in
};

/// The tasks of a run that grows, numbered as they come, in blocks.
///
/// Memory: 56 bytes a task, and 8 for each 1024 that ever were.
class TaskBlocks {
 public:
  struct Entry {
    TaskGraph::Task task;
    Span span;
    std::uint32_t waits_for = 0;  ///< how many have not ended
    std::int32_t first_heard_by = -1, last_heard_by = -1;
    bool has_ended = false;
  };

  explicit TaskBlocks(Ended ended) : ended_{ended} {}

  /// Throws std::length_error after 2,147,483,647 tasks.
  TaskId add(const TaskGraph::Task& task) {
    if (next_ == std::numeric_limits<TaskId>::max()) throw std::length_error{"a run has 2,147,483,647 tasks"};
    if (slot(next_) == 0) blocks_.push_back(std::make_unique<Block>());
    entry(next_).task = task;
    return next_++;
  }
  [[nodiscard]] TaskId next() const { return next_; }

  [[nodiscard]] bool is_forgotten(TaskId task) const { return blocks_[block(task)] == nullptr; }
  [[nodiscard]] bool has_ended(TaskId task) const { return is_forgotten(task) || entry(task).has_ended; }
  [[nodiscard]] Entry& entry(TaskId task) { return blocks_[block(task)]->entries[slot(task)]; }
  [[nodiscard]] const Entry& entry(TaskId task) const { return blocks_[block(task)]->entries[slot(task)]; }
  [[nodiscard]] const TaskGraph::Task& task(TaskId task) const { return entry(task).task; }
  [[nodiscard]] Span& span(TaskId task) { return entry(task).span; }

  /// It has ended, and all that waited for it has heard so.
  void end(TaskId task) {
    Block& of = *blocks_[block(task)];
    if (++of.ended == size && ended_ == Ended::forgotten) blocks_[block(task)].reset();
  }

 private:
  static constexpr std::size_t size = 1024;
  struct Block {
    std::array<Entry, size> entries;
    std::size_t ended = 0;
  };

  static std::size_t block(TaskId task) { return static_cast<std::size_t>(task) / size; }
  static std::size_t slot(TaskId task) { return static_cast<std::size_t>(task) % size; }

  Ended ended_;
  TaskId next_ = 0;
  std::vector<std::unique_ptr<Block>> blocks_;  // none where all has ended and been forgotten
};

}  // namespace superpod
