#include "models/collectives/cabled_collective.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "sim/values/index.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/cabling/cabling_routes.hpp"

namespace superpod::models {
namespace {

using topology::Cabling;
using topology::Flaw;

/// Above this many messages a plan, with every one of them, would not fit into the memory of a usual machine.
constexpr double most_messages = 5e7;

double messages(const CollectiveWorkload& workload, double ranks) {
  const bool twice = workload.operation == Operation::all_reduce;
  switch (workload.operation) {
    case Operation::broadcast:
    case Operation::send_receive:
    case Operation::permutation:
      return ranks;
    default:
      return workload.algorithm == Algorithm::halving_doubling ? 64 * ranks
                                                               : (twice ? 2 : 1) * ranks * (ranks - 1);
  }
}

/// Collectives rank by rank, on as many links and routes of a cabling as they use.
class Ranks {
 public:
  Ranks(const Cabling& cabling, Seconds endpoint_latency, std::string_view name)
      : cabling_{cabling},
        routes_{cabling},
        npus_{topology::npus_of(cabling)},
        endpoint_latency_{endpoint_latency},
        link_ids_(cabling.links.size(), topology::absent),
        front_(npus_.size(), at_once),
        ends_(npus_.size()) {
    for (std::size_t rank = 0; rank < npus_.size(); ++rank) {
      plan_.platform.ranks.push_back({cabling.nodes[index(npus_[rank])].name});
      plan_.platform.devices.push_back({static_cast<RankId>(rank), "compute"});
    }
    label_ = plan_.work.label(std::string{name}, std::string{name});
  }

  [[nodiscard]] int size() const { return static_cast<int>(npus_.size()); }
  Work plan() { return std::move(plan_); }

  void send(RankId from, RankId to, Bytes bytes) {
    const TaskId move = plan_.work.move(route(from, to), bytes, label_);
    if (front_[index(from)] != at_once) plan_.work.depend(move, front_[index(from)]);
    ends_[index(from)].push_back(move);
    ends_[index(to)].push_back(move);
  }

  /// A rank goes on when all that it sends and all that is sent to it has arrived.
  void next() {
    for (std::size_t rank = 0; rank < ends_.size(); ++rank) {
      if (ends_[rank].empty()) continue;
      front_[rank] = plan_.work.join();
      plan_.work.depend(front_[rank], ends_[rank]);
      ends_[rank].clear();
    }
  }

  void to_all(Bytes bytes) {
    for (RankId from = 0; from < size(); ++from)
      for (RankId to = 0; to < size(); ++to)
        if (from != to) send(from, to, bytes);
    next();
  }

  void shift(int by, Bytes bytes) {
    for (RankId from = 0; from < size(); ++from)
      if (by % size() != 0) send(from, (from + by) % size(), bytes);
    next();
  }

  void swap(int mask, Bytes bytes) {
    for (RankId from = 0; from < size(); ++from) send(from, from ^ mask, bytes);
    next();
  }

 private:
  RouteId route(RankId from, RankId to) {
    const auto [found, is_new] =
        route_ids_.try_emplace({from, to}, static_cast<RouteId>(plan_.platform.routes.size()));
    if (!is_new) return found->second;
    const topology::CablePath path = routes_.path(npus_[index(from)], npus_[index(to)]);
    Platform::Route route{from, to, 1, endpoint_latency_ + path.latency, {}};
    for (const auto& hop : path.hops) route.hops.push_back({link(hop.link), hop.share});
    plan_.platform.routes.push_back(std::move(route));
    return found->second;
  }

  LinkId link(int number) {
    LinkId& id = link_ids_[index(number)];
    if (id != topology::absent) return id;
    id = static_cast<LinkId>(plan_.platform.links.size());
    const auto& link = cabling_.links[index(number)];
    plan_.platform.links.push_back({name(link), 1, link.bandwidth});
    return id;
  }

  /// Which of the links it is, by its ends.
  [[nodiscard]] std::string name(const Cabling::Link& link) const {
    if (link.from == topology::absent) return "link";
    const auto kind = [&](int node) { return cabling_.nodes[index(node)].npu ? "NPU" : "switch"; };
    return std::string{kind(link.from)} + " to " + kind(link.to);
  }

