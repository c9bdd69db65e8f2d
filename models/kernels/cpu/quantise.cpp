#include "models/kernels/cpu/quantise.hpp"

#include <algorithm>
#include <tuple>

#include "models/kernels/cpu/dispatch.hpp"
#include "models/kernels/cpu/parallel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/cpu/quantise.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>

#include "models/kernels/cpu/quantise_tile-inl.hpp"

#ifndef SUPERPOD_MODELS_KERNELS_CPU_QUANTISE
#define SUPERPOD_MODELS_KERNELS_CPU_QUANTISE
namespace superpod::models::cpu {
namespace {

/// A matrix and both its results.
template <class In, class Scale>
struct Both {
  const Rows<In>* in;
  QuantisedRows<Scale>*out, *transposed;
};

/// The work of one thread: a range of rows, or of tiles.
template <class In, class Scale>
struct Parts {
  void (*rows)(const Rows<In>&, QuantisedRows<Scale>&, std::int64_t begin, std::int64_t end);
  void (*tiles)(const Both<In, Scale>&, std::int64_t begin, std::int64_t end);
};
using AllParts =
    std::tuple<Parts<float, float>, Parts<float, fp8::E8m0>, Parts<Bf16, float>, Parts<Bf16, fp8::E8m0>>;

}  // namespace
}  // namespace superpod::models::cpu
#endif

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {
namespace {

/// Rows [begin, end).
template <class In, class Scale>
void rows_of(const Rows<In>& in, QuantisedRows<Scale>& out, std::int64_t begin, std::int64_t end) {
  for (std::int64_t i = begin; i < end; ++i)
    quantise_row(in.row(i), in.cols, out.codes.data() + i * in.cols,
                 out.scales.data() + i * out.scale_cols());
}

template <class In>
HWY_INLINE void fetch_row_of_next_tile(const Rows<In>& in, std::int64_t row, std::int64_t col) {
  constexpr std::int64_t line = 64 / sizeof(In);
  for (std::int64_t j = col; j < std::min(col + block_cols, in.cols); j += line)
    hwy::Prefetch(in.row(row) + j);
}

/// The tile whose upper left element is (row, col).
template <class In, class Scale>
void tile_of(const Both<In, Scale>& both, std::int64_t row, std::int64_t col) {
  const Rows<In>& in = *both.in;
  const InTile<In> tile{in.row(row) + col, std::min(block_cols, in.rows - row),
                        std::min(block_cols, in.cols - col), in.cols};
  QuantisedRows<Scale>& out = *both.out;
  for (std::int64_t i = 0; i < tile.rows; ++i) fetch_row_of_next_tile(in, row + i, col + block_cols);
  quantise_blocks(Blocks<In, Scale>{
      tile.rows, tile.cols, tile.from, in.cols, out.codes.data() + row * in.cols + col, in.cols,
      out.scales.data() + row * out.scale_cols() + col / block_cols, out.scale_cols()});
  CodeTile codes;
  Scale scales[block_cols];
  quantise_columns(tile, codes, scales);
  for (std::int64_t j = 0; j < tile.cols; ++j) {
    QuantisedRows<Scale>& to = *both.transposed;
    std::memcpy(static_cast<void*>(to.codes.data() + (col + j) * in.rows + row), codes.codes[j],
                static_cast<std::size_t>(tile.rows));
    to.scales[static_cast<std::size_t>((col + j) * to.scale_cols() + row / block_cols)] = scales[j];
  }
}

/// Tiles [begin, end), counted along bands of eight columns of tiles: a row of a tile continues in the next
/// one, and so does, a band's width later, a row of the transposed; few enough pages lie open in between for
/// the processor to remember where they are.
template <class In, class Scale>
void tiles_of(const Both<In, Scale>& both, std::int64_t begin, std::int64_t end) {
  constexpr std::int64_t band = 8;
  const std::int64_t across = both.out->scale_cols(), down = both.transposed->scale_cols();
  for (std::int64_t i = begin; i < end; ++i) {
    const std::int64_t first = i / (band * down) * band, width = std::min(band, across - first);
    const std::int64_t inside = i - first * down;
    tile_of(both, inside / width * block_cols, (first + inside % width) * block_cols);
  }
}

}  // namespace

AllParts all_parts() {
  return {{&rows_of<float, float>, &tiles_of<float, float>},
          {&rows_of<float, fp8::E8m0>, &tiles_of<float, fp8::E8m0>},
          {&rows_of<Bf16, float>, &tiles_of<Bf16, float>},
          {&rows_of<Bf16, fp8::E8m0>, &tiles_of<Bf16, fp8::E8m0>}};
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace superpod::models::cpu {
namespace {

HWY_EXPORT(all_parts);

template <class In, class Scale>
Parts<In, Scale> parts_for(Path path) {
  return std::get<Parts<In, Scale>>(chosen(HWY_DISPATCH_TABLE(all_parts), path)());
}

constexpr const char* wrong_size = "quantise: the matrix does not have rows * cols values";

}  // namespace

template <class In, class Scale>
void quantise_rows(const Rows<In>& in, QuantisedRows<Scale>& out, const Execution& on) {
  require_shape(in, wrong_size);
  reshape(out, in.rows, in.cols);
  const auto part = parts_for<In, Scale>(on.path).rows;
  in_parallel(in.rows, on.threads, [&](std::int64_t begin, std::int64_t end) { part(in, out, begin, end); });
}

template <class In, class Scale>
void quantise_with_transpose(const Rows<In>& in, QuantisedRows<Scale>& out, QuantisedRows<Scale>& transposed,
                             const Execution& on) {
  require_shape(in, wrong_size);
  reshape(out, in.rows, in.cols);
  reshape(transposed, in.cols, in.rows);
  const Both<In, Scale> both{&in, &out, &transposed};
  const auto part = parts_for<In, Scale>(on.path).tiles;
  in_parallel(out.scale_cols() * transposed.scale_cols(), on.threads,
              [&](std::int64_t begin, std::int64_t end) { part(both, begin, end); });
}

template void quantise_rows(const Rows<float>&, QuantisedRows<float>&, const Execution&);
template void quantise_rows(const Rows<float>&, QuantisedRows<fp8::E8m0>&, const Execution&);
template void quantise_rows(const Rows<Bf16>&, QuantisedRows<float>&, const Execution&);
template void quantise_rows(const Rows<Bf16>&, QuantisedRows<fp8::E8m0>&, const Execution&);
template void quantise_with_transpose(const Rows<float>&, QuantisedRows<float>&, QuantisedRows<float>&,
                                      const Execution&);
template void quantise_with_transpose(const Rows<float>&, QuantisedRows<fp8::E8m0>&,
                                      QuantisedRows<fp8::E8m0>&, const Execution&);
template void quantise_with_transpose(const Rows<Bf16>&, QuantisedRows<float>&, QuantisedRows<float>&,
                                      const Execution&);
template void quantise_with_transpose(const Rows<Bf16>&, QuantisedRows<fp8::E8m0>&, QuantisedRows<fp8::E8m0>&,
                                      const Execution&);

}  // namespace superpod::models::cpu
#endif
