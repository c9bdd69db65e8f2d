/// A small physical model of how long one family of kernels takes on one chip.
///
/// All forms share one idea: cores work through equal tiles, HBM feeds them all.
///
///     T = launch + groups * group + ((heat * t_cores)^p + t_memory^p)^(1/p),   p = overlap
///     t_memory = bytes / (memory_efficiency * memory_bandwidth)
///     heat = 1 + throttle                             under sustained load: power is capped, and the cores'
///                                                     clock falls
///          = 1 + throttle (1 - exp(-t / throttle_after))   in a benchmark, which repeats a kernel of time t
///                                                     (at full clock) a few times: only long ones get hot
///
/// GEMM: the library takes the tile shape b_m x b_n and the split of K that end first,
///
///     t_cores = min over b_m in {64, 128, 256}, b_n in {64, 96, 128, 160, 192, 256}, b_m b_n <= 128 * 256,
///               and split in {1, 2, 4, 8} of
///               ceil(groups ceil(m / b_m) ceil(n / b_n) split / cores)               waves
///               * (fill + ceil(k / (128 split)) * step)  +  (split > 1) * split_cost
///     step    = max(2 b_m b_n 128 / (matrix_efficiency * core peak),                 tensor core
///                   (b_m + b_n) 128 e / (cache_gain * memory_bandwidth / cores),     operands from the cache
///                   latency)                                                         pipeline
///
/// with e bytes an element; where vector units multiply, b_m also begins lower, at the chip's `tile_rows`.
/// Groups that expect less than one row are idle in part: min(1, m) of them run. Prefill: a tile is 128
/// queries of a head, and walks along the keys that it sees,
///
///     tile    = fill + (pairs / queries + 64) * flops of 128 pairs / (matrix_efficiency * core peak)
///     longest = fill + keys * (the same)
///     t_cores = max(longest, tiles / cores * tile + tail * longest)
///
/// Decode: a tile is the queries of one key head (64 at most) against 64 keys a step,
///
///     tile    = fill + rows * row + ceil(keys / (64 split)) * (latency + 64 key bytes / core bandwidth)
///     t_cores = min over split in {1, 2, ..., 64} of max(tile, tiles split / cores * tile + tail * tile)
///               + (split > 1) (split_cost + split_tile * tiles split / cores)
///
/// Time never falls when a shape grows, nor below FLOPs over the peak (a floor of t_cores) or bytes over the
/// bandwidth (all efficiencies are at most 1). Shares of the chip's own peaks and bandwidths carry over to a
/// chip that nobody has measured; times do as they are.
/// Range: what the table of the fit spans, and beyond it as far as the physics holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/kernels/family.hpp"
#include "models/kernels/kernel.hpp"
#include "models/kernels/precision.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// |predicted / measured - 1| over rows of a table.
struct PredictionError {
  double median = 0, mean = 0, p90 = 0;
  double weighted = 0;

  static constexpr std::string_view kind = "prediction error";
  static constexpr auto fields() {
    using E = PredictionError;
    return std::tuple{required("median", &E::median, "|predicted / measured - 1|", not_negative),
                      required("mean", &E::mean, "of the same", not_negative),
                      required("p90", &E::p90, "90th percentile of the same", not_negative),
                      required("weighted", &E::weighted,
                               "mean with the measured times as weights: long kernels count", not_negative)};
  }
};

/// What a fit has found. Figures that a form does not use stay as they are.
struct TimingParameters {
  double matrix_efficiency = 1, memory_efficiency = 1, cache_gain = 4, overlap = 2, tail = 0;
  Seconds launch, group, fill, row, latency, split_cost, split_tile;
  double throttle = 0;
  Seconds throttle_after{1};
  double elementwise_efficiency = 1;

