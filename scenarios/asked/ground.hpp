/// What a workload runs on: a system of levels and networks, and what of it is not alike.
#pragma once

#include "models/faults/asymmetry.hpp"
#include "models/faults/damaged_cabling.hpp"
#include "models/hardware/system.hpp"
#include "scenarios/asked/scenario.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {

struct Ground {
  topology::Wiring wiring;
  models::Asymmetry asymmetry;

  [[nodiscard]] bool has_dead_links() const;
};

/// With the scenario's faults, those by chance drawn: on its system, or on one that differs in figures only.
Ground ground_of(const Scenario& scenario, const models::System& system);
inline Ground ground_of(const Scenario& scenario) { return ground_of(scenario, scenario.system.value); }

/// Of a system with a graph: with the scenario's faults.
models::DamagedCabling damage_of(const ScenarioFile& on);

Ground without_faults(const models::System& system);

}  // namespace superpod::scenarios
