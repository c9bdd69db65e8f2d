#include "models/kernels/timing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace superpod::models {
namespace {

// Plain numbers in base units: this runs some hundred million times in a search.
constexpr double step_depth = 128;  // elements of K in one step of a GEMM's pipeline
constexpr std::array<double, 7> tile_rows{1, 4, 16, 32, 64, 128, 256};
constexpr std::array<double, 6> tile_columns{64, 96, 128, 160, 192, 256};
constexpr double largest_tile = 128 * 256;  // accumulators of a core
constexpr std::array<double, 3> gemm_splits{2, 4, 8};
constexpr double query_tile = 128;                 // of prefill
constexpr double key_tile = 64, decode_rows = 64;  // of decode
constexpr double most_key_splits = 64;

struct Numbers {
  double cores, core_peak, tile_rows;
  double launch, group, fill, row, latency, split_cost, split_tile;
  double matrix_rate, memory_rate, core_bandwidth;
};

Numbers numbers_of(const TimingParameters& p, const ChipRates& rates) {
  using namespace unit;
  const double bandwidth = rates.memory_bandwidth.in(BytesPerSecond{1});
  const double peak = rates.core_peak.in(FlopsPerSecond{1}), share = rates.core_share.in(BytesPerSecond{1});
  return {.cores = rates.cores,
          .core_peak = peak,
          .tile_rows = rates.tile_rows,
          .launch = p.launch.in(s),
          .group = p.group.in(s),
          .fill = p.fill.in(s),
          .row = p.row.in(s),
          .latency = p.latency.in(s),
          .split_cost = p.split_cost.in(s),
          .split_tile = p.split_tile.in(s),
          .matrix_rate = p.matrix_efficiency * peak,
          .memory_rate = p.memory_efficiency * bandwidth,
          .core_bandwidth = p.cache_gain * share};
}

/// std::ceil of what is not negative, without its call: it is most of the work here.
double rounded_up(double x) {
  const auto below = static_cast<double>(static_cast<std::int64_t>(x));
  return below < x ? below + 1 : below;
}

double gemm_cores(const Kernel& kernel, const Numbers& x) {
  const auto& [groups, m, n, k] = kernel.matrix;
  const double active = groups * std::min(1.0, m), rows = std::max(1.0, m);
  const double element = element_size(kernel.precision).in(unit::B);
  const double steps = rounded_up(k / step_depth);
  const double compute_rate = 1 / x.matrix_rate, feed_rate = element / x.core_bandwidth;

  double best = HUGE_VAL;
  for (const double height : tile_rows) {
    if (height < x.tile_rows) continue;
    const double row_tiles = active * rounded_up(rows / height) / x.cores;
    for (const double width : tile_columns) {
      if (height * width > largest_tile) break;
      const double compute = 2 * height * width * compute_rate;
      const double feed = (height + width) * feed_rate;
      const double step = std::max(step_depth * std::max(compute, feed), x.latency);
      const double share = row_tiles * rounded_up(n / width);
      double waves = rounded_up(share);
      best = std::min(best, waves * (x.fill + steps * step));
      for (std::size_t i = 0; i < gemm_splits.size() && waves <= 1; ++i) {  // a full grid gains nothing
        waves = rounded_up(share * gemm_splits[i]);
        best = std::min(best, waves * (x.fill + rounded_up(steps / gemm_splits[i]) * step) + x.split_cost);
      }
      if (width >= n) break;  // a wider tile only works more
    }
    if (height >= rows) break;
  }
  return best;
}

double prefill_cores(const Kernel& kernel, const TimingParameters& p, const Numbers& x) {
  const AttentionShape& shape = kernel.attention;
  const double heads = shape.sequences * shape.heads;
  const double tiles = heads * rounded_up(shape.queries / query_tile);
  const double pairs = heads * shape.pairs;
  const double key = query_tile * kernel.flops.in(unit::FLOP) / pairs / x.matrix_rate;  // one key of a tile
  const double tile = x.fill + (shape.pairs / shape.queries + query_tile / 2) * key;
  const double longest = x.fill + shape.keys * key;
  return std::max(longest, tiles / x.cores * tile + p.tail * longest);
}

double decode_cores(const Kernel& kernel, const TimingParameters& p, const Numbers& x) {
  const AttentionShape& shape = kernel.attention;
  const double rows = std::max(1.0, shape.queries * shape.heads / shape.kv_heads);
  const double tiles = shape.sequences * shape.kv_heads * rounded_up(rows / decode_rows);
  const double width = shape.shared_kv ? std::max(shape.qk_dim, shape.v_dim) : shape.qk_dim + shape.v_dim;
  const double step =
      x.latency + key_tile * width * element_size(kernel.cached).in(unit::B) / x.core_bandwidth;
  const double fill = x.fill + std::min(rows, decode_rows) * x.row;

  double best = HUGE_VAL;
  for (double split = 1; split <= most_key_splits; split *= 2) {
    const double tile = fill + rounded_up(shape.keys / (key_tile * split)) * step;
    const double share = tiles * split / x.cores;
    best = std::min(best, std::max(tile, (share + p.tail) * tile) +
                              (split > 1 ? x.split_cost + x.split_tile * share : 0));
    if (key_tile * split >= shape.keys) break;
  }
  return best;
}

double core_time(const Kernel& kernel, const TimingParameters& p, const Numbers& x) {
  switch (kernel.kind) {
    case Kernel::Kind::gemm:
    case Kernel::Kind::grouped_gemm:
      return gemm_cores(kernel, x);
    case Kernel::Kind::attention:
      return is_decode(kernel.attention) ? decode_cores(kernel, p, x) : prefill_cores(kernel, p, x);
    case Kernel::Kind::vector:
      break;
  }
  return 0;
}

/// Of all cores at their peak; none for vector kernels of a chip whose vector units are not known.
double least_time(const Kernel& kernel, const Numbers& x) {
  return x.core_peak > 0 ? kernel.flops.in(unit::FLOP) / (x.cores * x.core_peak) : 0;
}

/// (a^p + b^p)^(1/p), without overflow.
double overlapped(double a, double b, double p) {
  const double larger = std::max(a, b), smaller = std::min(a, b);
  if (smaller <= 0) return larger;
  return larger * std::pow(1 + std::pow(smaller / larger, p), 1 / p);
}

}  // namespace

