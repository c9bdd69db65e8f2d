/// What one rank executes of a model: how each layer is cut, on how many tokens, and in which precisions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/transformer/llm.hpp"
#include "sim/values/describe.hpp"

namespace superpod::models {

/// How many ranks share one layer, by direction of the cut.
struct Shard {
  int tensor = 1;  ///< heads, FFN columns and vocabulary; tokens for norms and routing (sequence parallelism)
  int context = 1;        ///< tokens of each sequence; attention still sees all keys
  int expert = 1;         ///< routed experts: each rank holds routed_experts / expert of them ...
  int expert_tensor = 1;  ///< ... and of each 1 / expert_tensor of its columns
};

/// Sequences that are alike, on one data-parallel rank before it is cut: of each, some tokens are new, and
/// some have been seen before.
///
///     training, or a prefill at once   {count, S, 0}
///     a chunk of a prefill             {count, c, s}
///     a step of decoding               {count, 1, S}
struct Sequences {
  double count = 1;
  double new_tokens = 0;   ///< of each: what is computed
  double seen_tokens = 0;  ///< of each, before these: their keys and values lie in a cache

  /// That the last of the new ones sees, itself included.
  [[nodiscard]] double tokens() const { return seen_tokens + new_tokens; }
};
Sequences whole_sequences(double count, int length);

/// In which precision each part of the work is done. Defaults: DeepSeek-V3, arXiv 2412.19437, section 3.3.
struct Precisions {
  Precision gemm = Precision::fp8, attention = Precision::bf16, head = Precision::bf16,
            router = Precision::bf16;
  Precision state = Precision::bf16, dispatch = Precision::fp8, combine = Precision::bf16;
  Precision gradient = Precision::fp32;

  static constexpr std::string_view kind = "precision_plan";
  static constexpr auto fields() {
    return std::tuple{
        optional("gemm", &Precisions::gemm,
                 "linear layers of attention, FFN and experts, forward and backward"),
        optional("attention", &Precisions::attention, "core attention: Q K^T and P V"),
        optional("head", &Precisions::head, "output head"),
        optional("router", &Precisions::router, "gating of the experts"),
        optional("state", &Precisions::state, "residual stream, norms, and what passes between kernels"),
        optional("dispatch", &Precisions::dispatch, "tokens sent to their experts"),
        optional("combine", &Precisions::combine, "results sent back from the experts"),
        optional("gradient", &Precisions::gradient, "accumulated weight gradients")};
  }
};

/// Those that the matrix units must have, for `lacking(chip, ...)`.
std::vector<Precision> matrix_precisions(const Precisions& plan);

/// In which precision each part of a cached token or block is kept, block scales included. Defaults:
/// DeepSeek-V3.2 and V4 (arXiv 2606.19348, section 2.3.4).
struct CachePrecision {
  Precision content = Precision::fp8;
  Precision position = Precision::bf16;  ///< elements with rotary position, where they lie apart: not in GQA
  Precision index = Precision::fp8;      ///< keys of a sparse indexer; FP4 in DeepSeek-V4
};

struct Slice {
  Shard shard;
  std::vector<Sequences> batch;  ///< what passes through the layers together: one microbatch, one iteration
  Precisions precision;
  std::optional<CachePrecision> cache{};  ///< of a decoder, whose keys and values stay; none in training
  double expert_load = 1;  ///< tokens for the routed experts of this rank, relative to the mean of all ranks

  /// New ones on this rank, where the tensor-parallel ranks work on the same tokens.
  [[nodiscard]] double tokens() const;
  /// Whose keys its attention sees, new and seen before: those of all context ranks.
  [[nodiscard]] double attended_tokens() const;
  /// New ones on this rank, where the tensor-parallel ranks share them out: norms, residuals, routing
  /// (sequence parallelism).
  [[nodiscard]] double own_tokens() const { return tokens() / shard.tensor; }
  /// Tokens of the longest sequence.
  [[nodiscard]] double longest() const;
};

/// Why the shard does not fit the model, one sentence each, e.g. "128 heads cannot be cut into 3 equal
/// shares"; empty when all cuts are even.
std::vector<std::string> misfits(const Llm& llm, const Shard& shard);

}  // namespace superpod::models
