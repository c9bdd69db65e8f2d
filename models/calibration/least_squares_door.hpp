/// What the module around Ceres offers. It is loaded when something is first fitted.
#pragma once

#include <span>

#include "models/calibration/minimum.hpp"

namespace superpod::models {

/// What `minimised` is asked.
struct LeastSquares {
  const Residuals& residuals;
  int count;
  std::span<const double> start;
  std::span<const Interval> bounds;
  double step;
};

}  // namespace superpod::models

extern "C" void superpod_minimise(const superpod::models::LeastSquares& of, superpod::models::Minimum& found);
