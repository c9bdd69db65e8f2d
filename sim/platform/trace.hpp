#pragma once

#include <cstdint>
#include <vector>

#include "sim/values/units.hpp"

namespace superpod {

struct Span {
  Seconds start, finish;
};

/// When each task of a TaskGraph began and ended, counted from the start of the run.
struct Trace {
  std::vector<Span> tasks;  ///< [task]
  Seconds makespan;         ///< when the last task ended
  std::int64_t events = 0;  ///< starts and ends that the engine handled
};

}  // namespace superpod
