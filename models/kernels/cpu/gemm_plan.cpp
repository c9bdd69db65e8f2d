#include "models/kernels/cpu/gemm_plan.hpp"

#include <algorithm>

namespace superpod::models::cpu {
namespace {

// Chosen by measurement on a Zen 5 with 48 KiB of L1 and 1 MiB of L2: a tile of B in BF16 takes 32 KiB, and
// L2 holds a task's sums beside the part of A or B that they are made of. What one or two panels read is
// prefetched.
constexpr std::int64_t rows_of_task = 512;
constexpr std::int64_t cols_of_task = 256, depth_of_task = 512;
constexpr std::int64_t few_panels = 2;
constexpr std::int64_t cols_of_stream = 64;  // enough to be worth the asking, few enough to end together

constexpr std::int64_t ratio_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// The begin of part i of `parts` as equal as may be.
constexpr std::int64_t part(std::int64_t count, std::int64_t parts, std::int64_t i) {
  return count * i / parts;
}

}  // namespace

GemmPlan plan(const GemmShape& shape, const Microkernel& kernel, int threads) {
  GemmPlan result;
  std::int64_t row = 0;
  for (std::size_t group = 0; group < shape.row_ends.size(); ++group) {
    const std::int64_t rows = shape.row_ends[group] - row;
    const auto first = static_cast<std::int64_t>(result.panels.size());
    const bool streams = rows <= kernel.stream_rows;
    const std::int64_t panels = streams ? std::min<std::int64_t>(rows, 1) : ratio_up(rows, kernel.rows);
    for (std::int64_t i = 0; i < panels; ++i)
      result.panels.push_back(
          {row + part(rows, panels, i), part(rows, panels, i + 1) - part(rows, panels, i)});
    row = shape.row_ends[group];

    const bool few = panels <= few_panels;
    const std::int64_t tiles = ratio_up(shape.n, kernel.cols);
    const std::int64_t wide = streams ? ratio_up(shape.n, cols_of_stream)
                              : few   ? tiles
                                      : ratio_up(shape.n, cols_of_task);
    const std::int64_t across = std::min(tiles, ratio_up(wide, threads) * threads);
    const std::int64_t down =
        std::min(panels, std::max(ratio_up(rows, rows_of_task), across > 0 ? ratio_up(threads, across) : 0));
    for (std::int64_t i = 0; i < down; ++i)
      for (std::int64_t j = 0; j < across; ++j)
        result.tasks.push_back({.group = static_cast<std::int64_t>(group),
                                .panel = first + part(panels, down, i),
                                .panel_end = first + part(panels, down, i + 1),
                                .col = part(tiles, across, j) * kernel.cols,
                                .col_end = std::min(part(tiles, across, j + 1) * kernel.cols, shape.n),
                                .depth = depth_of_task,
                                .streams = streams});
  }
  return result;
}

}  // namespace superpod::models::cpu
