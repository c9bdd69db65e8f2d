/// Nonlinear least squares within bounds: the only door to Ceres.
#pragma once

#include <span>

#include "models/calibration/minimum.hpp"

namespace superpod::models {

/// Levenberg-Marquardt from `start`, with central differences of `step`: small against the range of x, and
/// larger than the steps of what is rounded up inside. Deterministic.
/// Throws std::invalid_argument when `bounds` are not as many as `start`.
Minimum minimised(const Residuals& residuals, int count, std::span<const double> start,
                  std::span<const Interval> bounds, double step);

}  // namespace superpod::models
