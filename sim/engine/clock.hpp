#pragma once

#include "sim/engine/driven.hpp"

namespace superpod {

enum class Clock {
  simgrid,  ///< SimGrid's, of which a process has one: it drives one run at a time, the others wait
  bare      ///< a loop: any number of threads may drive runs of their own
};

/// Lets time pass until nothing more happens. Clocks tell how much time passes, never what time it is: a run
/// adds that up itself, so its dates are the same to the bit on each, and after any number of other runs.
///
/// What a run throws reaches the caller, and the clock may be used again.
/// Throws std::runtime_error when SimGrid cannot be loaded, std::logic_error when a run that SimGrid drives
/// asks SimGrid to drive another.
/// Source: SimGrid 3.32, whose only model here is the run.
void drive(Driven& run, Clock clock);

}  // namespace superpod
