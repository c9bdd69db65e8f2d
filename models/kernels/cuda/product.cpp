#include "models/kernels/cuda/product.hpp"

#include <cstdint>

namespace superpod::models::cuda {
namespace {

constexpr std::int64_t ceil_div(std::int64_t x, std::int64_t y) { return (x + y - 1) / y; }
constexpr std::int64_t round_up(std::int64_t x, std::int64_t to) { return ceil_div(x, to) * to; }

/// UE8M0 scales lie in tiles of 128 rows and 4 blocks, tiles row by row. Within a tile, rows that are 32
/// apart are neighbours.
/// Source: NVIDIA, cuBLAS manual 13, section "1D Block Scaling Factors Layout".
std::size_t tiled_index(std::int64_t row, std::int64_t block, std::int64_t blocks) {
  const std::int64_t tile = row / 128 * ceil_div(blocks, 4) + block / 4;
  return static_cast<std::size_t>(tile * 512 + row % 32 * 16 + row % 128 / 32 * 4 + block % 4);
}

std::size_t tiled_size(std::int64_t rows, std::int64_t blocks) {
  return static_cast<std::size_t>(round_up(rows, 128) * round_up(blocks, 4));
}

cudaDataType_t operand_type(Format format) {
  if (format == Format::bf16) return CUDA_R_16BF;
  return format == Format::int8 ? CUDA_R_8I : CUDA_R_8F_E4M3;
}

struct Modes {
  cublasLtMatmulMatrixScale_t a, b;
};

std::optional<Modes> scale_modes(Format format) {
  switch (format) {
    case Format::bf16:
    case Format::int8:
      break;
    case Format::fp8_tensor:
      return Modes{CUBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F, CUBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F};
    case Format::fp8_block:
      return Modes{CUBLASLT_MATMUL_MATRIX_SCALE_VEC128_32F, CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F};
    case Format::mxfp8:
      return Modes{CUBLASLT_MATMUL_MATRIX_SCALE_VEC32_UE8M0, CUBLASLT_MATMUL_MATRIX_SCALE_VEC32_UE8M0};
  }
  return std::nullopt;
}

template <class T>
void set(cublasLtMatmulDesc_t description, cublasLtMatmulDescAttributes_t attribute, const T& value) {
  require(cublasLtMatmulDescSetAttribute(description, attribute, &value, sizeof value),
          "product's attribute");
}

cublasLtMatmulDesc_t make_description(Format format) {
  const bool integers = format == Format::int8;
  cublasLtMatmulDesc_t description = nullptr;
  require(cublasLtMatmulDescCreate(&description, integers ? CUBLAS_COMPUTE_32I : CUBLAS_COMPUTE_32F,
                                   integers ? CUDA_R_32I : CUDA_R_32F),
          "product");
  return description;
}

cublasLtMatrixLayout_t make_layout(cudaDataType_t type, std::int64_t rows, std::int64_t columns) {
  cublasLtMatrixLayout_t layout = nullptr;
  require(cublasLtMatrixLayoutCreate(&layout, type, static_cast<std::uint64_t>(rows),
                                     static_cast<std::uint64_t>(columns), rows),
          "layout of a matrix");
  return layout;
}

}  // namespace

Sizes padded(Sizes sizes, Format format) {
  if (format == Format::fp8_block) sizes.m = round_up(sizes.m, 4);
  return sizes;
}

std::size_t operand_size(Format format) { return format == Format::bf16 ? 2 : 1; }

std::size_t result_size(Format format) { return format == Format::int8 ? 4 : 2; }

std::size_t a_scales_size(const Sizes& sizes, Format format) {
  if (format == Format::fp8_tensor) return sizeof(float);
  if (format == Format::fp8_block)
    return sizeof(float) * static_cast<std::size_t>(sizes.m * ceil_div(sizes.k, 128));
  return format == Format::mxfp8 ? tiled_size(sizes.m, ceil_div(sizes.k, 32)) : 0;
}

std::size_t b_scales_size(const Sizes& sizes, Format format) {
  if (format == Format::fp8_tensor) return sizeof(float);
  if (format == Format::fp8_block)
    return sizeof(float) *
           static_cast<std::size_t>(round_up(ceil_div(sizes.k, 128), 4) * ceil_div(sizes.n, 128));
  return format == Format::mxfp8 ? tiled_size(sizes.n, ceil_div(sizes.k, 32)) : 0;
}

/// Source of the float layouts: cuBLAS manual 13, "128-element 1D and 128x128 2D Block Scaling".
std::size_t a_scale_index(const Sizes& sizes, Format format, std::int64_t row, std::int64_t k) {
  if (format == Format::fp8_block) return static_cast<std::size_t>(k / 128 * sizes.m + row);
  return format == Format::mxfp8 ? tiled_index(row, k / 32, ceil_div(sizes.k, 32)) : 0;
}

std::size_t b_scale_index(const Sizes& sizes, Format format, std::int64_t row, std::int64_t k) {
  if (format == Format::fp8_block)
    return static_cast<std::size_t>(row / 128 * round_up(ceil_div(sizes.k, 128), 4) + k / 128);
  return format == Format::mxfp8 ? tiled_index(row, k / 32, ceil_div(sizes.k, 32)) : 0;
}

LtHandle make_lt_handle() {
  cublasLtHandle_t handle = nullptr;
  require(cublasLtCreate(&handle), "handle");
  return LtHandle{handle};
}

// cuBLAS counts columns first, so what is row by row here is transposed there: C^T [n][m] = B A^T, and our B
// comes first. This is its "TN" form, the only one in which Hopper multiplies FP8.
Product::Product(cublasLtHandle_t handle, const Sizes& sizes, Format format)
    : handle_{handle},
      format_{format},
      description_{make_description(format)},
      a_{make_layout(operand_type(format), sizes.k, sizes.m)},
      b_{make_layout(operand_type(format), sizes.k, sizes.n)},
      c_{make_layout(format == Format::int8 ? CUDA_R_32I : CUDA_R_16BF, sizes.n, sizes.m)} {
  set(description_.get(), CUBLASLT_MATMUL_DESC_TRANSA, CUBLAS_OP_T);
  set(description_.get(), CUBLASLT_MATMUL_DESC_TRANSB, CUBLAS_OP_N);
  if (const auto modes = scale_modes(format)) {
    set(description_.get(), CUBLASLT_MATMUL_DESC_A_SCALE_MODE, modes->b);
    set(description_.get(), CUBLASLT_MATMUL_DESC_B_SCALE_MODE, modes->a);
  }
  if (format == Format::fp8_tensor) set(description_.get(), CUBLASLT_MATMUL_DESC_FAST_ACCUM, std::int8_t{1});
}

void Product::set_scales(const Operands& operands) const {
  if (!scale_modes(format_)) return;
  set(description_.get(), CUBLASLT_MATMUL_DESC_A_SCALE_POINTER, operands.b_scales);
  set(description_.get(), CUBLASLT_MATMUL_DESC_B_SCALE_POINTER, operands.a_scales);
}

std::optional<Product> Product::find(cublasLtHandle_t handle, const Sizes& sizes, Format format,
                                     const Operands& typical) {
  Product product{handle, sizes, format};
  product.set_scales(typical);
  cublasLtMatmulPreference_t made = nullptr;
  require(cublasLtMatmulPreferenceCreate(&made), "preference");
  const Held<cublasLtMatmulPreference_t, &cublasLtMatmulPreferenceDestroy> preference{made};
  const std::size_t workspace = workspace_size;
  require(cublasLtMatmulPreferenceSetAttribute(made, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace,
                                               sizeof workspace),
          "size of the workspace");
  cublasLtMatmulHeuristicResult_t best{};
  int found = 0;
  const cublasStatus_t status =
      cublasLtMatmulAlgoGetHeuristic(handle, product.description_.get(), product.b_.get(), product.a_.get(),
                                     product.c_.get(), product.c_.get(), made, 1, &best, &found);
  // What the device cannot do is refused in one of these ways, depending on what about it is not possible.
  if (status == CUBLAS_STATUS_NOT_SUPPORTED || status == CUBLAS_STATUS_INVALID_VALUE ||
      status == CUBLAS_STATUS_ARCH_MISMATCH)
    return std::nullopt;
  require(status, "choice of an algorithm");
  if (found == 0 || best.state != CUBLAS_STATUS_SUCCESS) return std::nullopt;
  product.algorithm_ = best.algo;
  return product;
}

void Product::enqueue(const Operands& operands, void* workspace, cudaStream_t stream) const {
  set_scales(operands);
  const float one = 1, zero = 0;
  const std::int32_t whole_one = 1, whole_zero = 0;
  const bool integers = format_ == Format::int8;
  const void* alpha = integers ? static_cast<const void*>(&whole_one) : &one;
  const void* beta = integers ? static_cast<const void*>(&whole_zero) : &zero;
  require(cublasLtMatmul(handle_, description_.get(), alpha, operands.b, b_.get(), operands.a, a_.get(), beta,
                         operands.c, c_.get(), operands.c, c_.get(), &algorithm_, workspace, workspace_size,
                         stream),
          "product");
}

}  // namespace superpod::models::cuda
