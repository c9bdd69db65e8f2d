/// How large a run was.
#pragma once

#include <cstddef>

#include "analysis/result.hpp"
#include "models/work/work.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::scenarios {

struct Extent {
  double npus = 0;                              ///< that take part
  std::size_t ranks = 0, links = 0, flows = 0;  ///< classes of them
  double events = 0;                            ///< starts and ends that the engine handled
};

Extent extent_of(const models::Work& work, const Trace& trace);

/// The figures `npus`, `classes.*` and `events`.
void add_extent(const Extent& extent, analysis::Result& result);

}  // namespace superpod::scenarios
