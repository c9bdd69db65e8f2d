/// Nonlinear least squares within bounds: the only door to Ceres.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace superpod::models {

/// Writes the residuals at `x`.
using Residuals = std::function<void(std::span<const double> x, std::span<double> residuals)>;

struct Interval {
  double low = 0, high = 0;
};

struct Minimum {
  std::vector<double> x;
  double cost = 0;  ///< half the sum of squared residuals
};

/// Levenberg-Marquardt from `start`, with central differences of `step`: small against the range of x, and
/// larger than the steps of what is rounded up inside. Deterministic.
/// Throws std::invalid_argument when `bounds` are not as many as `start`.
Minimum minimised(const Residuals& residuals, int count, std::span<const double> start,
                  std::span<const Interval> bounds, double step);

}  // namespace superpod::models
