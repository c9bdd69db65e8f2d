#include "scenarios/answers/faults_result.hpp"

#include <cmath>
#include <vector>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {

void add_faults(const FaultList& list, analysis::Result& result) {
  const auto add = [&](const char* key, double value, const char* meaning) {
    result.figures.push_back({std::string{"faults."} + key, value, "", meaning});
  };
  add("dead_links", list.dead_links, "directed links that carry nothing; both ways of a cable count");
  add("degraded_links", list.degraded_links,
      "directed links that have lost a part of their bandwidth, lost planes of a network not counted");
  add("slow_npus", list.slow_npus, "NPUs that compute more slowly");
  add("other_chip_npus", list.other_chip_npus, "NPUs that are another chip");

  std::vector<std::string> what, where, state;
  std::vector<double> share;
  for (const Fault& fault : list.faults) {
    what.push_back(fault.what), where.push_back(fault.where), state.push_back(fault.state);
    share.push_back(fault.share);
  }
  if (what.empty()) return;  // whole planes are no single links
  result.tables.push_back({"faults",
                           "fault",
                           "what is not like the rest of the system",
                           {{"what", "", "link, NPU or chip", what},
                            {"where", "", "address, outermost digit first; of a link its ends", where},
                            {"state", "", "in words", state},
                            {"share", "", "of bandwidth or speed that is left", share}}});
}

void add_slowdown(const Slowdown& slowdown, analysis::Result& result) {
  result.figures.push_back({"faults.slowdown", slowdown.factor(), "", "time with faults over time without"});
}

std::string sentence(const Slowdown& slowdown) {
  const double cost = slowdown.factor() - 1;
  constexpr double nothing = 5e-4;  // shown as 0.0 %
  return "Without faults it would take " + text(slowdown.without) + ": they " +
         (std::abs(cost) < nothing
              ? "cost nothing."
              : std::string{cost > 0 ? "cost " : "save "} + percent_text(std::abs(cost)) + ".");
}

}  // namespace superpod::scenarios
