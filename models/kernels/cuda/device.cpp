#include "models/kernels/cuda/device.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "models/kernels/cuda/door.hpp"

namespace superpod::models::cuda {
namespace {

struct Opened {
  const Door* door = nullptr;
  std::string why_not;
};

Opened open() {
  if (dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL) == nullptr) return {nullptr, "there is no CUDA driver"};
  // Where it was built, else where the loader looks.
  void* module = dlopen(SUPERPOD_CUDA_MODULE, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) module = dlopen("libsuperpod_cuda.so", RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return {nullptr, dlerror()};
  const auto door = reinterpret_cast<decltype(&superpod_cuda_door)>(dlsym(module, "superpod_cuda_door"));
  if (door == nullptr) return {nullptr, dlerror()};
  return {door(), {}};
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