  static constexpr std::string_view kind = "timing parameters";
  static constexpr auto fields() {
    using P = TimingParameters;
    return std::tuple{
        optional("launch", &P::launch, "paid once by each kernel", not_negative),
        optional("group", &P::group, "paid by each group of a grouped GEMM", not_negative),
        optional("fill", &P::fill, "of a tile: to fill its pipeline and to store its result", not_negative),
        optional("row", &P::row, "of a decode tile, for each row of queries", not_negative),
        optional("latency", &P::latency, "least time of one step of a tile", not_negative),
        optional("split_cost", &P::split_cost, "to add the parts of a split tile", not_negative),
        optional("split_tile", &P::split_tile, "the same, for each part of a core", not_negative),
        optional("matrix_efficiency", &P::matrix_efficiency, "share of a core's peak in the inner loop",
                 usable_share),
        optional("memory_efficiency", &P::memory_efficiency, "share of the memory bandwidth", usable_share),
        optional("cache_gain", &P::cache_gain, "cache bandwidth of a core over its share of the memory's",
                 between(1e-3, 1e6)),
        optional("overlap", &P::overlap, "exponent p: 1 adds cores and memory, much hides the lesser",
                 between(1, 1000)),
        optional("tail", &P::tail, "of the longest tile, after all others", between(0, 1e6)),
        optional("throttle", &P::throttle, "how much slower the cores are under sustained load",
                 between(0, 100)),
        optional("throttle_after", &P::throttle_after,
                 "length of a benchmark's kernel that is slower by 63 % of it", positive),
        optional("elementwise_efficiency", &P::elementwise_efficiency,
                 "share of the memory bandwidth of vector kernels that were measured with these",
                 usable_share)};
  }
};

/// One family of kernels on one chip, fitted to a table.
struct FamilyTiming {
  KernelFamily::Form form = KernelFamily::Form::vector;
  Precision precision = Precision::fp32;
  Scaling scaling = Scaling::none;
  Precision cached = Precision::fp32;
  std::string implementation, source, note;
  int rows = 0;
  std::optional<PredictionError> held_out, transfer;
  TimingParameters parameters;

  [[nodiscard]] KernelFamily family() const { return {form, precision, scaling, cached}; }

  static constexpr std::string_view kind = "family timing";
  static constexpr auto fields() {
    using F = FamilyTiming;
    return std::tuple{
        required("form", &F::form, "of the kernels"),
        optional("precision", &F::precision, "of their operands"),
        optional("scaling", &F::scaling, "of narrow operands"),
        optional("cached", &F::cached, "precision of keys and values in memory"),
        optional("implementation", &F::implementation, "the library that ran"),
        required("source", &F::source, "of the table"),
        optional("note", &F::note, "on the table or the fit"),
        required("rows", &F::rows, "of the table", between(0, 1e9)),
        optional("held_out", &F::held_out, "error on rows whose shape the fit had not seen"),
        optional("transfer", &F::transfer, "error of these parameters on the other chips that were measured"),
        required("parameters", &F::parameters, "of the timing model (models/kernels/timing.hpp)")};
  }
};

/// All that is known of the kernels of one chip. `superpod calibrate` writes it.
struct KernelTimings {
  std::string name;
  int cores = 1;
  std::vector<FamilyTiming> families;

  static constexpr std::string_view kind = "timing";
  static constexpr auto fields() {
    return std::tuple{required("name", &KernelTimings::name, "the chip that was measured"),
                      required("cores", &KernelTimings::cores,
                               "of that chip; a chip that borrows its timings and does not tell has as many",
                               between(1, 65536)),
                      required("families", &KernelTimings::families, "of its kernels")};
  }
};

/// What the model takes from the chip.
struct ChipRates {
  double cores = 1;                 ///< that compute: all, less those that communicate
  FlopsPerSecond core_peak;         ///< of one core in the kernel's precision
  BytesPerSecond memory_bandwidth;  ///< of the chip
  BytesPerSecond core_share;        ///< memory bandwidth over the number of all cores
  double tile_rows = 64;            ///< of the smallest tile that a core multiplies: less on vector units
};

struct KernelTime {
  enum class Bound { compute, memory, launch };

  Seconds time;
  Bound bound = Bound::launch;  ///< what most of the time is
};

/// Parameters by which every kernel takes `factor` times as long.
TimingParameters slowed(TimingParameters parameters, double factor);

/// What the chip did before: little, as in a benchmark, or seconds of work, as in training and serving.
enum class Load { brief, sustained };

/// Some 100 ns of computing.
KernelTime time_of(const Kernel& kernel, const TimingParameters& parameters, const ChipRates& rates,
                   Load load);

}  // namespace superpod::models
