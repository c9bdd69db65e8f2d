/// Small worlds whose trace is worked out here, without the engine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::analysis::hand_made {

struct World {
  Platform platform;
  TaskGraph work;
  Trace trace;
};

/// The trace of work whose tasks depend on earlier ones only, whose devices take their tasks in the order of
/// their ids, and whose moves have the bandwidth of their route's first link for themselves.
inline Trace in_order(const Platform& platform, const TaskGraph& work) {
  Trace trace;
  trace.tasks.resize(work.tasks().size());
  std::vector<std::vector<TaskId>> before(work.tasks().size());
  for (const auto& dependency : work.dependencies())
    before[static_cast<std::size_t>(dependency.after)].push_back(dependency.before);
  std::vector<Seconds> free_at(platform.devices.size());
  for (std::size_t i = 0; i < work.tasks().size(); ++i) {
    const TaskGraph::Task& task = work.tasks()[i];
    const auto target = static_cast<std::size_t>(task.target);
    Seconds start, duration;
    for (const TaskId id : before[i])
      start = std::max(start, trace.tasks[static_cast<std::size_t>(id)].finish);
    if (task.kind == TaskGraph::Kind::occupy) {
      start = std::max(start, free_at[target]);
      duration = Seconds{task.amount};
      free_at[target] = start + duration;
    } else if (task.kind == TaskGraph::Kind::move) {
      const Platform::Route& route = platform.routes[target];
      const auto& link = platform.links[static_cast<std::size_t>(route.hops.front().link)];
      duration = route.latency + Bytes{task.amount} / link.bandwidth;
    }
    trace.tasks[i] = {start, start + duration};
    trace.makespan = std::max(trace.makespan, start + duration);
    trace.events += 2;
  }
  return trace;
}

/// `ranks` ranks of two devices each (2 r is the compute stream of rank r), a link of 1 B/s for each rank,
/// and routes from each rank to each (from * ranks + to), of two hops where they differ.
inline Platform two_stream_ranks(int ranks) {
  Platform platform;
  for (int r = 0; r < ranks; ++r) {
    const std::string name = "rank " + std::to_string(r);
    platform.ranks.push_back({name, static_cast<double>(r + 1)});
    platform.devices.push_back({r, "compute"});
    platform.devices.push_back({r, "copy"});
    platform.links.push_back({name + " up", static_cast<double>(r + 1), BytesPerSecond{1}});
  }
  for (int from = 0; from < ranks; ++from)
    for (int to = 0; to < ranks; ++to) {
      Platform::Route route{from, to, static_cast<double>(from + 1), Seconds{0}, {{from, 1}}};
      if (from != to) route.hops.push_back({to, 2});
      platform.routes.push_back(route);
    }
  return platform;
}

/// Work drawn at random: tasks of all kinds, some moves of no bytes, each with up to three dependencies on
/// earlier ones.
inline World at_random(unsigned seed, int ranks = 4, int tasks = 200) {
  std::mt19937 generator{seed};
  const auto draw = [&](int below) { return static_cast<int>(generator() % static_cast<unsigned>(below)); };
  World world{two_stream_ranks(ranks), {}, {}};
  TaskGraph& work = world.work;
  const LabelId labels[] = {work.label("forward", "compute"), work.label("backward", "compute"),
                            work.label("dispatch", "all-to-all"), work.label("reduce", "all-reduce"), -1};
  for (int i = 0; i < tasks; ++i) {
    const double amount = draw(8);  // a quarter of a second each; sums stay exact
    const LabelId label = labels[draw(20) == 0 ? 4 : draw(4)];
    TaskId id = 0;
    switch (draw(5)) {
      case 0:
        id = work.join();
        break;
      case 1:
      case 2:
        id = work.move(draw(ranks * ranks), Bytes{amount / 4}, label, draw(3));
        break;
      default:
        id = work.occupy(draw(2 * ranks), Seconds{(1 + amount) / 4}, label, draw(3));
    }
    for (int d = draw(4); d > 0 && id > 0; --d) work.depend(id, std::max(0, id - 1 - draw(12)));
  }
  world.trace = in_order(world.platform, work);
  return world;
}

}  // namespace superpod::analysis::hand_made
