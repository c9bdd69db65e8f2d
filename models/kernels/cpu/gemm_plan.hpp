/// How a GEMM is cut into tasks that fit the caches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/kernels/cpu/gemm_operands.hpp"
#include "models/kernels/cpu/microkernel.hpp"

namespace superpod::models::cpu {

/// Rows of A that a tile multiplies together.
struct Panel {
  std::int64_t row = 0, rows = 0;
};

/// Columns [col, col_end) of the rows in panels [panel, panel_end), which are of one group. What it computes
/// does not depend on any other.
struct GemmTask {
  std::int64_t group = 0;
  std::int64_t panel = 0, panel_end = 0;
  std::int64_t col = 0, col_end = 0;
  std::int64_t depth =
      0;                 ///< of K, packed at a time: blocks of B stay in a cache until all rows have met them
  bool streams = false;  ///< Microkernel::stream does it
};

struct GemmPlan {
  std::vector<Panel> panels;
  std::vector<GemmTask> tasks;
};

/// Panels depend on the shape alone; tasks are enough to keep `threads` busy.
GemmPlan plan(const GemmShape& shape, const Microkernel& kernel, int threads);

}  // namespace superpod::models::cpu
