/// How many links and switches a fabric has, stage by stage: what cables, optical modules and switches are
/// counted from.
///
/// Stages of a network, in the order in which a message leaves an NPU:
///
///     full mesh, torus   one for each level, innermost first: links between NPUs
///     Clos               0: NPU to first switch; k: tier k - 1 to the next
///     switched mesh      0: NPU to its unit's switch; then one for each level, innermost first: trunks
///     dragonfly          0: NPU to router; 1: within groups; 2: between groups
#pragma once

#include <string>
#include <vector>

#include "models/hardware/equipment.hpp"
#include "models/hardware/system.hpp"
#include "sim/values/units.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// Links of one stage of a network, both directions of one taken together.
struct CableStage {
  std::string network;
  int stage = 0;
  double links = 0;
  BytesPerSecond bandwidth;  ///< of one, in one direction, before efficiency
  /// A link of a Clos above its first switches stands for many that spread over all next switches: what
  /// counts is the sum.
  bool is_sum = false;
  Grade grade = Grade::assumed;  ///< of the bandwidth
  std::string source = {};
};

/// Switches of one tier of a network, in groups that share none.
struct SwitchTier {
  std::string network;
  int tier = 0;
  double groups = 0;
  BytesPerSecond ports;  ///< of one group, all ports in one direction
};

/// In the order of the networks and stages. Of levels that a fabric does not have, nothing.
std::vector<CableStage> cable_stages(const System& system);
std::vector<SwitchTier> switch_tiers(const System& system);

/// A link takes whole cables of its own; a sum of links shares them.
///
///     cables = links * ceil(bandwidth / cable)        of a sum: ceil(links * bandwidth / cable)
double cables(const CableStage& stage, BytesPerSecond of_one_cable);

/// switches = groups * ceil(ports of a group / capacity of one)
double switches(const SwitchTier& tier, BytesPerSecond of_one_switch);

}  // namespace superpod::models
