#include "sim/engine/engine.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>
#include <new>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u/Engine.hpp>
#include <simgrid/s4u/NetZone.hpp>
#include <stdexcept>
#include <string>

#include "sim/engine/execution.hpp"
#include "sim/values/index.hpp"

namespace superpod {
namespace {

/// What the child process leaves to its parent: how many tasks have ended, and behind it the spans of all
/// tasks.
struct Outcome {
  std::atomic<std::size_t> ended;
  [[nodiscard]] Span* spans() { return reinterpret_cast<Span*>(this + 1); }
};

/// Devices and links as a resource model of SimGrid, which keeps the clock and asks its models what is next.
class Model : public simgrid::kernel::resource::Model {
 public:
  Model(const Platform& platform, const TaskGraph& work, Outcome& outcome)
      : simgrid::kernel::resource::Model{"superpod"},
        execution_{platform, work, {outcome.spans(), work.tasks().size()}},
        ended_{outcome.ended} {}

  double next_occurring_event(double now) override {
    const double next = execution_.next(now);
    return std::isfinite(next) ? std::max(next - now, 0.0) : -1;
  }
  void update_actions_state(double now, double) override {
    execution_.happen(now);
    ended_.store(execution_.ended(), std::memory_order_relaxed);
  }

 private:
  Execution execution_;
  std::atomic<std::size_t>& ended_;
};

bool sane(double x) { return std::isfinite(x) && x >= 0; }

void check(const Platform& platform, const TaskGraph& work) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw std::logic_error{std::string{"engine: "} + what};
  };
  for (const auto& link : platform.links)
    require(
        sane(link.bandwidth.in(unit::B / unit::s)) && link.bandwidth > BytesPerSecond{} && link.count >= 1,
        "a link needs a finite bandwidth above zero");
  for (const auto& route : platform.routes) {
    require(sane(route.latency.in(unit::s)) && route.flows > 0,
            "a route needs a latency and at least one flow");
    require(!route.hops.empty(), "a route crosses at least one link");
    for (const auto& hop : route.hops)
      require(hop.link >= 0 && index(hop.link) < platform.links.size() && sane(hop.times) && hop.times > 0,
              "a hop names a link, and bytes that cross it");
  }
  for (const auto& task : work.tasks()) {
    require(sane(task.amount), "a size or duration is negative or not finite");
    const std::size_t targets =
        task.kind == TaskGraph::Kind::move ? platform.routes.size() : platform.devices.size();
    require(task.kind == TaskGraph::Kind::join || (task.target >= 0 && index(task.target) < targets),
            "a task names a device or route that is not there");
  }
  for (const auto& d : work.dependencies())
    require(d.before >= 0 && d.after >= 0 && index(d.before) < work.tasks().size() &&
                index(d.after) < work.tasks().size(),
            "a dependency names a task that is not there");
}

/// Memory that a child process fills and its parent reads.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t bytes) : bytes_{bytes} {
    at_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at_ == MAP_FAILED) throw std::runtime_error{"not enough memory for the trace of this run"};
  }
  ~SharedMemory() { munmap(at_, bytes_); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  [[nodiscard]] void* at() const { return at_; }

 private:
  std::size_t bytes_;
  void* at_;
};

/// In a process of its own: SimGrid keeps global state, and a second engine in one process is not safe.
[[noreturn]] void simulate(const Platform& platform, const TaskGraph& work, Outcome& outcome) {
  std::string arguments[] = {"superpod", "--log=root.thresh:critical"};
  char* argv[] = {arguments[0].data(), arguments[1].data(), nullptr};
  int argc = 2;
  simgrid::s4u::Engine engine{&argc, argv};
  simgrid::s4u::create_empty_zone("nothing but the model")->seal();  // no run without one
  engine.add_model(std::make_shared<Model>(platform, work, outcome));
  engine.run();
  _exit(0);
}

/// Waits for the child, and tells how far it is.
int wait_for(pid_t child, const Outcome& outcome, std::size_t tasks,
             const std::function<void(double)>& progress) {
  int status = 0;
  constexpr useconds_t between_reports = 50'000;  // microseconds
  while (progress && waitpid(child, &status, WNOHANG) == 0) {
    progress(static_cast<double>(outcome.ended) / static_cast<double>(std::max<std::size_t>(tasks, 1)));
    usleep(between_reports);
  }
  if (!progress) waitpid(child, &status, 0);
  return status;
}

}  // namespace

Trace run(const Platform& platform, const TaskGraph& work, const std::function<void(double)>& progress) {
  check(platform, work);
  const std::size_t tasks = work.tasks().size();
  const SharedMemory memory{sizeof(Outcome) + tasks * sizeof(Span)};
  auto& outcome = *new (memory.at()) Outcome{};

  std::fflush(nullptr);  // what waits in buffers would be written by both processes
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error{"cannot start a process for the simulation"};
  if (child == 0) simulate(platform, work, outcome);
  const int status = wait_for(child, outcome, tasks, progress);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error{"the simulation process died (out of memory?)"};
  if (outcome.ended != tasks) throw std::logic_error{"engine: tasks wait for each other in a circle"};

  Trace trace;
  trace.tasks.assign(outcome.spans(), outcome.spans() + tasks);
  for (const Span& span : trace.tasks) trace.makespan = std::max(trace.makespan, span.finish);
  trace.events = 2 * static_cast<std::int64_t>(tasks);
  return trace;
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
  constexpr double of_a_process = 2e6;
  const double simulating = 24 * size.tasks + 4 * size.dependencies + 40 * size.devices + 64 * size.links +
                            52 * size.routes + 28 * size.hops + 80 * size.in_progress;
  const double handing_over = 32 * size.tasks;
  return Bytes{of_a_process + std::max(simulating, handing_over)};
}

}  // namespace superpod
