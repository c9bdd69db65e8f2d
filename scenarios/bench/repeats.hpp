/// How often a kernel is run, and what its times come to.
#pragma once

#include <functional>

#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// Samples are taken until the quartiles are close to each other, or there are enough, or it took too long.
struct Effort {
  int fewest = 3;                            ///< samples, even when the budget is spent
  int least = 5, most = 60;                  ///< otherwise
  double spread = 0.02;                      ///< (upper - lower quartile) / median that is small enough
  Seconds budget = 1 * unit::s;              ///< on the wall, after which no other sample begins
  Seconds warm_up = 20 * unit::ms;           ///< of runs that do not count: clocks rise, pages are mapped
  Seconds shortest_sample = 200 * unit::us;  ///< runs shorter than this are timed several at once
};

struct Sampled {
  Seconds median, low, high;  ///< quartiles, between neighbouring samples where needed
  int samples = 0;            ///< each the mean of `runs` runs
  int runs = 0;
};

/// `mean_of(n)` runs the kernel n times, and returns the mean time of one.
Sampled sampled(const std::function<Seconds(int)>& mean_of, const Effort& effort);

}  // namespace superpod::scenarios
