/// The block-scaled GEMM by its formula in double, and how far FP32 may stray from it.
#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/cpu/gemm.hpp"

namespace superpod::models::cpu {

struct ReferenceProduct {
  std::vector<double> c;           ///< [m][n]
  std::vector<double> magnitudes;  ///< [m][n]: the same sum of |s_A s_B A B|
};

/// The formula of gemm.hpp, with the product of two scales rounded to FP32 as there and everything else in
/// double. Throws std::invalid_argument as grouped_block_gemm does.
ReferenceProduct reference_block_gemm(const GemmShape& shape, const Activations& a, const Weights& b);

/// gamma(k) = r u / (1 - r u), with u = 2^-24, of r roundings: products of two E4M3 are exact in FP32, so
/// each of the k products is rounded in the inner sum's additions, twice where instructions sum a pair, and
/// in those of the outer sum. Whatever the order:  |result - exact| <= gamma(k) sum |s_A s_B A B|.
/// Valid: no result or partial sum overflows or falls below 2^-126.
/// Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., 2002, section 3.1; that pairs
///         take at most two roundings: Intel, the operation of VDPBF16PS and TDPBF16PS.
double error_bound(std::int64_t k);

}  // namespace superpod::models::cpu
