/// What of a system is not like the rest: how much, which, and where.
#pragma once

#include <string>
#include <vector>

#include "models/faults/asymmetry.hpp"
#include "models/faults/damaged_cabling.hpp"
#include "scenarios/asked/scenario.hpp"
#include "topology/cabling/cabling.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {

/// What is not alike, where it is, and what it is like.
struct Fault {
  std::string what, where, state;
  double share = 1;  ///< of bandwidth or speed that is left
};

struct FaultList {
  double dead_links = 0, degraded_links = 0;  ///< directed
  double slow_npus = 0, other_chip_npus = 0;
  std::vector<Fault> faults;  ///< random ones by their address; whole planes are no single links
};

FaultList fault_list(const models::Asymmetry& asymmetry, const topology::Wiring& wiring);
FaultList fault_list(const models::DamagedCabling& damage, const topology::Cabling& cabling);

/// Of the scenario, on levels or on a graph.
FaultList fault_list(const ScenarioFile& file);

/// One a line.
std::string text(const FaultList& list);

}  // namespace superpod::scenarios
