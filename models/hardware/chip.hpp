/// An NPU (or one GPU): peaks, memories, and how much of them kernels get.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/hardware/entry.hpp"
#include "models/hardware/supply.hpp"
#include "models/kernels/precision.hpp"
#include "models/kernels/timing.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// Dense peaks of the matrix units (no sparsity). A precision that is missing is not supported, or its peak
/// is not public.
struct Peaks {
  std::optional<Sourced<FlopsPerSecond>> fp32, tf32, bf16, fp8, int8, fp4;

  static constexpr std::string_view kind = "peaks";
  static constexpr auto fields() {
    return std::tuple{optional("fp32", &Peaks::fp32, "dense", positive),
                      optional("tf32", &Peaks::tf32, "dense", positive),
                      optional("bf16", &Peaks::bf16, "dense; FP16 is the same", positive),
                      optional("fp8", &Peaks::fp8, "dense", positive),
                      optional("int8", &Peaks::int8, "dense", positive),
                      optional("fp4", &Peaks::fp4, "dense", positive)};
  }
};

struct Chip {
  std::string name, vendor;
  std::optional<Sourced<std::string>> launch;
  Peaks peak;
  std::optional<Sourced<FlopsPerSecond>> vector_peak;
  std::optional<Sourced<int>> cores, dies, tile_rows;
  std::optional<Sourced<Hertz>> clock;
  std::optional<Sourced<Bytes>> memory, cache;
  std::optional<Sourced<BytesPerSecond>> memory_bandwidth, cache_bandwidth, scale_up, scale_out;
  std::optional<Sourced<Watts>> power;
  Sourced<double> matrix_efficiency{1.0}, memory_efficiency{1.0};
  Sourced<Seconds> launch_overhead;
  std::vector<Entry<KernelTimings>> timings;
  std::optional<ChipSupply> supply;
  std::map<std::string, Sourced<std::string>> facts;

  static constexpr std::string_view kind = "chip";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Chip::name, "as its maker writes it"),
        required("vendor", &Chip::vendor, "its maker"),
        optional("launch", &Chip::launch, "when it came to market"),
        required("peak", &Chip::peak, "of the matrix units, by precision"),
        optional("vector_peak", &Chip::vector_peak, "of the vector units in FP32", positive),
        optional("cores", &Chip::cores, "matrix cores (cube cores, streaming multiprocessors)",
                 between(1, 65536)),
        optional("tile_rows", &Chip::tile_rows,
                 "rows of the smallest tile that a matrix core multiplies; 64 unless told", between(1, 1024)),
        optional("dies", &Chip::dies, "compute dies in the package", between(1, 1024)),
        optional("clock", &Chip::clock, "of the matrix units", positive),
        optional("memory", &Chip::memory, "capacity of the HBM (or GDDR)", positive),
        optional("memory_bandwidth", &Chip::memory_bandwidth, "of the HBM (or GDDR)", positive),
        optional("cache", &Chip::cache, "capacity of the last-level cache", positive),
        optional("cache_bandwidth", &Chip::cache_bandwidth, "of the last-level cache", positive),
        optional("scale_up", &Chip::scale_up, "all scale-up ports, in one direction", positive),
        optional("scale_out", &Chip::scale_out, "all scale-out ports, in one direction", positive),
        optional("power", &Chip::power, "thermal design power", positive),
        optional("matrix_efficiency", &Chip::matrix_efficiency, "share of the peak that a large GEMM reaches",
                 usable_share),
        optional("memory_efficiency", &Chip::memory_efficiency,
                 "share of the bandwidth that a long stream reaches", usable_share),
        optional("launch_overhead", &Chip::launch_overhead, "paid once by each kernel", not_negative),
        optional("timings", &Chip::timings,
                 "fitted timing models of kernels, its own first, then those of the most similar chips"),
        optional("supply", &Chip::supply, "how many are made"),
        optional("facts", &Chip::facts, "what else is known, in words")};
  }
};

/// The dense peak of the matrix units, or nothing where the chip lacks the precision or its peak is not
/// public.
std::optional<FlopsPerSecond> peak_of(const Chip& chip, Precision precision);

/// The catalogue keys, e.g. `peak.fp8`, that the chip would need to run matrix kernels of these precisions
/// and that are missing or zero; empty when it can. Without duplicates, in the order asked.
std::vector<std::string> lacking(const Chip& chip, std::span<const Precision> precisions);

}  // namespace superpod::models
