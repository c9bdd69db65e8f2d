/// One kernel as the chip sees it: what it computes, in which precision, and what it must read and write.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "models/kernels/precision.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// `groups` independent products C[m, n] = A[m, k] B[k, n]. Sizes may be fractions: rows of an expert are an
/// expectation.
struct MatrixShape {
  double groups = 1, m = 0, n = 0, k = 0;
};

/// softmax(Q K^T) V of `heads` heads, which share `kv_heads` heads of keys and values.
struct AttentionShape {
  double sequences = 0;            ///< on this rank
  double heads = 0, kv_heads = 0;  ///< on this rank
  double queries = 0,
         keys = 0;   ///< tokens of one sequence; under context parallelism a rank has fewer queries
  double pairs = 0;  ///< (query, key) of one head of one sequence; a causal mask leaves half of all
  double qk_dim = 0, v_dim = 0;  ///< elements of one head; v_dim = 0 for an indexer, which only scores
  bool backward = false;
  bool shared_kv = false;  ///< a value is part of its key (MLA's latent): both are read once
};

/// What a narrow operand's scales belong to: the whole tensor, or blocks of it (1 x 128 and 128 x 128 as in
/// DeepSeek-V3, or 1 x 32 as in OCP MX). `none` where elements need no scale.
enum class Scaling { none, tensor, block };

constexpr auto words(Scaling) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"none"}, Scaling::none}, pair{string_view{"tensor"}, Scaling::tensor},
                    pair{string_view{"block"}, Scaling::block}};
}

/// How narrow operands are scaled unless somebody says otherwise.
constexpr Scaling usual_scaling(Precision precision) {
  return is_block_scaled(precision) ? Scaling::block : Scaling::none;
}

struct Kernel {
  enum class Kind { gemm, grouped_gemm, attention, vector };

  std::string_view name;  ///< static words, e.g. "q up-projection"
  Kind kind = Kind::vector;
  Precision precision = Precision::fp32;  ///< of a matrix kernel's operands; vector kernels reckon in FP32
  Scaling scaling = Scaling::none;        ///< of these operands
  Precision cached = Precision::fp32;     ///< of attention's keys and values as they lie in memory
  MatrixShape matrix;                     ///< of gemm and grouped_gemm
  AttentionShape attention;               ///< of attention
  Flops flops;
  Bytes bytes;  ///< HBM traffic, with each operand read or written once
};

/// 2 groups m n k FLOPs. Reads A and B in `precision` with their block scales; the result costs `output` for
/// each element of C (element_size when written, twice that when accumulated). More than one group makes it a
/// grouped_gemm. Narrow operands are scaled by blocks unless another `scaling` is given.
Kernel gemm(std::string_view name, Precision precision, const MatrixShape& shape, Bytes output);
Kernel gemm(std::string_view name, Precision precision, Scaling scaling, const MatrixShape& shape,
            Bytes output);

/// Fused attention, which never writes the scores: 2 (qk_dim + v_dim) FLOPs for each head and pair forward,
/// and 2 (3 qk_dim + 2 v_dim) backward: the scores again, and the gradients of P, V, Q and K (2.5 x where
/// qk_dim = v_dim).
/// Traffic: Q, K, V, O and one FP32 log-sum-exp for each query; backward also reads the gradient of O and
/// writes those of Q, K and V. K and V lie in memory as `cached`, which is `precision` unless given.
/// Leaves out: softmax arithmetic, and masked halves of the tiles on the diagonal.
/// Source: Dao, "FlashAttention-2", arXiv 2307.08691, section 3.1; its benchmark counts 2.5 x likewise
///         (section 4.1).
Kernel attention(std::string_view name, Precision precision, const AttentionShape& shape);
Kernel attention(std::string_view name, Precision precision, Precision cached, const AttentionShape& shape);

/// Elementwise work and reductions over rows.
Kernel vector_kernel(std::string_view name, Flops flops, Bytes traffic);

/// FLOPs in the matrix units: GEMMs and attention, without vector kernels.
Flops matrix_flops(std::span<const Kernel> kernels);

}  // namespace superpod::models
