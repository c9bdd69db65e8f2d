/// What one rank executes of a model: how each layer is cut, on how many tokens, and in which precisions.
#pragma once

#include <array>
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

/// One microbatch of a data-parallel rank, before it is cut.
struct Batch {
  double sequences = 1;
  int sequence_length = 0;
};

/// In which precision each part of training is done. Defaults: DeepSeek-V3, arXiv 2412.19437, section 3.3.
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

struct Slice {
  Shard shard;
  Batch batch;
  Precisions precision;
  double expert_load = 1;  ///< tokens for the routed experts of this rank, relative to the mean of all ranks

  /// On this rank, where the tensor-parallel ranks work on the same tokens.
  [[nodiscard]] double tokens() const { return batch.sequences * batch.sequence_length / shard.context; }
  /// Whose keys its attention sees: those of all context ranks.
  [[nodiscard]] double seen_tokens() const { return batch.sequences * batch.sequence_length; }
  /// On this rank, where the tensor-parallel ranks share them out: norms, residuals, routing (sequence
  /// parallelism).
  [[nodiscard]] double own_tokens() const { return tokens() / shard.tensor; }
};

/// Why the shard does not fit the model, one sentence each, e.g. "128 heads cannot be cut into 3 equal
/// shares"; empty when all cuts are even.
std::vector<std::string> misfits(const Llm& llm, const Shard& shard);

}  // namespace superpod::models
