#include "models/collectives/cabled_collective.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "sim/values/index.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/cabling/cabled_ranks.hpp"
#include "topology/cabling/reachability.hpp"

namespace superpod::models {
namespace {

using topology::Cabling;
using topology::Flaw;

/// Above this many messages a plan, with every one of them, would not fit into the memory of a usual machine.
constexpr double most_messages = 5e7;

double messages(const CollectiveWorkload& workload, double ranks) {
  const int passes = workload.operation.kind().passes;
  return passes == 0 ? ranks : passes * ranks * workload.algorithm.recipe().along.messages(ranks);
}

/// What is asked of NPUs by their numbers, as it is of those at the places where they stand.
Asked at_places(Asked asked, const std::vector<int>& order) {
  const auto place_of = [&](int npu) {
    return static_cast<int>(std::ranges::find(order, npu) - order.begin());
  };
  asked.root[0] = place_of(asked.root[0]);
  asked.destination[0] = place_of(asked.destination[0]);
  const std::vector<double> load = asked.load;
  for (std::size_t place = 0; place < load.size(); ++place)
    asked.load[place] = load[static_cast<std::size_t>(order[place])];
  return asked;
}

}  // namespace

topology::Fabric one_level(const Cabling& cabling, Seconds endpoint_latency) {
  const Sourced<BytesPerSecond> alike{1 * unit::GB / unit::s};
  return {{{"npu", static_cast<int>(topology::npus_of(cabling).size())}},
          {topology::FullMesh{"graph", {"npu"}, alike, {}, {1.0}}},
          {endpoint_latency}};
}

CollectiveWorkload on_cabling(CollectiveWorkload workload) {
  const OperationKind& kind = workload.operation.kind();
  if (kind.keys.algorithm && workload.algorithm == Algorithm::automatic)
    workload.algorithm = kind.automatic_on_graph;
  return workload;
}

bool follows_order(const CollectiveWorkload& workload) {
  return workload.operation.kind().keys.algorithm && !on_cabling(workload).algorithm.recipe().at_once;
}

std::vector<Flaw> flaws(const CollectiveWorkload& workload, const Cabling& cabling) {
  CollectiveWorkload mine = on_cabling(workload);
  const topology::Fabric fabric = one_level(cabling, {});
  std::vector<Flaw> found;
  if (mine.algorithm == Algorithm::hierarchical)
    found.push_back({"algorithm", "a graph has no levels to be hierarchical over",
                     "use ring, direct or halving_doubling"});
  if (mine.operation.kind().keys.algorithm && !mine.algorithm_of.empty()) {
    found.push_back({"algorithm_of", "a graph has no levels", "give one algorithm for all"});
    mine.algorithm_of.clear();
  }
  for (Flaw& flaw : flaws(mine, fabric)) found.push_back(std::move(flaw));
  if (!found.empty()) return found;
  const double sent = messages(mine, group_size(mine, fabric));
  if (sent > most_messages)
    found.push_back({"algorithm", "these would be " + si(sent) + " messages, and each is planned by itself",
                     "at most " + si(most_messages) + ": halving_doubling needs the fewest"});
  return found;
}

void require_ways(const CollectiveWorkload& workload, const Cabling& cabling) {
  if (workload.operation.kind().passes > 0)
    topology::require_ways(cabling);
  else
    static_cast<void>(plan(workload, cabling, {}));  // a message a rank
}

Work plan(const CollectiveWorkload& workload, const Cabling& cabling, Seconds endpoint_latency,
          std::vector<int> order) {
  if (const auto found = flaws(workload, cabling); !found.empty())
    throw std::invalid_argument{found.front().message};
  const topology::Fabric fabric = one_level(cabling, endpoint_latency);
  const int npus = fabric.levels.front().count;
  if (order.empty() || !follows_order(workload)) {
    order.resize(static_cast<std::size_t>(npus));
    std::iota(order.begin(), order.end(), 0);
  }
  const CollectiveWorkload mine = on_cabling(workload);
  Method method{mine.algorithm};
  method.chunks = mine.chunks;
  const Undertaking what{mine.operation, method, at_places(asked(mine, fabric), order)};
  Work result;
  topology::CabledRanks ranks{
      {cabling, endpoint_latency, std::move(order)}, topology::places_of(npus), result.platform};
  append(what, ranks, {0}, result.work);
  return result;
}

}  // namespace superpod::models
