#include "models/kernels/cuda/gemm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "models/kernels/cuda/gemm_operands.hpp"
#include "models/kernels/cuda/timed.hpp"

namespace superpod::models::cuda {
namespace {

/// A branch of a graph with what it needs for itself.
struct Branch {
  Stream stream = make_stream();
  Event done = make_event(cudaEventDisableTiming);
  Memory<unsigned char> workspace{Product::workspace_size};
};

/// Products of cuBLASLt: one, or as many as there are groups, side by side on a few branches.
class LtGemm : public Timed {
 public:
  LtGemm(LtHandle handle, Product product, GemmOperands operands)
      : handle_{std::move(handle)}, product_{std::move(product)}, operands_{std::move(operands)} {
    constexpr int most = 8;
    for (int i = 0; i < std::min(operands_.groups(), most); ++i) branches_.emplace_back();
  }

  [[nodiscard]] std::string implementation() const override { return cublas_lt_version(); }
  double error() override { return operands_.error(); }

 protected:
  void enqueue(cudaStream_t main) override {
    if (operands_.groups() == 1) return product_.enqueue(operands_.of(0), branches_[0].workspace.get(), main);
    require(cudaEventRecord(fork_.get(), main), "fork");
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      const Branch& branch = branches_[i];
      require(cudaStreamWaitEvent(branch.stream.get(), fork_.get(), 0), "fork");
      for (int group = static_cast<int>(i); group < operands_.groups();
           group += static_cast<int>(branches_.size()))
        product_.enqueue(operands_.of(group), branch.workspace.get(), branch.stream.get());
      require(cudaEventRecord(branch.done.get(), branch.stream.get()), "join");
      require(cudaStreamWaitEvent(main, branch.done.get(), 0), "join");
    }
  }

  [[nodiscard]] int nodes() const override { return operands_.groups(); }

 private:
  LtHandle handle_;
  Product product_;
  GemmOperands operands_;
  std::vector<Branch> branches_;
  Event fork_ = make_event(cudaEventDisableTiming);
};

using Handle = Held<cublasHandle_t, &cublasDestroy>;

Handle make_handle() {
  cublasHandle_t handle = nullptr;
  require(cublasCreate(&handle), "handle");
  return Handle{handle};
}

/// Every product is a group of its own, as for experts with different numbers of rows.
class GroupedBf16 : public Timed {
 public:
  GroupedBf16(const Sizes& sizes, GemmOperands operands)
      : operands_{std::move(operands)},
        transposed_(groups(), CUBLAS_OP_T),
        plain_(groups(), CUBLAS_OP_N),
        m_(groups(), static_cast<int>(sizes.m)),
        n_(groups(), static_cast<int>(sizes.n)),
        k_(groups(), static_cast<int>(sizes.k)),
        one_each_(groups(), 1),
        alpha_(groups(), 1.0F),
        beta_(groups(), 0.0F),
        a_{groups()},
        b_{groups()},
        c_{groups()} {
    std::vector<const void*> a, b;
    std::vector<void*> c;
    for (int group = 0; group < operands_.groups(); ++group) {
      const Operands of_group = operands_.of(group);
      a.push_back(of_group.a);
      b.push_back(of_group.b);
      c.push_back(of_group.c);
    }
    const std::size_t bytes = groups() * sizeof(void*);
    require(cudaMemcpy(a_.get(), a.data(), bytes, cudaMemcpyHostToDevice), "pointers");
    require(cudaMemcpy(b_.get(), b.data(), bytes, cudaMemcpyHostToDevice), "pointers");
    require(cudaMemcpy(c_.get(), c.data(), bytes, cudaMemcpyHostToDevice), "pointers");
    require(cublasSetStream(handle_.get(), stream()), "stream");
    require(cublasSetWorkspace(handle_.get(), workspace_.get(), workspace_.size()), "workspace");
  }

