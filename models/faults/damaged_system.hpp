/// A system with its faults: what is left of its fabric, and what is not alike any more.
#pragma once

#include <cstdint>
#include <vector>

#include "models/faults/asymmetry.hpp"
#include "models/faults/faults.hpp"
#include "models/hardware/system.hpp"
#include "topology/fabric/fabric.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {

/// The fabric without the planes that are lost; it has all the symmetry that it had.
/// Throws std::invalid_argument unless flaws() finds nothing.
topology::Fabric fabric(const Faults& faults, const System& system);

/// What is not alike. `wiring` is that of fabric(faults, system). Throws std::invalid_argument unless flaws()
/// finds nothing.
/// Cost: proportional to what is broken or drawn, whatever the number of NPUs is.
Asymmetry asymmetry(const Faults& faults, const topology::Wiring& wiring, std::int64_t seed);

/// Units with another chip than the system's.
std::vector<OtherChip> other_chips(const Faults& faults);

/// What is wrong with faults: each with the key it concerns (`links.0.from.2`, `npus.1.count`).
/// Assumes a system without flaws.
std::vector<topology::Flaw> flaws(const Faults& faults, const System& system, std::int64_t seed);

}  // namespace superpod::models
