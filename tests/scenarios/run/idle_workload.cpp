#include "tests/scenarios/run/idle_workload.hpp"

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {

void note_flaws(const IdleWorkload& workload, const ScenarioFile& on, Mistakes& mistakes) {
  if (workload.time > unit::year)
    mistakes.add(on.places.at("workload.time"), "nobody waits that long", "at most a year");
}

void note_misfits(const IdleWorkload&, const ScenarioFile& on, Mistakes& mistakes) {
  if (on.places.contains("reliability"))
    mistakes.add(on.places.at("reliability"), "what idles cannot fail", "leave it out");
}

std::string explained(const IdleWorkload& workload, const ScenarioFile&) {
  return "\nidle for " + text(workload.time) + "\n";
}

Run<IdleAnswer> simulated(const IdleWorkload& workload, const ScenarioFile& on, const How& how) {
  auto [work, trace] = run_planned(on, how, [&](models::Detail) {
    models::Work idle;
    const auto npus = static_cast<double>(topology::npus(on.scenario.system.value.fabric()));
    idle.platform.ranks.push_back({"any NPU", npus});
    idle.platform.devices.push_back({0, "compute"});
    idle.work.occupy(0, workload.time, idle.work.label("idle", "compute"));
    return idle;
  });
  IdleAnswer answer{work.platform.ranks.front().count, trace.makespan};
  return {answer, std::move(work), std::move(trace)};
}

analysis::Result result_of(const IdleAnswer& answer) {
  analysis::Result result;
  result.figures = {{"npus", answer.npus, "", "NPUs that idle"},
                    {"time_s", answer.time.in(unit::s), "s", "until the last of them is done"}};
  result.verdict = "All idle for " + text(answer.time) + ".";
  return result;
}

}  // namespace superpod::scenarios
