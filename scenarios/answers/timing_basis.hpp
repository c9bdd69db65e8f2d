/// How well what an answer rests on has been checked against measurements.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "models/hardware/chip.hpp"
#include "models/training/step.hpp"

namespace superpod::scenarios {

/// A timing model that kernels of a step use.
struct TimingUse {
  std::string family;  ///< of kernels that was measured
  std::string of;      ///< timings of the catalogue; borrowed: of another chip or family
  double error = 0;    ///< mean |predicted / measured - 1| to expect, on shapes not seen; NaN: not known
  double share = 0;    ///< of the step's computation
  std::string source;  ///< table of measurements
};

/// Most of the time first.
std::vector<TimingUse> timing_basis(const std::vector<models::KernelCount>& kernels,
                                    const models::Chip& chip);

/// The table `validation`.
void add_timing_basis(const std::vector<TimingUse>& basis, analysis::Result& result);

}  // namespace superpod::scenarios
