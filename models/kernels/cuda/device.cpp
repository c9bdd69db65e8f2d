#include "models/kernels/cuda/device.hpp"

#include <stdexcept>
#include <string>

#include "models/kernels/cuda/door.hpp"
#include "sim/modules/module.hpp"

namespace superpod::models::cuda {
namespace {

struct Opened {
  const Door* door = nullptr;
  std::string why_not;
};

bool has_driver() try {
  constexpr const char* driver = "libcuda.so.1";
  return symbol_of({driver, driver}, "cuInit") != nullptr;
} catch (const std::runtime_error&) {
  return false;
}

Opened open() try {
  if (!has_driver()) return {nullptr, "there is no CUDA driver"};
  const auto door = function_of<decltype(superpod_cuda_door)>({SUPERPOD_CUDA_MODULE, "libsuperpod_cuda.so"},
                                                              "superpod_cuda_door");
  return {door(), {}};
} catch (const std::runtime_error& missing) {
  return {nullptr, missing.what()};
}

const Opened& opened() {
  static const Opened once = open();
  return once;
}

const Door& door() {
  if (opened().door == nullptr) throw std::runtime_error{"CUDA kernels: " + opened().why_not};
  return *opened().door;
}

}  // namespace

std::optional<std::string> why_unavailable() {
  if (opened().door == nullptr) return opened().why_not;
  return door().why_unavailable();
}

DeviceNotes notes() { return door().notes(); }

std::unique_ptr<ReadyKernel> prepare(const Kernel& kernel, std::uint64_t seed) {
  return door().prepare(kernel, seed);
}

std::unique_ptr<ReadyKernel> prepare_copy(Bytes size) { return door().prepare_copy(size); }

std::unique_ptr<ReadyKernel> prepare_launch() { return door().prepare_launch(); }

std::unique_ptr<ReadyKernel> prepare_quantise(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return door().prepare_quantise(rows, columns, seed);
}

std::unique_ptr<ReadyKernel> prepare_rms_norm(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return door().prepare_rms_norm(rows, columns, seed);
}

}  // namespace superpod::models::cuda
