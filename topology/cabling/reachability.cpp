#include "topology/cabling/reachability.hpp"

#include <algorithm>
#include <vector>

#include "sim/values/index.hpp"
#include "topology/cabling/cabling_routes.hpp"
#include "topology/fabric/fabric.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::topology {
namespace {

/// The first NPU that links do not lead to, forwards or against their direction; `absent`: they lead to all.
int missed(const Cabling& cabling, int start, int Cabling::Link::*from, int Cabling::Link::*to) {
  std::vector<std::vector<int>> next(cabling.nodes.size());
  for (const auto& link : cabling.links)
    if (link.*from != absent) next[index(link.*from)].push_back(link.*to);
  std::vector<bool> seen(cabling.nodes.size());
  std::vector<int> reached{start};
  seen[index(start)] = true;
  for (std::size_t i = 0; i < reached.size(); ++i)
    for (const int node : next[index(reached[i])])
      if (!seen[index(node)]) {
        seen[index(node)] = true;
        reached.push_back(node);
      }
  const std::vector<int> npus = npus_of(cabling);
  const auto found = std::ranges::find_if(npus, [&](int npu) { return !seen[index(npu)]; });
  return found == npus.end() ? absent : *found;
}

}  // namespace

void require_ways(const Cabling& cabling) {
  const std::vector<int> npus = npus_of(cabling);
  CablingRoutes routes{cabling};
  if (!cabling.routes.empty()) {
    for (const int from : npus)
      for (const int to : npus)
        if (from != to && !cabling.routes.contains({from, to})) static_cast<void>(routes.path(from, to));
    return;
  }
  const int hub = npus.front();  // whoever reaches it, and whom it reaches, reach each other
  if (const int to = missed(cabling, hub, &Cabling::Link::from, &Cabling::Link::to); to != absent)
    static_cast<void>(routes.path(hub, to));
  if (const int from = missed(cabling, hub, &Cabling::Link::to, &Cabling::Link::from); from != absent)
    static_cast<void>(routes.path(from, hub));
}

}  // namespace superpod::topology
