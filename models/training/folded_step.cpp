#include "models/training/folded_step.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "models/work/work_folding.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// Finds classes of tasks as the whole plan goes on. They are numbered as they first occur, so those of a
/// slot that are new in it stand together.
class Numbering {
 public:
  Numbering(const Work& whole, const FoldedWork& folded) : whole_{whole}, folded_{folded} {}

  /// How many classes have occurred before this task of the whole plan; asked in the order of tasks.
  TaskId before(TaskId task) {
    for (; next_ < task; ++next_) seen_ = std::max(seen_, folded_.task[index(next_)] + 1);
    return seen_;
  }

  /// Whether tasks that take time are of classes that have not occurred before.
  [[nodiscard]] bool all_new(TaskId first, TaskId last, TaskId first_class) const {
    for (TaskId task = first; task < last; ++task)
      if (whole_.work.tasks()[index(task)].kind != TaskGraph::Kind::join &&
          folded_.task[index(task)] < first_class)
        return false;
    return true;
  }

 private:
  const Work& whole_;
  const FoldedWork& folded_;
  TaskId next_ = 0, seen_ = 0;
};

/// One of each class, and what its next slot waits for.
void fold_ranks(SlotTasks& slot, const FoldedWork& folded) {
  std::vector<RankId> ranks;
  std::vector<TaskId> end;
  for (std::size_t r = 0; r < slot.ranks.size(); ++r) {
    const RankId rank = folded.rank[index(slot.ranks[r])];
    if (std::ranges::find(ranks, rank) != ranks.end()) continue;
    ranks.push_back(rank);
    end.push_back(folded.task[index(slot.end[r])]);
  }
  slot.ranks = std::move(ranks);
  slot.end = std::move(end);
}

}  // namespace

TrainingWork folded(TrainingWork whole) {
  FoldedWork small = folded(whole.plan);
  Numbering classes{whole.plan, small};
  for (SlotTasks& slot : whole.slots) {
    const TaskId first = classes.before(slot.first), last = classes.before(slot.last);
    if (!classes.all_new(slot.first, slot.last, first))
      throw std::logic_error{"folded step: a task is of two slots"};
    slot.first = first;
    slot.last = last;
    fold_ranks(slot, small);
  }
  whole.all_gradients = small.task[index(whole.all_gradients)];
  whole.plan = std::move(small.plan);
  return whole;
}

}  // namespace superpod::models
