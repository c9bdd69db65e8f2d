#include "models/kernels/cpu/gemm.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>

#include "models/kernels/cpu/gemm_check.hpp"
#include "models/kernels/cpu/gemm_plan.hpp"
#include "models/kernels/cpu/microkernel.hpp"
#include "models/kernels/cpu/parallel.hpp"

namespace superpod::models::cpu {
namespace {

constexpr std::int64_t ratio_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Memory that begins with a cache line and holds nothing yet.
template <class Element>
class Workspace {
 public:
  explicit Workspace(std::int64_t elements)
      : begin_{static_cast<Element*>(
            ::operator new (static_cast<std::size_t>(elements) * sizeof(Element), std::align_val_t{64}))} {}
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { ::operator delete (begin_, std::align_val_t{64}); }
  [[nodiscard]] Element* begin() const { return begin_; }

 private:
  Element* begin_;
};

void store(float from, float& to) { to = from; }
void store(float from, Bf16& to) { to = to_bf16(from); }

/// A GEMM whose A is packed, and whose tasks can be done in any order.
template <class Element>
struct Product {
  const GemmShape& shape;
  const Activations& a;
  const Weights& b;
  std::span<Element> c;
  const Microkernel& kernel;
  const GemmPlan& plan;
  std::byte* packed_a;

  [[nodiscard]] std::int64_t blocks() const { return blocks_of(shape.k); }
  [[nodiscard]] std::int64_t block_bytes() const {
    return k_block * kernel.element;
  }  ///< of one row or column
  [[nodiscard]] std::byte* packed(const Panel& panel) const {
    return packed_a + panel.row * blocks() * block_bytes();
  }

  void pack(const Panel& panel) const {
    kernel.pack_a({a.codes.data() + panel.row * shape.k, shape.k, panel.rows, shape.k}, packed(panel));
  }

  void pack_columns(const GemmTask& task, std::int64_t k, std::byte* to) const {
    const std::int64_t depth = std::min(task.depth, shape.k - k);
    for (std::int64_t col = task.col; col < task.col_end; col += kernel.cols) {
      const fp8::E4m3* const codes = b.codes.data() + (task.group * shape.n + col) * shape.k + k;
      kernel.pack_b({codes, shape.k, std::min(kernel.cols, task.col_end - col), depth}, to);
      to += blocks_of(depth) * block_bytes() * kernel.cols;
    }
  }

  /// What pack_columns() reads next, where one tile is packed at a time: further along K, else the next
  /// tile's.
  [[nodiscard]] const fp8::E4m3* next_codes(const GemmTask& task, std::int64_t k) const {
    if (task.col_end - task.col > kernel.cols) return nullptr;
    const bool last = k + task.depth >= shape.k;
    const std::int64_t col = last ? task.col_end : task.col;
    if (col + kernel.cols > shape.n) return nullptr;
    return b.codes.data() + (task.group * shape.n + col) * shape.k + (last ? 0 : k + task.depth);
  }

  /// `sums` is [tile of columns][row of the task][column of the tile].
  void multiply(const GemmTask& task, std::int64_t k, const std::byte* packed_b, float* sums) const {
    const std::int64_t depth = std::min(task.depth, shape.k - k), block = k / k_block;
    const std::int64_t tile_bytes = blocks_of(depth) * block_bytes() * kernel.cols;
    const fp8::E4m3* const ahead = next_codes(task, k);
    for (std::int64_t col = task.col; col < task.col_end; col += kernel.cols) {
      const std::int64_t scale_row = task.group * blocks_of(shape.n) + col / k_block;
      for (std::int64_t i = task.panel; i < task.panel_end; ++i) {
        const Panel& panel = plan.panels[static_cast<std::size_t>(i)];
        kernel.multiply({.a = packed(panel) + block * panel.rows * block_bytes(),
                         .b = packed_b,
                         .rows = panel.rows,
                         .k = depth,
                         .scale_a = a.scales.data() + panel.row * blocks() + block,
                         .scale_a_stride = blocks(),
                         .scale_b = b.scales.data() + scale_row * blocks() + block,
                         .c = sums,
                         .ahead = i == task.panel ? ahead : nullptr,
                         .ahead_stride = shape.k,
                         .first = k == 0});
        sums += panel.rows * kernel.cols;
      }
      packed_b += tile_bytes;
    }
  }

