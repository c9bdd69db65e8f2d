/// A kernel that can be timed, and the device that it runs on.
#pragma once

#include <string>

#include "sim/values/units.hpp"

namespace superpod::models::cuda {

/// The machine that a measurement stands for. The first device that the driver shows is used.
struct DeviceNotes {
  std::string name;                ///< as the driver calls it, e.g. "NVIDIA H200"
  std::string compute_capability;  ///< e.g. "9.0"
  int multiprocessors = 0;
  Hertz clock, memory_clock;  ///< the highest of each, not what ran
  Bytes memory, l2;
  std::string driver, runtime;  ///< the CUDA versions of both, e.g. "13.0"
  std::string library;          ///< e.g. "cuBLASLt 13.1.0"
};

/// What the L2 holds of the operands before a run: what the run before left there, or nothing.
enum class Cache { warm, cold };

/// A kernel with its operands in device memory, filled with random numbers of roughly normal distribution.
class ReadyKernel {
 public:
  virtual ~ReadyKernel() = default;

  /// Mean time of one of at least `times` runs, between two events of the device. Warm runs follow each other
  /// in a CUDA graph, after one that is not timed, so a run's time includes the gap to the next, about a
  /// microsecond (assumed). Before each cold run a buffer of twice the L2 is written; only the kernel's own
  /// graph is timed.
  virtual Seconds run(int times, Cache cache) = 0;

  /// What ran, e.g. "cuBLASLt 13.1.0".
  [[nodiscard]] virtual std::string implementation() const = 0;

  /// The largest deviation of a sample of the last run's results from a reference in double, as a multiple of
  /// what rounding explains. At most 1 is right.
  virtual double error() = 0;
};

}  // namespace superpod::models::cuda
