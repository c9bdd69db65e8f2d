/// Tokens gathered for their experts before an all-to-all, and brought together again after it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/execution.hpp"
#include "models/kernels/cpu/rows.hpp"

namespace superpod::models::cpu {

/// Which experts (or destinations) each token goes to.
struct Routing {
  std::span<const std::int32_t> experts_of;  ///< [tokens][choices]; negative: this choice goes nowhere
  std::int64_t tokens = 0, choices = 0;
  std::int32_t experts = 0;
};

/// Where each copy of a token lies: the rows of an expert lie together, in the order of tokens and, for a
/// token that chose an expert twice, of choices.
struct Packing {
  std::int64_t tokens = 0, choices = 0;
  std::vector<std::int64_t> first;   ///< [experts + 1]: rows of expert e are [first[e], first[e + 1])
  std::vector<std::int64_t> token;   ///< [rows]: whose copy the row is
  std::vector<std::int64_t> row_of;  ///< [tokens][choices]; -1 where a choice goes nowhere
};

/// By counting. Throws std::invalid_argument for an expert that is not there or a table of another size.
/// Cost: two passes over the table, on one thread.
Packing packing_of(const Routing& routing);

/// Rows of `packed` are copies of those of `tokens`, codes and scales, as `packing` says.
/// Traffic for each row: cols + scale_cols * sizeof(Scale) bytes read and as many written.
/// Throws std::invalid_argument unless `tokens` has packing.tokens rows in blocks of 1 x 128.
template <class Scale>
void pack(const QuantisedRows<Scale>& tokens, const Packing& packing, QuantisedRows<Scale>& packed,
          const Execution& on = {});

/// What each choice contributes to its token.
struct Combination {
  Rows<Bf16> rows;                 ///< of the experts, in the order of `packing`
  std::span<const float> weights;  ///< [tokens][choices]
};

/// out[t] = sum over choices c of weights[t][c] * rows[row_of[t][c]], summed in FP32 in the order of choices
/// and rounded once. `out` is [tokens][cols]; a token that went nowhere is zero.
/// Traffic for each token: choices * cols * 2 bytes read, cols * 2 written.
/// Throws std::invalid_argument unless all sizes fit.
void combine(const Combination& combination, const Packing& packing, std::span<Bf16> out,
             const Execution& on = {});

}  // namespace superpod::models::cpu
