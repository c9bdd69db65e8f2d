/// How a serving engine's ranks share a model, and in which precision each part is done and kept.
#pragma once

#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/mapping/parallelism.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"
#include "sim/values/describe.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// Of one engine: tensor * attention_data ranks.
struct ServingParallelism {
  int tensor = 1, attention_data = 1, expert = 1;

  [[nodiscard]] int ranks() const { return tensor * attention_data; }
  /// On a whole system, whose other NPUs hold engines of the same kind.
  [[nodiscard]] Parallelism on_system() const;

  static constexpr std::string_view kind = "serving parallelism";
  static constexpr auto fields() {
    using P = ServingParallelism;
    return std::tuple{
        optional("tensor", &P::tensor, "ranks that share each layer", between(1, 8192)),
        optional("attention_data", &P::attention_data,
                 "groups of them that each serve requests of their own, and share the experts only",
                 between(1, 8192)),
        optional("expert", &P::expert,
                 "ranks that share the routed experts: all of the engine, or 1 where each expert is cut over "
                 "the tensor ranks",
                 between(1, most_experts))};
  }
};

struct ServingPrecisions {
  Precision gemm = Precision::fp8, attention = Precision::bf16, head = Precision::bf16,
            router = Precision::bf16, state = Precision::bf16;
  Precision dispatch = Precision::fp8, combine = Precision::bf16;
  Precision kv_cache = Precision::bf16, index = Precision::fp8;
  std::optional<Precision> projections{};

  [[nodiscard]] Precision of_projections() const { return projections.value_or(gemm); }
  [[nodiscard]] Precisions of_kernels() const;
  [[nodiscard]] CachePrecision of_cache() const { return {kv_cache, Precision::bf16, index}; }

  static constexpr std::string_view kind = "serving precisions";
  static constexpr auto fields() {
    using P = ServingPrecisions;
    return std::tuple{
        optional("gemm", &P::gemm, "linear layers of attention, FFN and experts, and their weights"),
        optional("projections", &P::projections,
                 "linear layers of attention and their weights, where they differ: many checkpoints with FP4 "
                 "experts leave them wider"),
        optional("attention", &P::attention, "core attention: Q K^T and P V"),
        optional("head", &P::head, "output head and embedding"),
        optional("router", &P::router, "gating of the experts"),
        optional("state", &P::state, "residual stream, norms, and what passes between kernels"),
        optional("dispatch", &P::dispatch, "tokens sent to their experts"),
        optional("combine", &P::combine, "results sent back from the experts"),
        optional("kv_cache", &P::kv_cache,
                 "cached keys and values; elements with rotary position that lie apart stay BF16"),
        optional("index", &P::index, "cached keys of a sparse indexer")};
  }
};

/// What does not fit the model, or each other.
std::vector<topology::Flaw> flaws(const ServingParallelism& parallel, const Llm& llm);

}  // namespace superpod::models