  [[nodiscard]] std::string implementation() const override {
    return cublas_lt_version() + " cublasGemmGroupedBatchedEx";
  }
  double error() override { return operands_.error(); }

 protected:
  /// Transposed as in Product: C^T [n][m] = B A^T. The stream is the one that the handle has.
  void enqueue(cudaStream_t) override {
    require(cublasGemmGroupedBatchedEx(handle_.get(), transposed_.data(), plain_.data(), n_.data(), m_.data(),
                                       k_.data(), alpha_.data(), b_.get(), CUDA_R_16BF, k_.data(), a_.get(),
                                       CUDA_R_16BF, k_.data(), beta_.data(), c_.get(), CUDA_R_16BF, n_.data(),
                                       operands_.groups(), one_each_.data(), CUBLAS_COMPUTE_32F),
            "grouped product");
  }

  /// It copies its shapes to the device from memory of its own, which a graph would not keep.
  [[nodiscard]] bool has_graph() const override { return false; }

 private:
  [[nodiscard]] std::size_t groups() const { return static_cast<std::size_t>(operands_.groups()); }

  GemmOperands operands_;
  std::vector<cublasOperation_t> transposed_, plain_;
  std::vector<int> m_, n_, k_, one_each_;
  std::vector<float> alpha_, beta_;
  Memory<const void*> a_, b_;
  Memory<void*> c_;
  Memory<unsigned char> workspace_{Product::workspace_size};  // outlives the handle, which is below
  Handle handle_ = make_handle();
};

int compute_capability() {
  int device = 0, major = 0, minor = 0;
  require(cudaGetDevice(&device), "device");
  require(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "capability");
  require(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device), "capability");
  return 10 * major + minor;
}

/// Nothing where cuBLAS has no such product. Block scales are floats on Hopper only, UE8M0 from Blackwell on.
std::optional<Format> format_of(const Kernel& kernel) {
  if (kernel.precision == Precision::bf16) return Format::bf16;
  if (kernel.precision == Precision::int8 && kernel.scaling != Scaling::block) return Format::int8;
  if (kernel.precision != Precision::fp8 || kernel.scaling == Scaling::none) return std::nullopt;
  if (kernel.scaling == Scaling::tensor) return Format::fp8_tensor;
  return compute_capability() >= 100 ? Format::mxfp8 : Format::fp8_block;
}

std::int64_t whole(double size) { return std::max<std::int64_t>(1, std::llround(size)); }

std::unique_ptr<Timed> lt_gemm(int groups, const Sizes& sizes, Format format, std::uint64_t seed) {
  GemmOperands operands{groups, sizes, format, seed};
  LtHandle handle = make_lt_handle();
  auto product = Product::find(handle.get(), padded(sizes, format), format, operands.of(0));
  if (!product) return nullptr;
  return std::make_unique<LtGemm>(std::move(handle), std::move(*product), std::move(operands));
}

}  // namespace

std::unique_ptr<ReadyKernel> prepare_gemm(const Kernel& kernel, std::uint64_t seed) {
  const Sizes sizes{whole(kernel.matrix.m), whole(kernel.matrix.n), whole(kernel.matrix.k)};
  const auto groups = static_cast<int>(whole(kernel.matrix.groups));
  for (const std::int64_t size : {sizes.m, sizes.n, sizes.k})
    if (size > std::numeric_limits<int>::max()) return nullptr;
  const std::optional<Format> format = format_of(kernel);
  if (!format) return nullptr;
  std::unique_ptr<Timed> ready;
  if (groups > 1 && *format == Format::bf16)
    ready = std::make_unique<GroupedBf16>(sizes, GemmOperands{groups, sizes, *format, seed});
  else
    ready = lt_gemm(groups, sizes, *format, seed);
  if (ready) ready->settle();
  return ready;
}

std::string cublas_lt_version() {
  const std::size_t version = cublasLtGetVersion();  // e.g. 130100
  return "cuBLASLt " + std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

}  // namespace superpod::models::cuda
