/// The least time of a step whose model is cut: slot after slot, in a tenth of a millisecond.
#pragma once

#include <vector>

#include "models/search/layer_sums.hpp"
#include "models/training/schedule.hpp"

namespace superpod::models {

/// As in step_bound.hpp, but with the stages as they are and the slots in the order of their schedule:
///
///     begin(slot) = max(end of the rank's slot before, inputs of its passes + transfer)
///     end(slot)   = begin + max(kernels of its passes, chain through each of them)
///
/// so that stalls between unequal stages count. What a slot's passes hand on leaves when all of their kernels
/// have ended. `counts` [stage] layers. Never above the simulated step, and never below the bound that does
/// not know the cut.
/// Left out: contention of exchanges.
Seconds slot_bound(const Pipeline& pipe, const std::vector<int>& counts, const LayerSums& sums,
                   const UpdateBounds& update);

}  // namespace superpod::models
