/// The kernels of the models on the CUDA device of this machine, ready to be timed. No CUDA header is needed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/kernels/cuda/ready_kernel.hpp"
#include "models/kernels/kernel.hpp"

namespace superpod::models::cuda {

/// A sentence where nothing can run: no driver, no device, or no cuBLAS.
std::optional<std::string> why_unavailable();

DeviceNotes notes();

/// Null where there is no implementation of `kernel` on this device. Throws std::runtime_error with the
/// message of CUDA or cuBLAS when a call fails. Sizes are rounded to whole numbers, at least 1.
///
/// gemm: A [m][k] and B [n][k] (both with k contiguous), C in BF16, by cuBLASLt's first choice with 32 MiB of
///   workspace. BF16; FP8 E4M3 with one scale a tensor (fast accumulation, as in inference); FP8 with 1 x 128
///   and 128 x 128 float scales where the device has them (Hopper: m is rounded up to a multiple of 4), else
///   MXFP8 with 1 x 32 scales (Blackwell); INT8 with INT32 results and no block scales.
/// grouped_gemm: BF16 by cublasGemmGroupedBatchedEx, outside a graph, so that runs of few microseconds show
///   the host's work; others as single products on up to 8 branches of a CUDA graph, as cuBLAS has no such
///   kernel.
/// attention: a fused kernel of ours in BF16, forward: heads of 64, 128, or 192 with values of 128, and MLA's
///   latent of 576 with values of 512, which are part of it. All pairs, or a causal mask whose last query
///   sees all keys. It uses the tensor cores as Ampere has them (mma.sync), so it stays below what kernels
///   written for Hopper and Blackwell reach.
std::unique_ptr<ReadyKernel> prepare(const Kernel& kernel, std::uint64_t seed);

/// Copies within device memory, which reads and writes `size` each.
std::unique_ptr<ReadyKernel> prepare_copy(Bytes size);

/// Does nothing: its time is that of a launch.
std::unique_ptr<ReadyKernel> prepare_launch();

/// BF16 [rows][columns] to E4M3 with one float scale for each 1 x 128: largest magnitude / 448. `columns` is
/// a multiple of 128.
std::unique_ptr<ReadyKernel> prepare_quantise(std::int64_t rows, std::int64_t columns, std::uint64_t seed);

/// x / sqrt(mean(x^2) + 1e-6) * weight of each row, BF16 in and out. `columns` is a multiple of 8.
std::unique_ptr<ReadyKernel> prepare_rms_norm(std::int64_t rows, std::int64_t columns, std::uint64_t seed);

}  // namespace superpod::models::cuda
