#include "scenarios/answers/run_size.hpp"

namespace superpod::scenarios {

RunSize run_size(const models::Work& work, const Trace& trace) {
  RunSize size;
  for (const auto& rank : work.platform.ranks) size.npus += rank.count;
  size.ranks = work.platform.ranks.size();
  size.links = work.platform.links.size();
  size.flows = work.platform.routes.size();
  size.events = static_cast<double>(trace.events);
  return size;
}

void add_run_size(const RunSize& size, analysis::Result& result) {
  const auto add = [&](const char* key, double value, const char* meaning) {
    result.figures.push_back({key, value, "", meaning});
  };
  add("npus", size.npus, "NPUs that take part");
  add("classes.ranks", static_cast<double>(size.ranks), "classes of ranks that were simulated");
  add("classes.links", static_cast<double>(size.links), "classes of links that carry traffic");
  add("classes.flows", static_cast<double>(size.flows), "classes of flows, each with a route of its own");
  add("events", size.events, "starts and ends that the engine handled");
}

}  // namespace superpod::scenarios
