/// Where kernels are measured: this machine's CPU, or its CUDA device.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "models/kernels/measurement.hpp"
#include "scenarios/bench/task.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// A kernel with its operands in memory.
class ReadyTask {
 public:
  virtual ~ReadyTask() = default;

  /// Mean time of `times` runs, before each of which the caches hold the operands, or none of them.
  virtual Seconds run(int times, models::Measurement::Caches caches) = 0;

  [[nodiscard]] virtual std::string implementation() const = 0;
};

class BenchDevice {
 public:
  virtual ~BenchDevice() = default;

  [[nodiscard]] virtual std::string name()
      const = 0;  ///< as tables call it: of the catalogue, if it is there
  [[nodiscard]] virtual std::string notes() const = 0;  ///< of the machine, one line
  [[nodiscard]] virtual const Abilities& abilities() const = 0;

  /// Null where there is no kernel for it.
  virtual std::unique_ptr<ReadyTask> prepare(const Task& task, std::uint64_t seed) = 0;
};

enum class DeviceKind { cpu, cuda };

constexpr auto words(DeviceKind) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"cpu"}, DeviceKind::cpu}, pair{string_view{"cuda"}, DeviceKind::cuda}};
}

/// `threads` 0: all processors. Only the CPU uses them.
std::unique_ptr<BenchDevice> cpu_device(int threads);

/// Throws std::runtime_error, with the reason, where there is none.
std::unique_ptr<BenchDevice> cuda_device();

std::unique_ptr<BenchDevice> bench_device(DeviceKind kind, int threads);

}  // namespace superpod::scenarios
