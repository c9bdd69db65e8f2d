#include "models/hardware/chip.hpp"

#include <algorithm>

namespace superpod::models {
namespace {

const std::optional<Sourced<FlopsPerSecond>>& figure(const Peaks& peaks, Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return peaks.fp32;
    case Precision::tf32:
      return peaks.tf32;
    case Precision::bf16:
      return peaks.bf16;
    case Precision::fp8:
      return peaks.fp8;
    case Precision::int8:
      return peaks.int8;
    case Precision::fp4:
      break;
  }
  return peaks.fp4;
}

}  // namespace

std::optional<FlopsPerSecond> peak_of(const Chip& chip, Precision precision) {
  const auto& peak = figure(chip.peak, precision);
  return peak ? std::optional{peak->value} : std::nullopt;
}

std::vector<std::string> lacking(const Chip& chip, std::span<const Precision> precisions) {
  std::vector<std::string> keys;
  const auto note = [&](bool present, const std::string& key) {
    if (!present && std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  };
  for (const Precision precision : precisions)
    note(peak_of(chip, precision).value_or(FlopsPerSecond{}) > FlopsPerSecond{},
         "peak." + std::string{word(precision)});
  note(chip.matrix_efficiency.value > 0, "matrix_efficiency");
  note(chip.memory_bandwidth && chip.memory_bandwidth->value > BytesPerSecond{}, "memory_bandwidth");
  note(chip.memory_efficiency.value > 0, "memory_efficiency");
  return keys;
}

}  // namespace superpod::models
