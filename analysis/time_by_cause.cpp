#include "analysis/time_by_cause.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "analysis/released_by.hpp"
#include "sim/values/index.hpp"

namespace superpod::analysis {
namespace {

/// Who released whom, as a forest: a task's chain is the way from it to its root.
class Chains {
 public:
  explicit Chains(const std::vector<TaskId>& released_by)
      : entered_(released_by.size()), left_(released_by.size()) {
    const std::size_t count = released_by.size();
    std::vector<TaskId> first_child(count, no_task), next_sibling(count, no_task);
    for (std::size_t i = count; i-- > 0;)
      if (const TaskId parent = released_by[i]; parent != no_task)
        next_sibling[i] = std::exchange(first_child[index(parent)], static_cast<TaskId>(i));

    std::int32_t clock = 0;  // of a walk through the forest, into and out of each task
    for (std::size_t root = 0; root < count; ++root) {
      if (released_by[root] != no_task) continue;
      for (TaskId at = static_cast<TaskId>(root); at != no_task;) {
        entered_[index(at)] = clock++;
        if (first_child[index(at)] != no_task) {
          at = first_child[index(at)];
          continue;
        }
        left_[index(at)] = clock;
        while (at != no_task && next_sibling[index(at)] == no_task) {
          at = released_by[index(at)];
          if (at != no_task) left_[index(at)] = clock;
        }
        if (at != no_task) at = next_sibling[index(at)];
      }
    }
  }

  /// Is `task` on the chain that ends with `last`?
  [[nodiscard]] bool holds(TaskId last, TaskId task) const {
    return entered_[index(task)] <= entered_[index(last)] && left_[index(last)] <= left_[index(task)];
  }

 private:
  std::vector<std::int32_t> entered_, left_;
};

/// Of each rank, what can keep its compute stream waiting: its moves, and the tasks of its other devices.
struct Own {
  std::vector<std::vector<TaskId>> tasks;  ///< [rank] in the order in which they end
  std::vector<TaskId> last_move;           ///< [rank] the one that ends last, or `no_task`

  Own(const Platform& platform, const TaskGraph& work, const Trace& trace,
      const std::vector<DeviceId>& compute)
      : tasks(platform.ranks.size()), last_move(platform.ranks.size(), no_task) {
    const auto finish = [&](TaskId id) { return trace.tasks[index(id)].finish; };
    const auto keep_move = [&](RankId rank, TaskId id) {
      tasks.at(index(rank)).push_back(id);
      TaskId& last = last_move[index(rank)];
      if (last == no_task || finish(id) > finish(last)) last = id;
    };
    for (std::size_t i = 0; i < work.tasks().size(); ++i) {
      const TaskGraph::Task& task = work.tasks()[i];
      const auto id = static_cast<TaskId>(i);
      if (task.kind == TaskGraph::Kind::occupy) {
        const RankId rank = platform.devices[index(task.target)].rank;
        if (compute[index(rank)] != task.target) tasks[index(rank)].push_back(id);
      } else if (task.kind == TaskGraph::Kind::move) {
        const Platform::Route& route = platform.routes.at(index(task.target));
        keep_move(route.from, id);
        if (route.to != route.from) keep_move(route.to, id);
        for (const RankId rank : route.also) keep_move(rank, id);
      }
    }
    for (auto& some : tasks)
      std::ranges::sort(some, {}, [&](TaskId id) { return std::pair{finish(id), id}; });
  }
};

/// Splits the step of one rank after the other.
class Splitter {
 public:
  Splitter(const Platform& platform, const TaskGraph& work, const Trace& trace,
           const std::vector<DeviceId>& compute)
      : work_{work},
        trace_{trace},
        order_{platform, work, trace},
        released_by_{superpod::analysis::released_by(order_, platform, work, trace)},
        chains_{released_by_},
        own_{platform, work, trace, compute},
        causes_{work},
        bubble_{causes_.add("bubble")} {}

  [[nodiscard]] const std::vector<std::string>& causes() const { return causes_.names(); }

  [[nodiscard]] std::span<const TaskId> stream(DeviceId device) const {
    return device < 0 ? std::span<const TaskId>{} : order_.tasks(device);
  }

  /// [cause] times of `rank`, whose compute stream does `stream`, in order.
  [[nodiscard]] std::vector<Seconds> split(RankId rank, std::span<const TaskId> stream) const {
    std::vector<Seconds> times(causes_.names().size());
    std::span<const TaskId> own = own_.tasks[index(rank)];
    Seconds now;
    for (const TaskId id : stream) {
      const auto [start, finish] = trace_.tasks[index(id)];
      charge_gap(times, own, {now, start}, released_by_[index(id)]);
      if (const Seconds begin = std::max(start, now); finish > begin) charge(times, id, finish - begin);
      now = std::max(now, finish);
    }
    charge_gap(times, own, {now, trace_.makespan}, own_.last_move[index(rank)]);
    return times;
  }

 private:
  void charge(std::vector<Seconds>& times, TaskId id, Seconds time) const {
    times[causes_.of(work_.tasks()[index(id)])] += time;
  }

  /// The parts of `gap` in which a task of `own` is on the chain that ends with `last` go to that task's
  /// cause, the others to bubble. `own` loses what ends before the gap does: gaps come in the order of time.
  void charge_gap(std::vector<Seconds>& times, std::span<const TaskId>& own, Span gap, TaskId last) const {
    Seconds now = gap.start;
    for (; !own.empty() && trace_.tasks[index(own.front())].finish <= gap.finish; own = own.subspan(1)) {
      const auto [start, finish] = trace_.tasks[index(own.front())];
      if (finish <= now || last == no_task || !chains_.holds(last, own.front())) continue;
      const Seconds begin = std::max(start, now);
      times[bubble_] += begin - now;
      charge(times, own.front(), finish - begin);
      now = finish;
    }
    if (gap.finish > now) times[bubble_] += gap.finish - now;
  }

  const TaskGraph& work_;
  const Trace& trace_;
  DeviceOrder order_;
  std::vector<TaskId> released_by_;
  Chains chains_;
  Own own_;
  Causes causes_;
  std::size_t bubble_;
};

/// [rank] its first device, or -1.
std::vector<DeviceId> compute_devices(const Platform& platform) {
  std::vector<DeviceId> first(platform.ranks.size(), -1);
  for (std::size_t d = platform.devices.size(); d-- > 0;)
    first.at(index(platform.devices[d].rank)) = static_cast<DeviceId>(d);
  return first;
}

}  // namespace

TimeByCause time_by_cause(const Platform& platform, const TaskGraph& work, const Trace& trace) {
  const std::vector<DeviceId> compute = compute_devices(platform);
  const Splitter splitter{platform, work, trace, compute};
  TimeByCause result{splitter.causes(), {}, std::vector<Seconds>(splitter.causes().size()), {}};
  double count = 0;
  for (std::size_t r = 0; r < platform.ranks.size(); ++r) {
    const std::span<const TaskId> stream = splitter.stream(compute[r]);
    result.ranks.push_back(splitter.split(static_cast<RankId>(r), stream));
    for (std::size_t c = 0; c < result.mean.size(); ++c)
      result.mean[c] += platform.ranks[r].count * result.ranks[r][c];
    Seconds& busy = result.busy.emplace_back();
    for (const TaskId id : stream) busy += trace.tasks[index(id)].finish - trace.tasks[index(id)].start;
    count += platform.ranks[r].count;
  }
  if (count > 0)
    for (Seconds& mean : result.mean) mean = mean / count;
  return result;
}

}  // namespace superpod::analysis
