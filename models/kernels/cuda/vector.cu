// Kernels that read and write each element once, and those that fill the operands.

#include <cuda_fp8.h>

#include "models/kernels/cuda/launches.hpp"

namespace superpod::models::cuda {
namespace {

/// A well mixed number for each index.
/// Source: Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64).
__device__ inline unsigned long long mixed(unsigned long long seed, unsigned long long index) {
  unsigned long long z = seed + (index + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// The sum of four uniform numbers, scaled to deviation 1.
__device__ inline float roughly_normal(unsigned long long bits) {
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += static_cast<float>((bits >> (16 * i)) & 0xFFFF) * (1.0F / 32768) - 1;
  return sum * 0.8660254F;  // each has variance 1 / 3
}

template <class T, class Value>
__global__ void fill(T* to, std::size_t count, unsigned long long seed, Value value) {
  const std::size_t step = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step)
    to[i] = value(mixed(seed, i));
}

template <class T, class Value>
cudaError_t launch_fill(T* to, std::size_t count, std::uint64_t seed, cudaStream_t stream, Value value) {
  if (count == 0) return cudaSuccess;
  constexpr std::size_t threads = 256, most_blocks = 4096;
  const std::size_t blocks = (count + threads - 1) / threads;
  fill<<<static_cast<unsigned>(blocks < most_blocks ? blocks : most_blocks), threads, 0, stream>>>(
      to, count, seed, value);
  return cudaGetLastError();
}

struct Bf16Value {
  __device__ __nv_bfloat16 operator()(unsigned long long bits) const {
    return __float2bfloat16(roughly_normal(bits));
  }
};

struct E4m3Value {
  __device__ std::uint8_t operator()(unsigned long long bits) const {
    return __nv_cvt_float_to_fp8(roughly_normal(bits) * 112, __NV_SATFINITE, __NV_E4M3);
  }
};

struct Int8Value {
  __device__ std::int8_t operator()(unsigned long long bits) const {
    return static_cast<std::int8_t>(__float2int_rn(roughly_normal(bits) * 32));
  }
};

struct ScaleValue {
  __device__ float operator()(unsigned long long bits) const {
    return (0.5F + static_cast<float>(bits >> 40) * (1.0F / 16777216)) / 112;
  }
};

struct ExponentValue {
  __device__ std::uint8_t operator()(unsigned long long bits) const {
    return static_cast<std::uint8_t>(127 - 8 + bits % 3);
  }
};

__device__ inline void unpack(const uint4& packed, float (&x)[8]) {
  const unsigned words[4] = {packed.x, packed.y, packed.z, packed.w};
  for (int i = 0; i < 4; ++i) {
    x[2 * i] = __uint_as_float(words[i] << 16);  // BF16 is the upper half of FP32
    x[2 * i + 1] = __uint_as_float(words[i] & 0xFFFF0000U);
  }
}

/// Half a warp takes 128 elements, 8 a lane.
__global__ void quantise(const Quantise work) {
  constexpr int lanes = 16, block = 128;
  const std::int64_t blocks_of_row = work.columns / block;
  const std::int64_t at = (static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) / lanes;
  const bool inside = at < work.rows * blocks_of_row;
  const std::int64_t row = inside ? at / blocks_of_row : 0, column = inside ? at % blocks_of_row : 0;
  const std::int64_t first = row * work.columns + column * block + threadIdx.x % lanes * 8;

  float x[8];
  unpack(*reinterpret_cast<const uint4*>(work.from + first), x);
  float largest = 0;
  for (const float value : x) largest = fmaxf(largest, fabsf(value));
  for (int step = lanes / 2; step > 0; step /= 2)
    largest = fmaxf(largest, __shfl_xor_sync(0xFFFFFFFFU, largest, step));
  const float scale = largest > 0 ? largest / 448 : 1;
  if (!inside) return;

  uint2 codes{0, 0};
  for (int i = 0; i < 8; ++i) {
    const unsigned code = __nv_cvt_float_to_fp8(x[i] / scale, __NV_SATFINITE, __NV_E4M3);
    (i < 4 ? codes.x : codes.y) |= code << (8 * (i % 4));
  }
  *reinterpret_cast<uint2*>(work.to + first) = codes;
  if (threadIdx.x % lanes == 0) work.scales[column * work.rows + row] = scale;
}

constexpr int norm_threads = 256;

/// One block for each row, which is read twice: the second time from a cache.
__global__ __launch_bounds__(norm_threads) void normalise(const RmsNorm work) {
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * work.columns;
  float x[8], sum = 0;
  for (std::int64_t c = threadIdx.x * 8; c < work.columns; c += norm_threads * 8) {
    unpack(*reinterpret_cast<const uint4*>(work.from + row + c), x);
    for (const float value : x) sum += value * value;
  }
  for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(0xFFFFFFFFU, sum, step);
  __shared__ float of_warp[norm_threads / 32];
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = sum;
  __syncthreads();
  sum = 0;
  for (const float part : of_warp) sum += part;
  const float factor = rsqrtf(sum / static_cast<float>(work.columns) + 1e-6F);

  for (std::int64_t c = threadIdx.x * 8; c < work.columns; c += norm_threads * 8) {
    float weight[8];
    unpack(*reinterpret_cast<const uint4*>(work.from + row + c), x);
    unpack(*reinterpret_cast<const uint4*>(work.weight + c), weight);
    __align__(16) __nv_bfloat16 result[8];
    for (int i = 0; i < 8; ++i) result[i] = __float2bfloat16(x[i] * factor * weight[i]);
    *reinterpret_cast<uint4*>(work.to + row + c) = *reinterpret_cast<const uint4*>(result);
  }
}

__global__ void nothing() {}

}  // namespace

cudaError_t fill_bf16(__nv_bfloat16* to, std::size_t count, std::uint64_t seed, cudaStream_t stream) {
  return launch_fill(to, count, seed, stream, Bf16Value{});
}

cudaError_t fill_e4m3(std::uint8_t* to, std::size_t count, std::uint64_t seed, cudaStream_t stream) {
  return launch_fill(to, count, seed, stream, E4m3Value{});
}

cudaError_t fill_int8(std::int8_t* to, std::size_t count, std::uint64_t seed, cudaStream_t stream) {
  return launch_fill(to, count, seed, stream, Int8Value{});
}

cudaError_t fill_scales(float* to, std::size_t count, std::uint64_t seed, cudaStream_t stream) {
  return launch_fill(to, count, seed, stream, ScaleValue{});
}

cudaError_t fill_exponents(std::uint8_t* to, std::size_t count, std::uint64_t seed, cudaStream_t stream) {
  return launch_fill(to, count, seed, stream, ExponentValue{});
}

cudaError_t launch_nothing(cudaStream_t stream) {
  nothing<<<1, 1, 0, stream>>>();
  return cudaGetLastError();
}

cudaError_t launch(const Quantise& work, cudaStream_t stream) {
  constexpr std::int64_t threads = 256, lanes = 16;
  const std::int64_t blocks = (work.rows * (work.columns / 128) * lanes + threads - 1) / threads;
  quantise<<<static_cast<unsigned>(blocks), threads, 0, stream>>>(work);
  return cudaGetLastError();
}

cudaError_t launch(const RmsNorm& work, cudaStream_t stream) {
  normalise<<<static_cast<unsigned>(work.rows), norm_threads, 0, stream>>>(work);
  return cudaGetLastError();
}

}  // namespace superpod::models::cuda
