#include "sim/engine.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <limits>
#include <new>
#include <queue>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/kernel/resource/NetworkModelIntf.hpp>
#include <simgrid/kernel/routing/NetPoint.hpp>
#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace superpod {
namespace {

namespace sg4 = simgrid::s4u;
namespace routing = simgrid::kernel::routing;
using simgrid::kernel::resource::StandardLinkImpl;
using simgrid::kernel::timer::Timer;

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

/// All traffic goes from one host to another; this zone answers with the route of whichever move is being started.
///
/// CM02 shares a link in inverse proportion to the latency that the zone reports, so the zone reports 1 / (flows that
/// the move stands for): its share is then that of all its flows together. The true latency is restored by the
/// latency factor, which multiplies what the zone reported.
class MoveZone : public routing::NetZoneImpl {
 public:
  MoveZone() : NetZoneImpl("moves") {}
  void get_local_route(const routing::NetPoint*, const routing::NetPoint*, routing::Route* route,
                       double* latency) override {
    route->link_list_.insert(route->link_list_.end(), links->begin(), links->end());
    if (latency != nullptr) *latency += 1 / weight;
  }
  const std::vector<StandardLinkImpl*>* links = nullptr;  ///< of the move, each as often as it is crossed
  double weight = 1;
  double true_latency = 0;
};

/// In what the engine counts. A class of flows or links is written down by its total, divided by the flows of the busiest
/// link, so that the solver's sums end near 1. As SimGrid counts payloads in whole bytes, sizes and bandwidths are multiplied
/// by a power of two: a move's total is rounded to 1e-18 of the largest one.
struct Scale {
  double flows = 1;   ///< of the busiest link
  double least = 1;   ///< the smallest class, in these
  double grains = 1;  ///< SimGrid's bytes in one of ours

  Scale(const Platform& platform, const TaskGraph& work) {
    std::vector<double> on_link(platform.links.size());
    double fewest = std::numeric_limits<double>::infinity();
    for (const auto& route : platform.routes) {
      fewest = std::min(fewest, route.flows);
      for (const auto& hop : route.hops) on_link[index(hop.link)] += route.flows * hop.times;
    }
    for (const double all : on_link) flows = std::max(flows, all);
    least = std::min(1.0, fewest / flows);
    double largest = 0;
    for (const auto& task : work.tasks())
      if (task.kind == TaskGraph::Kind::move)
        largest = std::max(largest, task.amount * platform.routes[index(task.target)].flows / flows);
    if (largest > 0) grains = std::exp2(std::floor(std::log2(1e18 / largest)));
  }

  /// What the solver takes for nothing: the rounding errors of sums near 1, but not the smallest class.
  [[nodiscard]] double precision() const {
    constexpr double rounding_error = 1e-15, of_many = 2e-14, of_a_capacity = 1e-11;
    return std::clamp(std::sqrt(rounding_error * least), of_many, of_a_capacity);
  }
  [[nodiscard]] bool resolves_all() const { return least > 5 * precision(); }
};

/// What the child process leaves to its parent: how many tasks have ended, and behind it the spans of all tasks.
struct Outcome {
  std::atomic<std::size_t> ended;
  [[nodiscard]] Span* spans() { return reinterpret_cast<Span*>(this + 1); }
};

/// The state of one run. What is ready is started from a timer of SimGrid, never from within a completion callback:
/// the solver may not be changed, nor an activity released, while it reports completions.
class Simulation {
 public:
  Simulation(const Platform& platform, const Scale& scale, const TaskGraph& work, Outcome& outcome)
      : platform_{platform},
        scale_{scale},
        tasks_{work.tasks()},
        ended_{outcome.ended},
        spans_{outcome.spans()} {
    build_dependencies(work.dependencies());
    build_network();
    ready_.resize(platform.devices.size());
    running_.resize(platform.devices.size(), none);
    free_since_.resize(platform.devices.size());
  }

  void run(sg4::Engine& engine) {
    sg4::Comm::on_completion_cb([this](const sg4::Activity& activity) { on_arrival(activity); });
    Timer::set(0.0, [this] {
      for (std::size_t t = 0; t < tasks_.size(); ++t)
        if (waits_for_[t] == 0) release(static_cast<TaskId>(t));
      settle();
    });
    engine.run();
  }

