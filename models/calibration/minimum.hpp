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

}  // namespace superpod::models
