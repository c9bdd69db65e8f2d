/// Faults with addresses for all of them: those that are asked for by number are drawn.
#pragma once

#include <cstdint>
#include <vector>

#include "models/faults/asymmetry.hpp"
#include "models/faults/faults.hpp"
#include "topology/fabric/wiring.hpp"
#include "topology/routing/faults.hpp"

namespace superpod::models {

/// What is broken, and which entry of the scenario's list says so.
struct DrawnHardware {
  topology::HardwareFaults faults;
  std::vector<std::size_t> entry_of_cable, entry_of_switch;
};

struct DrawnNpus {
  std::vector<SlowNpu> npus;
  std::vector<std::size_t> entry;
};

/// What the entries with addresses say. Assumes addresses that are no longer than the system has levels.
DrawnHardware named_hardware(const Faults& faults, const topology::Wiring& wiring);

/// Adds links and switches for the entries with `count`: each link (both directions together, unless one way)
/// and each unit's switches are equally likely; none twice, and none of those already there. Notes where
/// there are too few. Assumes that what is there has no flaws.
void draw(DrawnHardware& to, const Faults& faults, const topology::Wiring& wiring, std::int64_t seed,
          std::vector<topology::Flaw>& found);

/// NPUs by address and at random, likewise.
DrawnNpus drawn_npus(const Faults& faults, const topology::Fabric& fabric, std::int64_t seed,
                     std::vector<topology::Flaw>& found);

}  // namespace superpod::models