 private:
  static constexpr TaskId none = -1;
  static constexpr double an_instant = 1e-12;     // s; what is not further apart is simultaneous
  static constexpr double rounding = 1e-14;       // of the clock, a few times
  static constexpr double least_latency = 1e-15;  // s; with none at all, SimGrid forgets the weight of a flow

  void build_dependencies(const std::vector<TaskGraph::Dependency>& dependencies) {
    waits_for_.resize(tasks_.size());
    first_.resize(tasks_.size() + 1);
    for (const auto& d : dependencies) ++first_[index(d.before) + 1];
    for (std::size_t t = 0; t < tasks_.size(); ++t) first_[t + 1] += first_[t];
    followers_.resize(dependencies.size());
    std::vector<std::size_t> next{first_.begin(), first_.end() - 1};
    for (const auto& d : dependencies) {
      followers_[next[index(d.before)]++] = d.after;
      ++waits_for_[index(d.after)];
    }
  }

  void build_network() {
    zone_ = new MoveZone;  // owned by the SimGrid engine
    auto* root = zone_->get_iface();
    from_ = root->create_host("from", 1e9);
    to_ = root->create_host("to", 1e9);
    std::vector<StandardLinkImpl*> links;
    links.reserve(platform_.links.size());
    double widest = 0;
    for (std::size_t l = 0; l < platform_.links.size(); ++l) {
      const auto& link = platform_.links[l];
      const double capacity =
          scale_.grains * (link.count / scale_.flows) * link.bandwidth.in(unit::B / unit::s);
      widest = std::max(widest, capacity);
      links.push_back(root->create_link(std::to_string(l), capacity)->get_impl());
    }
    for (const auto& route : platform_.routes) {
      // When flows begin at the same instant, the lazy solver looks at what has changed from the first link of each, and
      // overlooks the others if that one was marked already. A first link of the route's own, which never binds, keeps
      // it complete.
      auto& path = paths_.emplace_back();
      path.push_back(root->create_link("route" + std::to_string(paths_.size()), 2 * widest)->get_impl());
      for (const auto& hop : route.hops)
        path.insert(path.end(), static_cast<std::size_t>(std::lround(hop.times)), links[index(hop.link)]);
    }
    root->get_network_model()->set_lat_factor_cb(
        [zone = zone_](double, const sg4::Host*, const sg4::Host*, const auto&, const auto&) {
          return zone->true_latency * zone->weight;
        });
    root->seal();
  }

  static double now() { return sg4::Engine::get_clock(); }

  /// All that `task` waited for has ended.
  void release(TaskId task) {
    switch (tasks_[index(task)].kind) {
      case TaskGraph::Kind::join:
        spans_[task].start = Seconds{now()};
        finished_.push_back(task);
        break;
      case TaskGraph::Kind::move:
        start_move(task);
        break;
      case TaskGraph::Kind::occupy: {
        const DeviceId device = tasks_[index(task)].target;
        spans_[task].start = Seconds{now()};  // at the earliest
        ready_[index(device)].push(task);
        if (running_[index(device)] == none) idle_.push_back(device);
        break;
      }
    }
  }

  void start_move(TaskId task) {
    const auto& move = tasks_[index(task)];
    const auto& route = platform_.routes[index(move.target)];
    spans_[task].start = Seconds{now()};
    if (move.amount == 0) {  // SimGrid would never wake up for it
      Timer::set(now() + route.latency.in(unit::s), [this, task] {
        finished_.push_back(task);
        settle();
      });
      return;
    }
    zone_->links = &paths_[index(move.target)];
    zone_->weight = route.flows / scale_.flows;
    zone_->true_latency = std::max(route.latency.in(unit::s), least_latency);
    sg4::CommPtr comm = sg4::Comm::sendto_init(from_, to_);
    const double payload = std::max(1.0, std::round(scale_.grains * move.amount * zone_->weight));
    comm->set_payload_size(static_cast<std::uint64_t>(payload))->vetoable_start();
    in_flight_.emplace(comm.get(), std::pair{task, comm});
  }

  void start_next_on(DeviceId device) {
    auto& ready = ready_[index(device)];
    if (ready.empty() || running_[index(device)] != none) return;
    const TaskId task = ready.top();
    ready.pop();
    running_[index(device)] = task;
    spans_[task].start = std::max(spans_[task].start, free_since_[index(device)]);
    const double finish = spans_[task].start.in(unit::s) + tasks_[index(task)].amount;
    Timer::set(std::max(now(), finish), [this, task, device] {
      running_[index(device)] = none;
      free_since_[index(device)] = Seconds{now()};
      idle_.push_back(device);
      finished_.push_back(task);
      settle();
    });
  }