  /// `sums` as multiply() leaves them.
  void stream(const GemmTask& task, float* sums) const {
    const Panel& panel = plan.panels[static_cast<std::size_t>(task.panel)];
    for (std::int64_t col = task.col; col < task.col_end;
         col += kernel.cols, sums += panel.rows * kernel.cols) {
      const fp8::E4m3* const codes = b.codes.data() + (task.group * shape.n + col) * shape.k;
      const std::int64_t scale_row = task.group * blocks_of(shape.n) + col / k_block;
      kernel.stream({.a = packed(panel),
                     .rows = panel.rows,
                     .b = {codes, shape.k, std::min(kernel.cols, task.col_end - col), shape.k},
                     .scale_a = a.scales.data() + panel.row * blocks(),
                     .scale_b = b.scales.data() + scale_row * blocks(),
                     .c = sums,
                     .c_stride = kernel.cols});
    }
  }

  void finish(const GemmTask& task, const float* sums) const {
    const std::int64_t first_row = plan.panels[static_cast<std::size_t>(task.panel)].row;
    const Panel& last = plan.panels[static_cast<std::size_t>(task.panel_end - 1)];
    for (std::int64_t col = task.col; col < task.col_end; col += kernel.cols)
      for (std::int64_t row = first_row; row < last.row + last.rows; ++row, sums += kernel.cols) {
        Element* const to = c.data() + row * shape.n + col;
        const std::int64_t cols = std::min(kernel.cols, task.col_end - col);
        for (std::int64_t j = 0; j < cols; ++j) store(sums[j], to[j]);
      }
  }
};

template <class Element>
void multiply(const GemmShape& shape, const Activations& a, const Weights& b, std::span<Element> c,
              const GemmExecution& execution) {
  check(shape, a, b);
  if (c.size() != static_cast<std::size_t>(rows_of(shape) * shape.n))
    throw std::invalid_argument{"block_gemm: C does not fit the shape"};
  if (execution.threads < 1) throw std::invalid_argument{"block_gemm: runs on one thread at least"};
  const Microkernel kernel = microkernel(execution.multiplier);
  if (c.empty()) return;
  if (shape.k == 0) {
    std::ranges::fill(c, Element{});
    return;
  }
  const GemmPlan cut = plan(shape, kernel, execution.threads);
  const std::int64_t blocks = blocks_of(shape.k);
  const Workspace<std::byte> packed_a{shape.row_ends.back() * blocks * k_block * kernel.element};
  const Product<Element> product{shape, a, b, c, kernel, cut, packed_a.begin()};

  in_parallel(static_cast<std::int64_t>(cut.panels.size()), execution.threads,
              [&](std::int64_t begin, std::int64_t end) {
                for (std::int64_t i = begin; i < end; ++i)
                  product.pack(cut.panels[static_cast<std::size_t>(i)]);
              });

  std::int64_t rows = 0, cols = 0, depth = 0;
  for (const GemmTask& task : cut.tasks) {
    const Panel& last = cut.panels[static_cast<std::size_t>(task.panel_end - 1)];
    rows = std::max(rows, last.row + last.rows - cut.panels[static_cast<std::size_t>(task.panel)].row);
    cols = std::max(cols, ratio_up(task.col_end - task.col, kernel.cols) * kernel.cols);
    depth = std::max(depth, std::min(task.depth, blocks * k_block));
  }
  std::atomic<std::size_t> next = 0;  // tasks are unequal, and so may threads be
  in_parallel(std::min<std::int64_t>(execution.threads, static_cast<std::int64_t>(cut.tasks.size())),
              execution.threads, [&](std::int64_t, std::int64_t) {
                const Workspace<std::byte> packed_b{cols * depth * kernel.element};
                const Workspace<float> sums{rows * cols};
                for (std::size_t i = next++; i < cut.tasks.size(); i = next++) {
                  const GemmTask& task = cut.tasks[i];
                  if (task.streams) product.stream(task, sums.begin());
                  for (std::int64_t k = 0; !task.streams && k < shape.k; k += task.depth) {
                    product.pack_columns(task, k, packed_b.begin());
                    product.multiply(task, k, packed_b.begin(), sums.begin());
                  }
                  product.finish(task, sums.begin());
                }
              });
}

}  // namespace

void grouped_block_gemm(const GemmShape& shape, const Activations& a, const Weights& b, std::span<float> c,
                        const GemmExecution& execution) {
  multiply(shape, a, b, c, execution);
}

void grouped_block_gemm(const GemmShape& shape, const Activations& a, const Weights& b, std::span<Bf16> c,
                        const GemmExecution& execution) {
  multiply(shape, a, b, c, execution);
}

}  // namespace superpod::models::cpu
