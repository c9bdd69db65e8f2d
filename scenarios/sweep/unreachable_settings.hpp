#pragma once

#include "scenarios/sweep/sweep_file.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

/// Notes mistakes of the scenario, and of paths and values, that each point with them has: a key that nothing
/// knows, a word that is not among its kinds, a unit of another dimension. What depends on the rest of a
/// point (a mapping that does not divide the system) is that point's result.
/// Cost: reads at most 1,000 points for each dial, and 200 more for each mistake.
void note_unreachable(const SweepFile& file, const Library& library, Mistakes& mistakes);

}  // namespace superpod::scenarios
