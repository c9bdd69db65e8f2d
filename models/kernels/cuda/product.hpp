/// One matrix product as cuBLASLt sees it: C [m][n] = A [m][k] B [n][k]^T, all rows contiguous.
#pragma once

#include <cstdint>
#include <optional>

#include "models/kernels/cuda/resources.hpp"

namespace superpod::models::cuda {

/// How operands and their scales lie in memory.
enum class Format {
  bf16,
  fp8_tensor,  ///< E4M3, one float for each operand
  fp8_block,   ///< E4M3, floats for 1 x 128 of A and 128 x 128 of B
  mxfp8,       ///< E4M3, UE8M0 for 1 x 32 of both
  int8,        ///< with results in INT32; the others' are in BF16
};

struct Sizes {
  std::int64_t m = 1, n = 1, k = 1;
};

/// As cuBLASLt wants them: with 1 x 128 scales m is a multiple of 4.
Sizes padded(Sizes sizes, Format format);

/// Bytes of one element.
std::size_t operand_size(Format format);
std::size_t result_size(Format format);

/// Bytes of all scales; 0 where there are none.
std::size_t a_scales_size(const Sizes& sizes, Format format);
std::size_t b_scales_size(const Sizes& sizes, Format format);

/// Where the scale of an element lies, in scales from the first.
std::size_t a_scale_index(const Sizes& sizes, Format format, std::int64_t row, std::int64_t k);
std::size_t b_scale_index(const Sizes& sizes, Format format, std::int64_t row, std::int64_t k);

/// In device memory.
struct Operands {
  const void *a = nullptr, *b = nullptr, *a_scales = nullptr, *b_scales = nullptr;
  void* c = nullptr;
};

using LtHandle = Held<cublasLtHandle_t, &cublasLtDestroy>;
LtHandle make_lt_handle();

class Product {
 public:
  static constexpr std::size_t workspace_size = std::size_t{32} << 20;  ///< what cuBLAS advises for Hopper

  /// Nothing where cuBLASLt knows no algorithm on this device. The handle must outlive the product.
  static std::optional<Product> find(cublasLtHandle_t handle, const Sizes& sizes, Format format,
                                     const Operands& typical);

  /// `workspace` has workspace_size bytes that nobody else uses meanwhile.
  void enqueue(const Operands& operands, void* workspace, cudaStream_t stream) const;

 private:
  using Description = Held<cublasLtMatmulDesc_t, &cublasLtMatmulDescDestroy>;
  using Layout = Held<cublasLtMatrixLayout_t, &cublasLtMatrixLayoutDestroy>;

  Product(cublasLtHandle_t handle, const Sizes& sizes, Format format);
  void set_scales(const Operands& operands) const;

  cublasLtHandle_t handle_;
  Format format_;
  Description description_;
  Layout a_, b_, c_;
  cublasLtMatmulAlgo_t algorithm_{};
};

}  // namespace superpod::models::cuda