  const Cabling& cabling_;
  topology::CablingRoutes routes_;
  std::vector<int> npus_;
  Seconds endpoint_latency_;
  std::vector<LinkId> link_ids_;  // [link of the cabling]
  std::map<std::pair<RankId, RankId>, RouteId> route_ids_;
  Front front_;
  std::vector<std::vector<TaskId>> ends_;  // [rank] of the exchange under way
  LabelId label_ = -1;
  Work plan_;
};

void reduce_scatter(Ranks& ranks, Algorithm algorithm, Bytes size) {
  if (algorithm == Algorithm::direct) return ranks.to_all(size / ranks.size());
  if (algorithm == Algorithm::ring) {
    for (int step = 1; step < ranks.size(); ++step) ranks.shift(1, size / ranks.size());
    return;
  }
  for (int mask = 1; mask < ranks.size(); mask *= 2) {
    size = size / 2;
    ranks.swap(mask, size);
  }
}

void all_gather(Ranks& ranks, Algorithm algorithm, Bytes size) {
  if (algorithm != Algorithm::halving_doubling) return reduce_scatter(ranks, algorithm, size);
  Bytes held = size / ranks.size();
  for (int mask = ranks.size() / 2; mask >= 1; mask /= 2) {
    ranks.swap(mask, held);
    held *= 2;
  }
}

void all_to_all(Ranks& ranks, Algorithm algorithm, Bytes size) {
  if (algorithm == Algorithm::direct) return ranks.to_all(size / ranks.size());
  if (algorithm == Algorithm::ring)
    for (int step = 1; step < ranks.size(); ++step) ranks.shift(step, size / ranks.size());
  else
    for (int mask = 1; mask < ranks.size(); mask *= 2) ranks.swap(mask, size / 2);
}

void broadcast(Ranks& ranks, Algorithm algorithm, Bytes size, RankId root) {
  if (algorithm == Algorithm::direct) {
    for (RankId to = 0; to < ranks.size(); ++to)
      if (to != root) ranks.send(root, to, size);
    return ranks.next();
  }
  for (int reach = 1; reach < ranks.size(); reach *= 2) {
    for (int distance = 0; distance < reach && distance + reach < ranks.size(); ++distance)
      ranks.send((root + distance) % ranks.size(), (root + distance + reach) % ranks.size(), size);
    ranks.next();
  }
}

}  // namespace

topology::Fabric one_level(const Cabling& cabling, Seconds endpoint_latency) {
  return {{{"npu", static_cast<int>(topology::npus_of(cabling).size())}}, {}, {endpoint_latency}};
}

CollectiveWorkload on_cabling(CollectiveWorkload workload) {
  if (workload.algorithm != Algorithm::automatic) return workload;
  switch (workload.operation) {
    case Operation::all_to_all:
    case Operation::send_receive:
    case Operation::permutation:
      workload.algorithm = Algorithm::direct;
      break;
    case Operation::broadcast:
      workload.algorithm = Algorithm::halving_doubling;
      break;
    default:
      workload.algorithm = Algorithm::ring;
  }
  return workload;
}

std::vector<Flaw> flaws(const CollectiveWorkload& workload, const Cabling& cabling) {
  const CollectiveWorkload mine = on_cabling(workload);
  const topology::Fabric fabric = one_level(cabling, {});
  std::vector<Flaw> found = flaws(mine, fabric);
  if (mine.algorithm == Algorithm::hierarchical)
    found.push_back({"algorithm", "a graph has no levels to be hierarchical over",
                     "use ring, direct or halving_doubling"});
  if (!mine.algorithm_of.empty())
    found.push_back({"algorithm_of", "a graph has no levels", "give one algorithm for all"});
  if (mine.chunks != 1)
    found.push_back({"chunks", "a graph has one phase only: chunks overlap nothing", "leave it out"});
  const double sent = messages(mine, group_size(mine, fabric));
  if (sent > most_messages)
    found.push_back({"algorithm", "these would be " + si(sent) + " messages, and each is planned by itself",
                     "at most " + si(most_messages) + ": halving_doubling needs the fewest"});
  return found;
}

Work plan(const CollectiveWorkload& workload, const Cabling& cabling, Seconds endpoint_latency) {
  if (const auto found = flaws(workload, cabling); !found.empty())
    throw std::invalid_argument{found.front().message};
  const CollectiveWorkload mine = on_cabling(workload);
  const Operation operation = mine.operation;
  const Algorithm algorithm = mine.algorithm;
  const Bytes size = mine.size;
  Ranks ranks{cabling, endpoint_latency, words(Operation{})[static_cast<std::size_t>(operation)].first};
  const auto rank = [](const std::vector<int>& address, RankId otherwise) {
    return address.empty() ? otherwise : address.front();
  };
  switch (operation) {
    case Operation::all_reduce:
      reduce_scatter(ranks, algorithm, size);
      all_gather(ranks, algorithm, size);
      break;
    case Operation::reduce_scatter:
      reduce_scatter(ranks, algorithm, size);
      break;
    case Operation::all_gather:
      all_gather(ranks, algorithm, size);
      break;
    case Operation::all_to_all:
      all_to_all(ranks, algorithm, size);
      break;
    case Operation::broadcast:
      broadcast(ranks, algorithm, size, rank(mine.root, 0));
      break;
    case Operation::send_receive:
      ranks.send(rank(mine.root, 0), rank(mine.destination, ranks.size() - 1), size);
      ranks.next();
      break;
    case Operation::permutation:
      ranks.shift(rank(mine.by, 1), size);
      break;
  }
  return ranks.plan();
}

}  // namespace superpod::models
