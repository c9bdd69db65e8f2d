#include "scenarios/asked/ground.hpp"

#include <algorithm>
#include <utility>

namespace superpod::scenarios {

bool Ground::has_dead_links() const {
  return std::ranges::find(asymmetry.links, 0.0, &topology::Degraded::share) != asymmetry.links.end();
}

Ground ground_of(const Scenario& scenario, const models::System& system) {
  const models::Faults& faults = scenario.faults;
  topology::Wiring wiring{models::fabric(faults, system)};
  models::Asymmetry asymmetry = models::asymmetry(faults, wiring, scenario.seed);
  return {std::move(wiring), std::move(asymmetry)};
}

models::DamagedCabling damage_of(const ScenarioFile& on) {
  return models::damaged(on.scenario.faults, *on.cabling, on.scenario.seed);
}

Ground without_faults(const models::System& system) { return {topology::Wiring{system.fabric()}, {}}; }

}  // namespace superpod::scenarios
