#include "models/work/work_folding.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "sim/values/index.hpp"
#include "topology/folding/colour_refinement.hpp"

namespace superpod::models {
namespace {

using Kind = TaskGraph::Kind;
using topology::Influence;

/// Forty binary digits of it.
double rounded(double x) {
  constexpr int digits = 40;
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  return std::ldexp(std::round(std::ldexp(mantissa, digits)), exponent - digits);
}

/// What goes over one route under one label: the moves of a stream are told apart by each other, but not by
/// what else uses the route.
struct Stream {
  RouteId route = 0;
  LabelId label = 0;
  auto operator<=>(const Stream&) const = default;
};

std::vector<Stream> streams_of(const Work& plan) {
  std::vector<Stream> streams;
  for (const auto& task : plan.work.tasks())
    if (task.kind == Kind::move) streams.push_back({task.target, task.label});
  std::ranges::sort(streams);
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

/// The vertices of the plan: tasks, then streams, links, devices and ranks.
struct Vertices {
  std::vector<Stream> all_streams;
  std::size_t streams, links, devices, ranks, end;  // where each begins

  explicit Vertices(const Work& plan)
      : all_streams{streams_of(plan)},
        streams{plan.work.tasks().size()},
        links{streams + all_streams.size()},
        devices{links + plan.platform.links.size()},
        ranks{devices + plan.platform.devices.size()},
        end{ranks + plan.platform.ranks.size()} {}

  /// Number of the stream of a move.
  [[nodiscard]] int stream(const TaskGraph::Task& move) const {
    const auto found = std::ranges::lower_bound(all_streams, Stream{move.target, move.label});
    return static_cast<int>(found - all_streams.begin());
  }
  [[nodiscard]] int link(LinkId id) const { return static_cast<int>(links) + id; }
  [[nodiscard]] int device(DeviceId id) const { return static_cast<int>(devices) + id; }
  [[nodiscard]] int rank(RankId id) const { return static_cast<int>(ranks) + id; }
  [[nodiscard]] int target(const TaskGraph::Task& task) const {
    return task.kind == Kind::move ? static_cast<int>(streams) + stream(task) : device(task.target);
  }
};

struct Signature {
  enum class Of { task, stream, link, device, rank } of{};
  int what = 0;   // kind of the task
  int label = 0;  // or number of the name
  int microbatch = 0;
  int place = 0;  // in the order of its device, or rank
  double figure = 0, count = 0;
  auto operator<=>(const Signature&) const = default;
};

class Names {
 public:
  int operator()(const std::string& name) {
    return numbers_.try_emplace(name, static_cast<int>(numbers_.size())).first->second;
  }

 private:
  std::map<std::string, int> numbers_;
};

std::vector<Signature> signatures(const Work& plan, const Vertices& at) {
  using Of = Signature::Of;
  const Platform& platform = plan.platform;
  std::vector<Signature> result;
  result.reserve(at.end);
  std::vector<int> of_device(platform.devices.size()), of_rank(platform.ranks.size());
  Names names;
  for (const auto& task : plan.work.tasks()) {
    const int place = task.kind == Kind::occupy ? of_device[index(task.target)]++ : 0;
    result.push_back(
        {Of::task, static_cast<int>(task.kind), task.label, task.microbatch, place, rounded(task.amount), 1});
  }
  for (const Stream& stream : at.all_streams) {
    const auto& route = platform.routes[index(stream.route)];
    result.push_back({Of::stream, 0, stream.label, 0, 0, rounded(route.latency.in(unit::s)), route.flows});
  }
  for (const auto& link : platform.links)
    result.push_back(
        {Of::link, 0, names(link.name), 0, 0, rounded(link.bandwidth.in(unit::B / unit::s)), link.count});
  for (const auto& device : platform.devices)
    result.push_back({Of::device, 0, names(device.name), 0, of_rank[index(device.rank)]++, 0, 1});
  for (const auto& rank : platform.ranks) result.push_back({Of::rank, 0, 0, 0, 0, 0, rank.count});
  return result;
}

/// Ends of a route weigh differently on their ranks, and in ratios that no numbers of routes come close to.
constexpr double sender = 1, receiver = 1.6180339887498949, further = 2.2360679774997896;

/// Ranks do not weigh on what they send: streams to unlike ranks may well be alike.
std::vector<Influence> influences(const Work& plan, const Vertices& at) {
  std::vector<Influence> result;
  const auto both = [&](int a, int b) {
    result.push_back({a, b});
    result.push_back({b, a});
  };
  for (const auto& [before, after] : plan.work.dependencies()) result.push_back({before, after});
  const auto& tasks = plan.work.tasks();
  for (std::size_t t = 0; t < tasks.size(); ++t)
    if (tasks[t].kind != Kind::join) both(static_cast<int>(t), at.target(tasks[t]));
  for (std::size_t i = 0; i < at.all_streams.size(); ++i) {
    const int stream = static_cast<int>(at.streams + i);
    const auto& route = plan.platform.routes[index(at.all_streams[i].route)];
    for (const auto& hop : route.hops) {
      result.push_back({at.link(hop.link), stream, hop.times});
      result.push_back({stream, at.link(hop.link), hop.times * route.flows});
    }
    result.push_back({stream, at.rank(route.from), sender});
    result.push_back({stream, at.rank(route.to), receiver});
    for (const RankId rank : route.also) result.push_back({stream, at.rank(rank), further});
  }
  for (DeviceId d = 0; d < static_cast<int>(plan.platform.devices.size()); ++d)
    both(at.device(d), at.rank(plan.platform.devices[index(d)].rank));
  return result;
}

/// Classes of one sort of vertices, counted from 0, and the first member of each.
struct Classes {
  std::vector<int> of;
  std::vector<std::size_t> first, size;

  Classes(const topology::Partition& partition, std::size_t begin, std::size_t end) {
    int before = 0;  // classes of the sorts before
    for (std::size_t v = 0; v < begin; ++v) before = std::max(before, partition.of[v] + 1);
    for (std::size_t v = begin; v < end; ++v) {
      of.push_back(partition.of[v] - before);
      if (index(of.back()) == first.size()) {
        first.push_back(v - begin);
        size.push_back(0);
      }
      ++size[index(of.back())];
    }
  }
  [[nodiscard]] int operator()(int member) const { return of[index(member)]; }
};

class Folded {
 public:
  Folded(const Work& whole, const Vertices& at, const topology::Partition& partition)
      : whole_{whole},
        at_{at},
        tasks_{partition, 0, at.streams},
        streams_{partition, at.streams, at.links},
        links_{partition, at.links, at.devices},
        devices_{partition, at.devices, at.ranks},
        ranks_{partition, at.ranks, at.end},
        ends_(streams_.first.size()) {
    for (std::size_t i = 0; i < streams_.of.size(); ++i) {
      const auto& route = whole.platform.routes[index(at.all_streams[i].route)];
      auto& ends = ends_[index(streams_.of[i])];
      ends.insert({ranks_(route.from), ranks_(route.to)});
      for (const RankId rank : route.also) ends.insert(ranks_(rank));
    }
  }

  FoldedWork plan() {
    add_ranks_and_devices();
    add_links();
    add_tasks();
    add_dependencies();
    return {std::move(result_), std::move(tasks_.of), std::move(ranks_.of)};
  }

 private:
  void add_ranks_and_devices() {
    for (const std::size_t first : ranks_.first) {
      result_.platform.ranks.push_back(whole_.platform.ranks[first]);
      result_.platform.ranks.back().count = 0;
    }
    for (std::size_t r = 0; r < ranks_.of.size(); ++r)
      result_.platform.ranks[index(ranks_.of[r])].count += whole_.platform.ranks[r].count;
    for (const std::size_t first : devices_.first) {
      const auto& device = whole_.platform.devices[first];
      result_.platform.devices.push_back({ranks_(device.rank), device.name});
    }
  }

  void add_links() {
    for (std::size_t l = 0; l < links_.first.size(); ++l) {
      const auto& link = whole_.platform.links[links_.first[l]];
      result_.platform.links.push_back(
          {link.name, link.count * static_cast<double>(links_.size[l]), link.bandwidth});
    }
  }

  /// Of a class of streams that each carry `moves` like moves at the same times.
  RouteId route(int of, std::size_t moves) {
    const auto [found, is_new] =
        route_ids_.try_emplace({of, moves}, static_cast<RouteId>(result_.platform.routes.size()));
    if (!is_new) return found->second;
    const auto& first = whole_.platform.routes[index(at_.all_streams[streams_.first[index(of)]].route)];
    Platform::Route route{ranks_(first.from),
                          ranks_(first.to),
                          first.flows * static_cast<double>(streams_.size[index(of)] * moves),
                          first.latency,
                          {}};
    std::map<LinkId, double> times;
    for (const auto& hop : first.hops) times[links_(hop.link)] += hop.times;
    for (const auto& [link, often] : times) route.hops.push_back({link, often});
    for (const RankId rank : ends_[index(of)])
      if (rank != route.from && rank != route.to) route.also.push_back(rank);
    result_.platform.routes.push_back(std::move(route));
    return found->second;
  }

  void add_tasks() {
    for (const auto& label : whole_.work.labels()) result_.work.label(label.name, label.cause);
    for (std::size_t t = 0; t < tasks_.first.size(); ++t) {
      const auto& task = whole_.work.tasks()[tasks_.first[t]];
      switch (task.kind) {
        case Kind::occupy:
          result_.work.occupy(devices_(task.target), Seconds{task.amount}, task.label, task.microbatch);
          break;
        case Kind::move: {
          const int of = streams_(at_.stream(task));
          result_.work.move(route(of, tasks_.size[t] / streams_.size[index(of)]), Bytes{task.amount},
                            task.label, task.microbatch);
          break;
        }
        case Kind::join:
          result_.work.join();
          break;
      }
    }
  }

  /// What the first member waits for, one of each class.
  void add_dependencies() {
    std::vector<std::pair<TaskId, TaskId>> waits;
    for (const auto& [before, after] : whole_.work.dependencies())
      if (tasks_.first[index(tasks_(after))] == index(after))
        waits.emplace_back(tasks_(after), tasks_(before));
    std::ranges::sort(waits);
    waits.erase(std::unique(waits.begin(), waits.end()), waits.end());
    for (const auto& [after, before] : waits) result_.work.depend(after, before);
  }

  const Work& whole_;
  const Vertices& at_;
  Classes tasks_, streams_, links_, devices_, ranks_;
  std::vector<std::set<RankId>> ends_;  // [class of streams] who sends or receives
  std::map<std::pair<int, std::size_t>, RouteId> route_ids_;
  Work result_;
};

}  // namespace

FoldedWork folded(const Work& whole) {
  const Vertices at{whole};
  return Folded{whole, at,
                topology::refine(topology::colours_of(signatures(whole, at)), influences(whole, at))}
      .plan();
}

}  // namespace superpod::models
