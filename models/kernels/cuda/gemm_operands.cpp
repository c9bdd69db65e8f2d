#include "models/kernels/cuda/gemm_operands.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "models/kernels/cuda/reference.hpp"
#include "models/kernels/fp8/formats.hpp"

namespace superpod::models::cuda {
namespace {

void fill(Format format, unsigned char* to, std::size_t bytes, std::uint64_t seed) {
  switch (format) {
    case Format::bf16:
      return require(fill_bf16(reinterpret_cast<__nv_bfloat16*>(to), bytes / 2, seed, nullptr), "fill");
    case Format::int8:
      return require(fill_int8(reinterpret_cast<std::int8_t*>(to), bytes, seed, nullptr), "fill");
    case Format::fp8_tensor:
    case Format::fp8_block:
    case Format::mxfp8:
      return require(fill_e4m3(to, bytes, seed, nullptr), "fill");
  }
}

void fill_with_scales(Format format, unsigned char* to, std::size_t bytes, std::uint64_t seed) {
  if (format == Format::mxfp8)
    require(fill_exponents(to, bytes, seed, nullptr), "fill");
  else
    require(fill_scales(reinterpret_cast<float*>(to), bytes / sizeof(float), seed, nullptr), "fill");
}

template <class T>
T read(const std::vector<unsigned char>& bytes, std::size_t index, std::size_t offset) {
  T x;
  std::memcpy(&x, bytes.data() + offset + index * sizeof(T), sizeof x);
  return x;
}

double operand(Format format, const std::vector<unsigned char>& bytes, std::size_t index,
               std::size_t offset) {
  if (format == Format::bf16) return value_of_bf16(read<std::uint16_t>(bytes, index, offset));
  if (format == Format::int8) return read<std::int8_t>(bytes, index, offset);
  return fp8::value(fp8::E4m3{read<std::uint8_t>(bytes, index, offset)});
}

double scale(Format format, const std::vector<unsigned char>& bytes, std::size_t index, std::size_t offset) {
  if (bytes.empty()) return 1;
  if (format == Format::mxfp8) return fp8::value(fp8::E8m0{read<std::uint8_t>(bytes, index, offset)});
  return read<float>(bytes, index, offset);
}

/// By what sums of magnitude 1 may be off: FP32 accumulation of BF16; that of FP8 on Hopper, which keeps
/// about 14 bits (DeepSeek-V3, arXiv 2412.19437, section 3.5.2); none of integers.
double accumulation_error(Format format) {
  if (format == Format::int8) return 0;
  return format == Format::bf16 ? std::ldexp(1, -16) : std::ldexp(1, -10);
}

}  // namespace

unsigned char* GemmOperands::Array::of(int group) const {
  return memory.get() + static_cast<std::size_t>(group) * stride;
}

GemmOperands::Array GemmOperands::make_array(int groups, std::size_t size) {
  constexpr std::size_t alignment = 256;
  const std::size_t stride = (size + alignment - 1) / alignment * alignment;
  return {Memory<unsigned char>{stride * static_cast<std::size_t>(groups)}, stride};
}

GemmOperands::GemmOperands(int groups, const Sizes& sizes, Format format, std::uint64_t seed)
    : groups_{groups}, sizes_{padded(sizes, format)}, format_{format} {
  const auto m = static_cast<std::size_t>(sizes_.m), n = static_cast<std::size_t>(sizes_.n);
  const auto k = static_cast<std::size_t>(sizes_.k);
  a_ = make_array(groups, m * k * operand_size(format));
  b_ = make_array(groups, n * k * operand_size(format));
  a_scales_ = make_array(groups, a_scales_size(sizes_, format));
  b_scales_ = make_array(groups, b_scales_size(sizes_, format));
  c_ = make_array(groups, m * n * result_size(format));
  fill(format, a_.of(0), a_.memory.size(), seed);
  fill(format, b_.of(0), b_.memory.size(), seed + 1);
  fill_with_scales(format, a_scales_.of(0), a_scales_.memory.size(), seed + 2);
  fill_with_scales(format, b_scales_.of(0), b_scales_.memory.size(), seed + 3);
  require(cudaDeviceSynchronize(), "operands");
}

Operands GemmOperands::of(int group) const {
  return {a_.of(group), b_.of(group), a_scales_.of(group), b_scales_.of(group), c_.of(group)};
}

double GemmOperands::error() const {
  const auto a = a_.memory.on_host(), b = b_.memory.on_host(), c = c_.memory.on_host();
  const auto a_scales = a_scales_.memory.on_host(), b_scales = b_scales_.memory.on_host();
  const std::int64_t results = static_cast<std::int64_t>(groups_) * sizes_.m * sizes_.n;
  double worst = 0;
  for (const std::int64_t at : sample(results)) {
    const auto group = static_cast<std::size_t>(at / (sizes_.m * sizes_.n));
    const std::int64_t row = at / sizes_.n % sizes_.m, column = at % sizes_.n;
    double want = 0, magnitude = 0;
    for (std::int64_t k = 0; k < sizes_.k; ++k) {
      const double x =
          operand(format_, a, static_cast<std::size_t>(row * sizes_.k + k), group * a_.stride) *
          scale(format_, a_scales, a_scale_index(sizes_, format_, row, k), group * a_scales_.stride) *
          operand(format_, b, static_cast<std::size_t>(column * sizes_.k + k), group * b_.stride) *
          scale(format_, b_scales, b_scale_index(sizes_, format_, column, k), group * b_scales_.stride);
      want += x;
      magnitude += std::abs(x);
    }
    const auto index = static_cast<std::size_t>(at % (sizes_.m * sizes_.n));
    const double got = format_ == Format::int8
                           ? read<std::int32_t>(c, index, group * c_.stride)
                           : value_of_bf16(read<std::uint16_t>(c, index, group * c_.stride));
    const double explained = format_ == Format::int8 ? 0.5 : bf16_rounding * std::abs(want);
    worst = worse(worst, std::abs(got - want) / (explained + accumulation_error(format_) * magnitude));
  }
  return worst;
}

}  // namespace superpod::models::cuda
