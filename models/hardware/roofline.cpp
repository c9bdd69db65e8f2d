#include "models/hardware/roofline.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace superpod::models {
namespace {

Seconds compute_time(const Kernel& kernel, const Chip& chip, double core_share) {
  if (kernel.kind == Kernel::Kind::vector)
    return chip.vector_peak ? kernel.flops / (core_share * chip.vector_peak->value) : Seconds{};
  const auto peak = peak_of(chip, kernel.precision);
  if (!peak || *peak <= FlopsPerSecond{}) refuse(chip, kernel, "peak." + std::string{word(kernel.precision)});
  if (chip.matrix_efficiency.value <= 0) refuse(chip, kernel, "matrix_efficiency");
  return kernel.flops / (core_share * chip.matrix_efficiency.value * *peak);
}

Seconds memory_time(const Kernel& kernel, const Chip& chip) {
  if (!chip.memory_bandwidth || chip.memory_bandwidth->value <= BytesPerSecond{})
    refuse(chip, kernel, "memory_bandwidth");
  if (chip.memory_efficiency.value <= 0) refuse(chip, kernel, "memory_efficiency");
  return kernel.bytes / (chip.memory_efficiency.value * chip.memory_bandwidth->value);
}

}  // namespace

void refuse(const Chip& chip, const Kernel& kernel, std::string_view key) {
  throw std::invalid_argument("chip '" + chip.name + "' has no " + std::string{key} + ", which the kernel '" +
                              std::string{kernel.name} + "' needs");
}

KernelTime roofline_time(const Kernel& kernel, const Chip& chip, double core_share) {
  const Seconds compute = compute_time(kernel, chip, core_share);
  const Seconds memory = memory_time(kernel, chip);
  const Seconds launch = chip.launch_overhead.value;
  const Seconds busy = std::max(compute, memory);
  return {launch + busy, launch > busy      ? KernelTime::Bound::launch
                         : compute > memory ? KernelTime::Bound::compute
                                            : KernelTime::Bound::memory};
}

}  // namespace superpod::models
