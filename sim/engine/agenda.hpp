#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/platform/task_graph.hpp"
#include "sim/values/index.hpp"

namespace superpod {

/// What ends at a date that is known when it begins: tasks in the order of their dates, those of one date in
/// the order in which they were added.
///
/// Cost: O(log n) for a date, O(1) for each further task that is added for the same date in succession.
class Agenda {
 public:
  void add(double date, TaskId task) {
    const std::int32_t entry = new_entry(task);
    if (last_ != none && date == last_date_) {
      entries_[index(last_)].next = entry;
    } else {
      heap_.push_back({date, added_++, entry});
      std::ranges::push_heap(heap_, later);
      last_date_ = date;
    }
    last_ = entry;
  }

  [[nodiscard]] double next() const {
    return heap_.empty() ? std::numeric_limits<double>::infinity() : heap_.front().date;
  }

  /// Appends the tasks that are due no later than `date`.
  void take_until(double date, std::vector<TaskId>& taken) {
    while (next() <= date) {
      const Group group = heap_.front();
      std::ranges::pop_heap(heap_, later);
      heap_.pop_back();
      if (group.date == last_date_) last_ = none;
      for (std::int32_t entry = group.first; entry != none;) {
        taken.push_back(entries_[index(entry)].task);
        const std::int32_t next = entries_[index(entry)].next;
        entries_[index(entry)].next = free_;
        free_ = entry;
        entry = next;
      }
    }
  }

 private:
  static constexpr std::int32_t none = -1;
  struct Entry {
    TaskId task;
    std::int32_t next;  // of the same group, or of those that are free
  };
  struct Group {
    double date;
    std::uint64_t order;
    std::int32_t first;
  };

  static bool later(const Group& a, const Group& b) {
    return a.date != b.date ? a.date > b.date : a.order > b.order;
  }

  std::int32_t new_entry(TaskId task) {
    if (free_ == none) {
      entries_.push_back({task, none});
      return static_cast<std::int32_t>(entries_.size()) - 1;
    }
    const std::int32_t entry = free_;
    free_ = entries_[index(entry)].next;
    entries_[index(entry)] = {task, none};
    return entry;
  }

  std::vector<Group> heap_;
  std::vector<Entry> entries_;
  std::int32_t free_ = none;
  std::int32_t last_ = none;  // added, if it has not been taken
  double last_date_ = 0;
  std::uint64_t added_ = 0;
};

}  // namespace superpod
