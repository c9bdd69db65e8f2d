/// How well what an answer rests on has been checked against measurements.
#pragma once

#include <vector>

#include "analysis/result.hpp"
#include "models/hardware/chip.hpp"
#include "models/training/step.hpp"

namespace superpod::scenarios {

/// The table `validation`: each timing model that the step's kernels use, with its error on shapes that it
/// has not seen (of another chip: when it was borrowed), and the share of the computation that it tells.
void add_validation(const std::vector<models::KernelCount>& kernels, const models::Chip& chip,
                    analysis::Result& result);

}  // namespace superpod::scenarios
