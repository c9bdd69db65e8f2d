#include "models/hardware/kernel_time.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "models/hardware/roofline.hpp"

namespace superpod::models {
namespace {

using Form = KernelFamily::Form;

enum class Work { matrix, prefill, decode, vector };

Work work_of(Form form) {
  switch (form) {
    case Form::gemm:
    case Form::grouped_gemm:
      return Work::matrix;
    case Form::attention_prefill:
    case Form::attention_backward:
    case Form::mla_prefill:
      return Work::prefill;
    case Form::attention_decode:
    case Form::mha_decode:
    case Form::mla_decode:
      return Work::decode;
    case Form::vector:
      break;
  }
  return Work::vector;
}

constexpr int unlike = 1 << 20;

/// How far a measured family is from the one that is asked for; 0 is the same.
int distance(const KernelFamily& asked, const KernelFamily& measured) {
  if (work_of(asked.form) != work_of(measured.form)) return unlike;
  return 8 * (asked.form != measured.form) + 4 * (asked.precision != measured.precision) +
         2 * (asked.scaling != measured.scaling) + (asked.cached != measured.cached);
}

}  // namespace

const FamilyTiming* nearest(const KernelFamily& family, std::span<const FamilyTiming> among) {
  const FamilyTiming* found = nullptr;
  int least = unlike;
  for (const FamilyTiming& timing : among)
    if (const int far = distance(family, timing.family()); far < least) {
      least = far;
      found = &timing;
    }
  return found;
}

TimingChoice timing_of(const KernelFamily& family, const Chip& chip) {
  TimingChoice choice;
  int least = unlike;
  for (const auto& [name, timings] : chip.timings) {
    const FamilyTiming* timing = nearest(family, timings.families);
    const int far = timing ? distance(family, timing->family()) : unlike;
    if (far >= least) continue;
    least = far;
    const double cores = chip.cores ? chip.cores->value : timings.cores;
    choice = {timing, name, far == 0 && timings.name == chip.name, cores};
    if (far == 0) break;
  }
  return choice;
}

std::optional<double> expected_error(const TimingChoice& choice) {
  if (!choice.timing) return std::nullopt;
  const auto& known =
      choice.own && choice.timing->held_out ? choice.timing->held_out : choice.timing->transfer;
  return known ? std::optional{known->weighted} : std::nullopt;
}

Chip with_kernels_off(const Chip& chip, double sigmas) {
  const auto error_of = [&](const Entry<KernelTimings>& entry, const FamilyTiming& timing) {
    return expected_error({&timing, entry.name, entry.value.name == chip.name, 1});
  };
  double largest = 0;  // of products, which every training has
  for (const auto& entry : chip.timings)
    for (const FamilyTiming& timing : entry.value.families)
      if (work_of(timing.form) == Work::matrix)
        largest = std::max(largest, error_of(entry, timing).value_or(0));

  Chip off = chip;
  for (auto& entry : off.timings)
    for (FamilyTiming& timing : entry.value.families)
      timing.parameters =
          slowed(timing.parameters, std::pow(1 + error_of(entry, timing).value_or(largest), sigmas));
  const double others = std::pow(1 + largest, sigmas);
  off.matrix_efficiency.value /= others;
  off.memory_efficiency.value /= others;
  off.launch_overhead.value *= others;
  return off;
}

ChipRates rates_of(const Chip& chip, const Kernel& kernel, double cores, double core_share) {
  if (!(core_share > 0 && core_share <= 1)) throw std::invalid_argument("core_share must be in (0, 1]");
  if (!chip.memory_bandwidth || chip.memory_bandwidth->value <= BytesPerSecond{})
    refuse(chip, kernel, "memory_bandwidth");
  FlopsPerSecond peak;
  if (kernel.kind == Kernel::Kind::vector) {
    peak = chip.vector_peak ? chip.vector_peak->value : FlopsPerSecond{};
  } else {
    peak = peak_of(chip, kernel.precision).value_or(FlopsPerSecond{});
    if (peak <= FlopsPerSecond{}) refuse(chip, kernel, "peak." + std::string{word(kernel.precision)});
  }
  const BytesPerSecond bandwidth = chip.memory_bandwidth->value;
  constexpr double tensor_core_rows = 64;
  const double tile_rows = chip.tile_rows ? chip.tile_rows->value : tensor_core_rows;
  return {std::max(1.0, core_share * cores), peak / cores, bandwidth, bandwidth / cores, tile_rows};
}

KernelTime time_of(const Kernel& kernel, const Chip& chip, double core_share, Load load) {
  if (!(core_share > 0 && core_share <= 1)) throw std::invalid_argument("core_share must be in (0, 1]");
  const TimingChoice choice = timing_of(family_of(kernel), chip);
  if (!choice.timing) return roofline_time(kernel, chip, core_share);
  return time_of(kernel, choice.timing->parameters, rates_of(chip, kernel, choice.cores, core_share), load);
}

Seconds total_time(std::span<const Kernel> kernels, const Chip& chip, double core_share) {
  Seconds sum;
  for (const Kernel& kernel : kernels) sum += time_of(kernel, chip, core_share).time;
  return sum;
}

}  // namespace superpod::models
