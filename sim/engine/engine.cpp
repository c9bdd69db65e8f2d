#include "sim/engine/engine.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "sim/engine/checks.hpp"
#include "sim/engine/clock.hpp"
#include "sim/engine/execution.hpp"

namespace superpod {
namespace {

/// A run that says now and then how far it is.
class Watched : public Driven {
 public:
  Watched(Execution& run, std::size_t tasks, const std::function<void(double)>& progress)
      : run_{run}, tasks_{tasks}, progress_{progress} {}

  double wait() override { return run_.wait(); }
  void pass(double seconds) override {
    run_.pass(seconds);
    constexpr int between_looks = 256;  // at the real clock: some tens of microseconds
    if (++passed_ % between_looks != 0) return;
    constexpr std::chrono::milliseconds between_reports{50};
    const auto now = std::chrono::steady_clock::now();
    if (now - reported_ < between_reports) return;
    reported_ = now;
    progress_(static_cast<double>(run_.ended()) / static_cast<double>(tasks_));
  }

 private:
  Execution& run_;
  std::size_t tasks_;
  const std::function<void(double)>& progress_;
  std::int64_t passed_ = 0;
  std::chrono::steady_clock::time_point reported_ = std::chrono::steady_clock::now();
};

Trace run_on(Clock clock, const Platform& platform, const TaskGraph& work,
             const std::function<void(double)>& progress) {
  check(platform);
  check(work, platform);
  const std::size_t tasks = work.tasks().size();
  Trace trace;
  trace.tasks.resize(tasks);
  Execution execution{platform, work, trace.tasks};
  Watched watched{execution, tasks, progress};
  drive(progress ? static_cast<Driven&>(watched) : execution, clock);
  if (execution.ended() != tasks) throw std::logic_error{"engine: tasks wait for each other in a circle"};
  for (const Span& span : trace.tasks) trace.makespan = std::max(trace.makespan, span.finish);
  trace.events = 2 * static_cast<std::int64_t>(tasks);
  return trace;
}

}  // namespace

Trace run(const Platform& platform, const TaskGraph& work, const std::function<void(double)>& progress) {
  return run_on(Clock::simgrid, platform, work, progress);
}

Trace run_bare(const Platform& platform, const TaskGraph& work) {
  return run_on(Clock::bare, platform, work, {});
}

RunSize run_size(const Platform& platform, const TaskGraph& work) {
  RunSize size{.tasks = static_cast<double>(work.tasks().size()),
               .dependencies = static_cast<double>(work.dependencies().size()),
               .devices = static_cast<double>(platform.devices.size()),
               .links = static_cast<double>(platform.links.size()),
               .routes = static_cast<double>(platform.routes.size())};
  for (const auto& route : platform.routes) size.hops += static_cast<double>(route.hops.size());
  size.in_progress = std::min(size.tasks, size.routes);
  return size;
}

Bytes memory_of(const RunSize& size) {
  constexpr double of_any_run = 1.2e6;
  return Bytes{of_any_run + 24 * size.tasks + 4 * size.dependencies + 40 * size.devices + 64 * size.links +
               52 * size.routes + 28 * size.hops + 80 * size.in_progress};
}

}  // namespace superpod
