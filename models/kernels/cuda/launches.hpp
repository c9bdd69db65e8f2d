/// Our own kernels, as the host starts them. All pointers are to device memory.
#pragma once

#include <cuda_bf16.h>
#include <cuda_runtime_api.h>

#include <cstdint>

namespace superpod::models::cuda {

/// Of roughly normal distribution with deviation 1, never beyond 3.47.
cudaError_t fill_bf16(__nv_bfloat16* to, std::size_t count, std::uint64_t seed, cudaStream_t stream);

/// The same times 112, so that the largest nears E4M3's 448.
cudaError_t fill_e4m3(std::uint8_t* to, std::size_t count, std::uint64_t seed, cudaStream_t stream);

/// The same times 32.
cudaError_t fill_int8(std::int8_t* to, std::size_t count, std::uint64_t seed, cudaStream_t stream);

/// Between 0.5 / 112 and 1.5 / 112: they bring E4M3 back to about 1.
cudaError_t fill_scales(float* to, std::size_t count, std::uint64_t seed, cudaStream_t stream);

/// UE8M0 codes of 2^-8, 2^-7 and 2^-6.
cudaError_t fill_exponents(std::uint8_t* to, std::size_t count, std::uint64_t seed, cudaStream_t stream);

cudaError_t launch_nothing(cudaStream_t stream);

struct Quantise {
  const __nv_bfloat16* from;  ///< [rows][columns]
  std::uint8_t* to;           ///< [rows][columns], E4M3
  float* scales;              ///< [columns / 128][rows], as cuBLASLt reads them
  std::int64_t rows, columns;
};
cudaError_t launch(const Quantise& work, cudaStream_t stream);

struct RmsNorm {
  const __nv_bfloat16* from;    ///< [rows][columns]
  const __nv_bfloat16* weight;  ///< [columns]
  __nv_bfloat16* to;            ///< [rows][columns]
  std::int64_t rows, columns;
};
cudaError_t launch(const RmsNorm& work, cudaStream_t stream);

/// softmax(Q K^T / sqrt(qk_dim)) V.
struct Attention {
  const __nv_bfloat16* q;  ///< [sequence][query][head][qk_dim]
  const __nv_bfloat16* k;  ///< [sequence][key][kv_head][qk_dim]
  const __nv_bfloat16* v;  ///< [sequence][key][kv_head][v_dim]; unused if it is the first part of k
  __nv_bfloat16* out;      ///< [sequence][query][head][v_dim]
  float* log_sum_exp;      ///< [sequence][query][head], to base 2
  float* partial_out;      ///< [split][sequence][query][head][v_dim]; unused with one split
  float* partial_log_sum;  ///< [split][sequence][query][head]; likewise
  int sequences, queries, keys;
  int heads, kv_heads;
  int qk_dim, v_dim;
  int splits;   ///< of the keys, each reckoned apart and combined afterwards
  bool causal;  ///< query i sees the keys up to keys - queries + i
  bool shared_kv;
};

/// Whether there is a kernel for these widths of heads.
bool has_kernel(int qk_dim, int v_dim, bool shared_kv);

/// cudaErrorInvalidValue where there is none.
cudaError_t launch(const Attention& work, cudaStream_t stream);

}  // namespace superpod::models::cuda
