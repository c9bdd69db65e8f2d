#include "scenarios/asked/reachable.hpp"

#include <algorithm>

#include "models/collectives/cabled_collective.hpp"
#include "models/training/step.hpp"

namespace superpod::scenarios {

void note_cut_off(const topology::Unreachable& cut_off, const ScenarioFile& file, Mistakes& mistakes) {
  mistakes.add(file.places.at(file.cabling ? "system.graph.file" : "faults"), cut_off.what(),
               "what is cut off can do no work: leave it out of the system, or leave it a way");
}

void check_ways(const ScenarioFile& file, Mistakes& mistakes) {
  const Scenario& scenario = file.scenario;
  const models::System& system = scenario.system.value;
  if (file.cabling) {
    try {
      static_cast<void>(models::plan(std::get<models::CollectiveWorkload>(scenario.workload), *file.cabling,
                                     system.endpoint_latency.value));
    } catch (const topology::Unreachable& cut_off) {
      note_cut_off(cut_off, file, mistakes);
    }
    return;
  }
  const topology::Wiring wiring{models::fabric(scenario.faults, system)};
  const models::Asymmetry asymmetry = models::asymmetry(scenario.faults, wiring, scenario.seed);
  if (std::ranges::find(asymmetry.links, 0.0, &topology::Degraded::share) == asymmetry.links.end()) return;
  try {
    if (const auto* training = std::get_if<models::TrainingWorkload>(&scenario.workload))
      static_cast<void>(
          models::plan(*training, system.chip.value, wiring, models::Detail::folded, asymmetry));
    else
      static_cast<void>(models::plan(std::get<models::CollectiveWorkload>(scenario.workload), wiring,
                                     models::Detail::folded, asymmetry));
  } catch (const topology::Unreachable& cut_off) {
    note_cut_off(cut_off, file, mistakes);
  }
}

}  // namespace superpod::scenarios
