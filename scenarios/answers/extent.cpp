#include "scenarios/answers/extent.hpp"

namespace superpod::scenarios {

Extent extent_of(const models::Work& work, const Trace& trace) {
  Extent extent;
  for (const auto& rank : work.platform.ranks) extent.npus += rank.count;
  extent.ranks = work.platform.ranks.size();
  extent.links = work.platform.links.size();
  extent.flows = work.platform.routes.size();
  extent.events = static_cast<double>(trace.events);
  return extent;
}

void add_extent(const Extent& extent, analysis::Result& result) {
  const auto add = [&](const char* key, double value, const char* meaning) {
    result.figures.push_back({key, value, "", meaning});
  };
  add("npus", extent.npus, "NPUs that take part");
  add("classes.ranks", static_cast<double>(extent.ranks), "classes of ranks that were simulated");
  add("classes.links", static_cast<double>(extent.links), "classes of links that carry traffic");
  add("classes.flows", static_cast<double>(extent.flows), "classes of flows, each with a route of its own");
  add("events", extent.events, "starts and ends that the engine handled");
}

}  // namespace superpod::scenarios
