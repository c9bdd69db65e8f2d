#include "analysis/time_by_cause.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "analysis/released_by.hpp"

namespace superpod::analysis {
namespace {

/// Splits the step of one rank after the other into the causes of `result`.
class Splitter {
 public:
  Splitter(const Platform& platform, const TaskGraph& work, const Trace& trace)
      : platform_{platform},
        work_{work},
        trace_{trace},
        order_{platform, work, trace},
        released_by_{superpod::analysis::released_by(order_, platform, work, trace)},
        causes_{work},
        bubble_{causes_.add("bubble")},
        last_move_(platform.ranks.size(), no_task) {
    for (std::size_t i = 0; i < work.tasks().size(); ++i)
      if (const auto& task = work.tasks()[i]; task.kind == TaskGraph::Kind::move) {
        const Platform::Route& route = platform.routes.at(static_cast<std::size_t>(task.target));
        keep_last(route.from, static_cast<TaskId>(i));
        keep_last(route.to, static_cast<TaskId>(i));
      }
  }

  [[nodiscard]] const DeviceOrder& order() const { return order_; }
  [[nodiscard]] const std::vector<std::string>& causes() const { return causes_.names(); }

  /// [cause] times of `rank` whose compute stream does `stream`, in order.
  [[nodiscard]] std::vector<Seconds> split(RankId rank, std::span<const TaskId> stream) const {
    std::vector<Seconds> times(causes_.names().size());
    Seconds now;
    for (const TaskId id : stream) {
      const auto [start, finish] = span(id);
      charge_gap(times, rank, {now, start}, released_by_[static_cast<std::size_t>(id)]);
      const Seconds begin = std::max(start, now);
      if (finish > begin) times[causes_.of(task(id))] += finish - begin;
      now = std::max(now, finish);
    }
    charge_gap(times, rank, {now, trace_.makespan}, last_move_[static_cast<std::size_t>(rank)]);
    return times;
  }

 private:
  [[nodiscard]] const TaskGraph::Task& task(TaskId id) const {
    return work_.tasks()[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const Span& span(TaskId id) const { return trace_.tasks[static_cast<std::size_t>(id)]; }

  void keep_last(RankId rank, TaskId move) {
    TaskId& last = last_move_.at(static_cast<std::size_t>(rank));
    if (last == no_task || span(move).finish > span(last).finish) last = move;
  }

  [[nodiscard]] bool is_of(RankId rank, const TaskGraph::Task& task) const {
    const auto target = static_cast<std::size_t>(task.target);
    switch (task.kind) {
      case TaskGraph::Kind::occupy:
        return platform_.devices[target].rank == rank;
      case TaskGraph::Kind::move:
        return platform_.routes[target].from == rank || platform_.routes[target].to == rank;
      case TaskGraph::Kind::join:
        return false;
    }
    return false;
  }

  /// Walks back along the chain that ends with `last`, from the end of `gap` to its beginning.
  void charge_gap(std::vector<Seconds>& times, RankId rank, Span gap, TaskId last) const {
    Seconds rest_ends = gap.finish;
    for (TaskId id = last; id != no_task && rest_ends > gap.start;
         id = released_by_[static_cast<std::size_t>(id)]) {
      const Seconds end = std::clamp(span(id).finish, gap.start, rest_ends);
      const Seconds begin = std::clamp(span(id).start, gap.start, end);
      times[bubble_] += rest_ends - end;
      times[is_of(rank, task(id)) ? causes_.of(task(id)) : bubble_] += end - begin;
      rest_ends = begin;
    }
    if (rest_ends > gap.start) times[bubble_] += rest_ends - gap.start;
  }

  const Platform& platform_;
  const TaskGraph& work_;
  const Trace& trace_;
  DeviceOrder order_;
  std::vector<TaskId> released_by_;
  Causes causes_;
  std::size_t bubble_;
  std::vector<TaskId> last_move_;  ///< [rank] of the moves from or to it the one that ended last
};

}  // namespace

TimeByCause time_by_cause(const Platform& platform, const TaskGraph& work, const Trace& trace) {
  const Splitter splitter{platform, work, trace};
  std::vector<std::span<const TaskId>> stream(platform.ranks.size());  // [rank] of its first device
  for (std::size_t d = platform.devices.size(); d-- > 0;)
    stream.at(static_cast<std::size_t>(platform.devices[d].rank)) =
        splitter.order().tasks(static_cast<DeviceId>(d));

  TimeByCause result{splitter.causes(), {}, std::vector<Seconds>(splitter.causes().size()), {}};
  double count = 0;
  for (std::size_t r = 0; r < platform.ranks.size(); ++r) {
    result.ranks.push_back(splitter.split(static_cast<RankId>(r), stream[r]));
    for (std::size_t c = 0; c < result.mean.size(); ++c)
      result.mean[c] += platform.ranks[r].count * result.ranks[r][c];
    Seconds busy;
    for (const TaskId id : stream[r]) {
      const Span& span = trace.tasks[static_cast<std::size_t>(id)];
      busy += span.finish - span.start;
    }
    result.busy.push_back(busy);
    count += platform.ranks[r].count;
  }
  for (Seconds& mean : result.mean) mean = mean / std::max(count, 1e-300);
  return result;
}

}  // namespace superpod::analysis
