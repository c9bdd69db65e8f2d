#include "tests/sim/engine/simgrid_network.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/kernel/resource/NetworkModelIntf.hpp>
#include <simgrid/kernel/routing/NetPoint.hpp>
#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "sim/values/index.hpp"

namespace superpod {
namespace {

namespace sg4 = simgrid::s4u;
namespace routing = simgrid::kernel::routing;
using simgrid::kernel::resource::StandardLinkImpl;
using simgrid::kernel::timer::Timer;

/// All traffic goes from one host to another; this zone answers with the route of whichever move is being
/// started.
///
/// CM02 shares a link in inverse proportion to the latency that the zone reports, so the zone reports 1 /
/// (flows that the move stands for): its share is then that of all its flows together. The true latency is
/// restored by the latency factor, which multiplies what the zone reported.
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

/// What SimGrid counts in: the solver's sums should end near 1, and payloads are whole.
struct Scale {
  double flows = 1;   ///< on the busiest link
  double grains = 1;  ///< SimGrid's bytes in one of ours

  Scale(const Platform& platform, const TaskGraph& work) {
    std::vector<double> on_link(platform.links.size());
    for (const auto& route : platform.routes)
      for (const auto& hop : route.hops) on_link[index(hop.link)] += route.flows * hop.times;
    for (const double all : on_link) flows = std::max(flows, all);
    double largest = 0;
    for (const auto& task : work.tasks())
      if (task.kind == TaskGraph::Kind::move)
        largest = std::max(largest, task.amount * platform.routes[index(task.target)].flows / flows);
    if (largest > 0) grains = std::exp2(std::floor(std::log2(1e18 / largest)));
  }
};

/// What is ready is started from a timer of SimGrid, never from within a completion callback: the solver may
/// not be changed, nor an activity released, while it reports completions.
class Network {
 public:
  Network(const Platform& platform, const TaskGraph& work, double* ends)
      : platform_{platform},
        work_{work},
        scale_{platform, work},
        ends_{ends},
        waits_for_(work.tasks().size()) {
    for (const auto& d : work.dependencies()) {
      followers_.emplace(d.before, d.after);
      ++waits_for_[index(d.after)];
    }
    build();
  }

  void run(sg4::Engine& engine) {
    sg4::Comm::on_completion_cb([this](const sg4::Activity& activity) { on_arrival(activity); });
    Timer::set(0.0, [this] {
      for (std::size_t t = 0; t < waits_for_.size(); ++t)
        if (waits_for_[t] == 0) release(static_cast<TaskId>(t));
      settle();
    });
    engine.run();
  }

 private:
  static constexpr double least_latency = 1e-15;  // s; with none at all, SimGrid forgets the weight of a flow

  void build() {
    zone_ = new MoveZone;  // owned by the SimGrid engine
    auto* root = zone_->get_iface();
    from_ = root->create_host("from", 1e9);
    to_ = root->create_host("to", 1e9);
    std::vector<StandardLinkImpl*> links;
    double widest = 0;
    for (const auto& link : platform_.links) {
      const double capacity =
          scale_.grains * (link.count / scale_.flows) * link.bandwidth.in(unit::B / unit::s);
      widest = std::max(widest, capacity);
      links.push_back(root->create_link(std::to_string(links.size()), capacity)->get_impl());
    }
    for (const auto& route : platform_.routes) {
      // When flows begin at the same instant, the lazy solver looks at what has changed from the first link
      // of each, and overlooks the others if that one was marked already. A first link of the route's own,
      // which never binds, keeps it complete.
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

  void release(TaskId task) {
    const auto& move = work_.tasks()[index(task)];
    if (move.kind == TaskGraph::Kind::join) {
      finished_.push_back(task);
      return;
    }
    const auto& route = platform_.routes[index(move.target)];
    zone_->links = &paths_[index(move.target)];
    zone_->weight = route.flows / scale_.flows;
    zone_->true_latency = std::max(route.latency.in(unit::s), least_latency);
    sg4::CommPtr comm = sg4::Comm::sendto_init(from_, to_);
    const double payload = std::max(1.0, std::round(scale_.grains * move.amount * zone_->weight));
    comm->set_payload_size(static_cast<std::uint64_t>(payload))->vetoable_start();
    in_flight_.emplace(comm.get(), std::pair{task, comm});
  }

  void on_arrival(const sg4::Activity& activity) {
    const auto arrived = in_flight_.find(&activity);
    if (arrived == in_flight_.end()) return;
    finished_.push_back(arrived->second.first);
    landed_.push_back(arrived->second.second);
    in_flight_.erase(arrived);
    if (landed_.size() > 1) return;  // a timer is set already
    Timer::set(sg4::Engine::get_clock(), [this] {
      landed_.clear();
      settle();
    });
  }

  void settle() {
    while (!finished_.empty()) {
      const TaskId task = finished_.back();
      finished_.pop_back();
      ends_[index(task)] = sg4::Engine::get_clock();
      const auto [first, last] = followers_.equal_range(task);
      for (auto f = first; f != last; ++f)
        if (--waits_for_[index(f->second)] == 0) release(f->second);
    }
  }

  const Platform& platform_;
  const TaskGraph& work_;
  const Scale scale_;
  double* ends_;
  std::unordered_multimap<TaskId, TaskId> followers_;
  std::vector<int> waits_for_;    // [task] how many have not ended
  std::vector<TaskId> finished_;  // followers not yet released
  std::unordered_map<const sg4::Activity*, std::pair<TaskId, sg4::CommPtr>> in_flight_;
  std::vector<sg4::CommPtr> landed_;                   // to be let go outside of the completion callback
  std::vector<std::vector<StandardLinkImpl*>> paths_;  // [route]
  MoveZone* zone_ = nullptr;
  sg4::Host* from_ = nullptr;
  sg4::Host* to_ = nullptr;
};

/// SimGrid may be set up once a process.
[[noreturn]] void simulate(const Platform& platform, const TaskGraph& work, double* ends) {
  std::string arguments[] = {"test",
                             "--log=root.thresh:critical",
                             "--cfg=network/model:CM02",
                             "--cfg=network/crosstraffic:0",
                             "--cfg=network/TCP-gamma:0",
                             "--cfg=surf/precision:1e-13",
                             "--cfg=maxmin/precision:2e-14"};
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  sg4::Engine engine{&argc, argv.data()};
  Network{platform, work, ends}.run(engine);
  _exit(0);
}

}  // namespace

std::vector<double> ends_by_simgrid(const Platform& platform, const TaskGraph& work) {
  const std::size_t bytes = work.tasks().size() * sizeof(double);
  void* shared = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error{"no memory to share with the process of SimGrid"};
  auto* ends = static_cast<double*>(shared);
  std::fflush(nullptr);  // what waits in buffers would be written by both processes
  const pid_t child = fork();
  if (child == 0) simulate(platform, work, ends);
  int status = -1;
  const bool ended = child > 0 && waitpid(child, &status, 0) == child && status == 0;
  const std::vector<double> result(ends, ends + work.tasks().size());
  munmap(shared, bytes);
  if (!ended) throw std::runtime_error{"the process of SimGrid died"};
  return result;
}

}  // namespace superpod
