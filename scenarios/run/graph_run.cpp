#include "scenarios/run/graph_run.hpp"

#include <vector>

#include "topology/cabling/cabling_routes.hpp"

namespace superpod::scenarios {

void require_room_to_plan(const models::Work& alike, const topology::Cabling& cabling) {
  Counts counts = counts_one_by_one(alike);
  const std::vector<int> npus = topology::npus_of(cabling);
  if (npus.size() < 2) return;
  topology::CablingRoutes routes{cabling};
  double hops = 0;
  for (const int to : npus)
    if (to != npus.front()) hops += static_cast<double>(routes.path(npus.front(), to).hops.size());
  counts.hops *= hops / static_cast<double>(npus.size() - 1);
  counts.links = static_cast<double>(cabling.links.size());
  Forecast need = forecast(models::Detail::full, counts);
  need.on_a_graph = true;
  require_room(need);
}

}  // namespace superpod::scenarios
