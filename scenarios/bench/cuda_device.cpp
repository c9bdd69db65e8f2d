// CUDA kernels, where superpod was built with nvcc.
#include <array>
#include <stdexcept>

#include "scenarios/bench/device.hpp"
#include "scenarios/bench/machine.hpp"

#ifdef SUPERPOD_CUDA
#include "models/kernels/cuda/device.hpp"
#endif

namespace superpod::scenarios {

#ifdef SUPERPOD_CUDA
namespace {

using models::Measurement;
using models::Precision;
using models::Scaling;
namespace cuda = models::cuda;

/// What drivers call the chips of the catalogue.
constexpr std::array catalogue_names{
    std::pair{std::string_view{"NVIDIA A100-SXM4-80GB"}, std::string_view{"a100_sxm_80"}},
    std::pair{std::string_view{"NVIDIA H100 80GB HBM3"}, std::string_view{"h100_sxm"}},
    std::pair{std::string_view{"NVIDIA H200"}, std::string_view{"h200_sxm"}},
    std::pair{std::string_view{"NVIDIA H800"}, std::string_view{"h800_sxm"}},
    std::pair{std::string_view{"NVIDIA H20"}, std::string_view{"h20"}},
    std::pair{std::string_view{"NVIDIA B200"}, std::string_view{"b200_sxm"}}};

class CudaTask : public ReadyTask {
 public:
  CudaTask(std::unique_ptr<cuda::ReadyKernel> kernel, std::string what)
      : kernel_{std::move(kernel)}, what_{std::move(what)} {}

  Seconds run(int times, Measurement::Caches caches) override {
    return kernel_->run(times, caches == Measurement::Caches::cold ? cuda::Cache::cold : cuda::Cache::warm);
  }
  [[nodiscard]] std::string implementation() const override {
    return kernel_->implementation() + (what_.empty() ? "" : ", " + what_);
  }

 private:
  std::unique_ptr<cuda::ReadyKernel> kernel_;
  std::string what_;
};

std::unique_ptr<cuda::ReadyKernel> prepared(const Task& task, std::uint64_t seed) {
  using enum RowWork::What;
  if (!task.work) return cuda::prepare(task.kernel, seed);
  const auto& [what, rows, columns] = *task.work;
  switch (what) {
    case launch:
      return cuda::prepare_launch();
    case copy:
      return cuda::prepare_copy(task.kernel.bytes / 2);
    case quantise:
      return cuda::prepare_quantise(rows, columns, seed);
    case rms_norm:
      return cuda::prepare_rms_norm(rows, columns, seed);
    case rms_norm_quantise:
    case swiglu_quantise:
      break;
  }
  return nullptr;
}

class CudaDevice : public BenchDevice {
 public:
  [[nodiscard]] std::string name() const override {
    for (const auto& [driver, catalogue] : catalogue_names)
      if (driver == notes_.name) return std::string{catalogue};
    return device_name("gpu", notes_.name);
  }

  [[nodiscard]] std::string notes() const override {
    const auto in = [](auto quantity, auto measure, const char* symbol) {
      return std::to_string(static_cast<int>(quantity.in(measure))) + " " + symbol;
    };
    return notes_.name + ", compute capability " + notes_.compute_capability + ", " +
           std::to_string(notes_.multiprocessors) + " multiprocessors, at most " +
           in(notes_.clock, 1e-3 * unit::GHz, "MHz") + ", memory at most " +
           in(notes_.memory_clock, 1e-3 * unit::GHz, "MHz") + ", " + in(notes_.memory, unit::MiB, "MiB") +
           ", L2 " + in(notes_.l2, unit::MiB, "MiB") + ", CUDA driver " + notes_.driver + ", runtime " +
           notes_.runtime + ", " + notes_.library;
  }

  [[nodiscard]] const Abilities& abilities() const override { return abilities_; }

  std::unique_ptr<ReadyTask> prepare(const Task& task, std::uint64_t seed) override {
    auto kernel = prepared(task, seed);
    if (!kernel) return nullptr;
    return std::make_unique<CudaTask>(std::move(kernel), task.work ? text(*task.work) : std::string{});
  }

 private:
  static std::vector<MatrixOperands> products() {
    return {{Precision::bf16, Scaling::none},
            {Precision::fp8, Scaling::tensor},
            {Precision::fp8, Scaling::block}};
  }

  cuda::DeviceNotes notes_ = cuda::notes();
  Abilities abilities_{
      .gemm = products(),
      .grouped_gemm = products(),
      .attention = {{Precision::bf16, Precision::bf16}},
      .works = {RowWork::What::launch, RowWork::What::copy, RowWork::What::quantise, RowWork::What::rms_norm},
      .largest_work = Flops{2e13},
      .largest_traffic = notes_.memory / 8};
};

}  // namespace

std::unique_ptr<BenchDevice> cuda_device() {
  if (const auto why = cuda::why_unavailable()) throw std::runtime_error{"no CUDA device: " + *why};
  return std::make_unique<CudaDevice>();
}

#else

std::unique_ptr<BenchDevice> cuda_device() {
  throw std::runtime_error{"no CUDA device: superpod was built without nvcc (CUDA 12.9 or later)"};
}

#endif

std::unique_ptr<BenchDevice> bench_device(DeviceKind kind, int threads) {
  return kind == DeviceKind::cuda ? cuda_device() : cpu_device(threads);
}

}  // namespace superpod::scenarios
