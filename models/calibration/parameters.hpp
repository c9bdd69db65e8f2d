/// Which parameters of the timing model each form of kernel has, and where a fit may look for them.
#pragma once

#include <span>
#include <string_view>

#include "models/kernels/timing.hpp"

namespace superpod::models {

struct FittedParameter {
  std::string_view name;
  double (*get)(const TimingParameters&);
  void (*set)(TimingParameters&, double);
  double usual, low, high;  ///< base units; all positive, since a fit works on logarithms
};

/// In the order in which a table tells them: the first from a few rows, the last only from many.
std::span<const FittedParameter> fitted_parameters(KernelFamily::Form form);

}  // namespace superpod::models
