#include "models/calibration/least_squares.hpp"

#include <stdexcept>

#include "models/calibration/least_squares_door.hpp"
#include "sim/modules/module.hpp"

namespace superpod::models {

Minimum minimised(const Residuals& residuals, int count, std::span<const double> start,
                  std::span<const Interval> bounds, double step) {
  if (bounds.size() != start.size()) throw std::invalid_argument("one interval for each parameter");
  static const auto minimise = function_of<decltype(superpod_minimise)>(
      {SUPERPOD_LEAST_SQUARES_MODULE, "libsuperpod_least_squares.so"}, "superpod_minimise");
  Minimum found;
  minimise({residuals, count, start, bounds, step}, found);
  return found;
}

}  // namespace superpod::models