TimingParameters slowed(TimingParameters p, double factor) {
  for (Seconds* time :
       {&p.launch, &p.group, &p.fill, &p.row, &p.latency, &p.split_cost, &p.split_tile, &p.throttle_after})
    *time *= factor;
  for (double* rate : {&p.matrix_efficiency, &p.memory_efficiency, &p.cache_gain, &p.elementwise_efficiency})
    *rate /= factor;
  return p;
}

KernelTime time_of(const Kernel& kernel, const TimingParameters& parameters, const ChipRates& rates,
                   Load load) {
  const Numbers x = numbers_of(parameters, rates);
  const double cool = std::max(core_time(kernel, parameters, x), least_time(kernel, x));
  const double memory = kernel.bytes.in(unit::B) / x.memory_rate;
  const double groups = kernel.kind == Kernel::Kind::grouped_gemm ? kernel.matrix.groups * x.group : 0;
  const double start = x.launch + groups, longer = std::max(cool, memory);
  const double share =
      load == Load::sustained ? 1 : 1 - std::exp(-longer / parameters.throttle_after.in(unit::s));
  const double cores = cool * (1 + parameters.throttle * share);
  const double busy = overlapped(cores, memory, parameters.overlap);
  using Bound = KernelTime::Bound;
  return {Seconds{start + busy}, start > busy     ? Bound::launch
                                 : cores > memory ? Bound::compute
                                                  : Bound::memory};
}

}  // namespace superpod::models
