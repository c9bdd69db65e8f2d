#include <algorithm>
#include <cmath>

#include "models/kernels/cuda/attention.hpp"
#include "models/kernels/cuda/door.hpp"
#include "models/kernels/cuda/gemm.hpp"
#include "models/kernels/cuda/resources.hpp"
#include "models/kernels/cuda/vector.hpp"

namespace superpod::models::cuda {
namespace {

std::optional<std::string> no_device() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) return cudaGetErrorString(status);
  if (devices == 0) return "the driver shows no CUDA device";
  return std::nullopt;
}

/// As CUDA counts them: 13000 is 13.0.
std::string version(int number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

int attribute(cudaDeviceAttr what) {
  int device = 0, value = 0;
  require(cudaGetDevice(&device), "device");
  require(cudaDeviceGetAttribute(&value, what, device), "attribute of the device");
  return value;
}

DeviceNotes device_notes() {
  int device = 0, driver = 0, runtime = 0;
  cudaDeviceProp properties{};
  require(cudaGetDevice(&device), "device");
  require(cudaGetDeviceProperties(&properties, device), "properties of the device");
  require(cudaDriverGetVersion(&driver), "version of the driver");
  require(cudaRuntimeGetVersion(&runtime), "version of the runtime");
  constexpr Hertz kHz{1e3};
  return {.name = properties.name,
          .compute_capability = std::to_string(properties.major) + "." + std::to_string(properties.minor),
          .multiprocessors = properties.multiProcessorCount,
          .clock = attribute(cudaDevAttrClockRate) * kHz,
          .memory_clock = attribute(cudaDevAttrMemoryClockRate) * kHz,
          .memory = Bytes{static_cast<double>(properties.totalGlobalMem)},
          .l2 = Bytes{static_cast<double>(properties.l2CacheSize)},
          .driver = version(driver),
          .runtime = version(runtime),
          .library = cublas_lt_version()};
}

std::unique_ptr<ReadyKernel> settled(std::unique_ptr<Timed> kernel) {
  kernel->settle();
  return kernel;
}

std::unique_ptr<ReadyKernel> any(const Kernel& kernel, std::uint64_t seed) {
  switch (kernel.kind) {
    case Kernel::Kind::gemm:
    case Kernel::Kind::grouped_gemm:
      return prepare_gemm(kernel, seed);
    case Kernel::Kind::attention:
      return prepare_attention(kernel, seed);
    case Kernel::Kind::vector:
      break;
  }
  return nullptr;
}

std::unique_ptr<ReadyKernel> copy(Bytes size) {
  return settled(make_copy(static_cast<std::size_t>(std::max(1.0, std::round(size.in(unit::B))))));
}

std::unique_ptr<ReadyKernel> launch() { return settled(make_launch()); }

std::unique_ptr<ReadyKernel> quantise(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return settled(make_quantise(rows, columns, seed));
}

std::unique_ptr<ReadyKernel> rms_norm(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return settled(make_rms_norm(rows, columns, seed));
}

constexpr Door the_door{no_device, device_notes, any, copy, launch, quantise, rms_norm};

}  // namespace
}  // namespace superpod::models::cuda

const superpod::models::cuda::Door* superpod_cuda_door() { return &superpod::models::cuda::the_door; }