  void on_arrival(const sg4::Activity& activity) {
    const auto arrived = in_flight_.find(&activity);
    if (arrived == in_flight_.end()) return;
    finished_.push_back(arrived->second.first);
    landed_.push_back(arrived->second.second);
    in_flight_.erase(arrived);
    if (landed_.size() > 1) return;  // a timer is set already
    Timer::set(now(), [this] {
      landed_.clear();
      settle();
    });
  }

  /// Ends what is finished and releases its followers.
  void settle() {
    while (!finished_.empty()) {
      const TaskId task = finished_.back();
      finished_.pop_back();
      spans_[task].finish = Seconds{now()};
      ++ended_;
      for (std::size_t f = first_[index(task)]; f < first_[index(task) + 1]; ++f)
        if (--waits_for_[index(followers_[f])] == 0) release(followers_[f]);
    }
    if (!idle_.empty() && !choosing_) {
      choosing_ = true;
      Timer::set(now() + std::max(an_instant, rounding * now()), [this] { choose(); });
    }
  }

  /// Idle devices choose a task once all else that happens at this instant has happened: the choice may not hang on the
  /// order of simultaneous events, of which SimGrid reports timers first, nor on rounding. What is chosen began when its
  /// device and itself were ready.
  void choose() {
    choosing_ = false;
    for (const DeviceId device : idle_) start_next_on(device);
    idle_.clear();
  }

  const Platform& platform_;
  const Scale& scale_;
  const std::vector<TaskGraph::Task>& tasks_;
  std::atomic<std::size_t>& ended_;
  Span* spans_;
  std::vector<std::size_t> first_;  // [task] where its followers begin
  std::vector<TaskId> followers_;
  std::vector<std::int32_t> waits_for_;  // [task] how many have not ended
  std::vector<std::priority_queue<TaskId, std::vector<TaskId>, std::greater<>>> ready_;  // [device]
  std::vector<TaskId> running_;                                                          // [device]
  std::vector<Seconds> free_since_;                                                      // [device]
  std::vector<DeviceId> idle_;    // that may choose a task at this instant
  std::vector<TaskId> finished_;  // at this instant, followers not yet released
  std::unordered_map<const sg4::Activity*, std::pair<TaskId, sg4::CommPtr>> in_flight_;
  std::vector<sg4::CommPtr> landed_;                   // to be let go outside of the completion callback
  std::vector<std::vector<StandardLinkImpl*>> paths_;  // [route]
  MoveZone* zone_ = nullptr;
  sg4::Host* from_ = nullptr;
  sg4::Host* to_ = nullptr;
  bool choosing_ = false;  // a timer for it is set
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
      require(hop.link >= 0 && index(hop.link) < platform.links.size() && hop.times >= 1 &&
                  hop.times == std::round(hop.times),
              "a hop names a link, and crosses it a whole number of times");
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
[[noreturn]] void simulate(const Platform& platform, const Scale& scale, const TaskGraph& work,
                           Outcome& outcome) {
  // Exact physics: a lone flow takes latency + size / bandwidth. Precisions are absolute; the defaults (1 ns, 1e-5) are
  // coarser than the microseconds that we look at.
  std::ostringstream precision;
  precision << "--cfg=maxmin/precision:" << scale.precision();
  std::string arguments[] = {"superpod",
                             "--log=root.thresh:critical",
                             "--cfg=network/model:CM02",
                             "--cfg=network/crosstraffic:0",
                             "--cfg=network/TCP-gamma:0",
                             "--cfg=surf/precision:1e-13",
                             precision.str()};
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  sg4::Engine engine{&argc, argv.data()};
  Simulation{platform, scale, work, outcome}.run(engine);
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
  const Scale scale{platform, work};
  if (!scale.resolves_all())
    throw std::runtime_error{
        "the smallest and the largest class of flows differ by more than a double can tell apart"};
  const std::size_t tasks = work.tasks().size();
  const SharedMemory memory{sizeof(Outcome) + tasks * sizeof(Span)};
  auto& outcome = *new (memory.at()) Outcome{};

  std::fflush(nullptr);  // what waits in buffers would be written by both processes
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error{"cannot start a process for the simulation"};
  if (child == 0) simulate(platform, scale, work, outcome);
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

}  // namespace superpod
