/// The shape of a large language model, as its configuration states it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::models {

// Beyond any model that was trained, and such that counts of weights, products of two widths and tables over
// layers or experts stay within reach.
inline constexpr double most_layers = 1024;
inline constexpr double most_experts = 2048;  ///< in one layer
inline constexpr double most_top_k = 64;      ///< of them for one token
inline constexpr double most_groups = 32;     ///< of experts
inline constexpr double most_width = 16384;   ///< of heads, and of elements of one

/// Grouped-query attention; multi-head where kv_heads = heads.
struct Gqa {
  int heads = 0, kv_heads = 0, head_dim = 0;

  static constexpr std::string_view kind = "gqa";
  static constexpr auto fields() {
    return std::tuple{required("heads", &Gqa::heads, "query heads", between(1, most_width)),
                      required("kv_heads", &Gqa::kv_heads, "key and value heads", between(1, most_width)),
                      required("head_dim", &Gqa::head_dim, "elements of one head", between(1, most_width))};
  }
};

/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1), with an optional sparse indexer
/// (DeepSeek-V3.2), which scores all earlier tokens cheaply and lets attention see only the best
/// `index_topk`.
struct Mla {
  int heads = 0, q_lora_rank = 0, kv_lora_rank = 0, qk_nope_head_dim = 0, qk_rope_head_dim = 0,
      v_head_dim = 0;
  int index_heads = 0, index_head_dim = 0, index_topk = 0;

  static constexpr std::string_view kind = "mla";
  static constexpr auto fields() {
    return std::tuple{
        required("heads", &Mla::heads, "attention heads", between(1, most_width)),
        required("q_lora_rank", &Mla::q_lora_rank, "rank of the query's compression", between(1, most_width)),
        required("kv_lora_rank", &Mla::kv_lora_rank, "rank of the key and value's compression",
                 between(1, most_width)),
        required("qk_nope_head_dim", &Mla::qk_nope_head_dim, "elements of a head without position",
                 between(1, most_width)),
        required("qk_rope_head_dim", &Mla::qk_rope_head_dim, "elements of a head with rotary position",
                 between(1, most_width)),
        required("v_head_dim", &Mla::v_head_dim, "elements of a value head", between(1, most_width)),
        optional("index_heads", &Mla::index_heads, "heads of the sparse indexer; 0: none",
                 between(0, most_width)),
        optional("index_head_dim", &Mla::index_head_dim, "elements of one of them", between(0, most_width)),
        optional("index_topk", &Mla::index_topk, "tokens that attention sees; 0: all", between(0, 0x1p27))};
  }
};

/// Compressed attention (DeepSeek-V4, arXiv 2606.19348, section 2.3): one vector of `head_dim` is key and
/// value of all heads. Every layer sees the last `window` tokens; beside them, compressors make one vector of
/// each block of `ratio` tokens. Sparse layers (CSA) see the `index_topk` blocks that an indexer likes best,
/// dense layers (HCA) all blocks, and the layers left over the window only.
///
/// The result leaves in `o_groups` groups of heads, each brought down to `o_lora_rank` before all are joined.
struct Compressed {
  int heads = 0, head_dim = 0, rope_head_dim = 0, q_lora_rank = 0, o_groups = 0, o_lora_rank = 0, window = 0;
  int index_heads = 0, index_head_dim = 0, index_topk = 0;
  int sparse_layers = 0, sparse_ratio = 1, dense_layers = 0, dense_ratio = 1;

  static constexpr std::string_view kind = "compressed";
  static constexpr auto fields() {
    return std::tuple{
        required("heads", &Compressed::heads, "query heads", between(1, most_width)),
        required("head_dim", &Compressed::head_dim, "elements of one head, and of a key",
                 between(1, most_width)),
        required("rope_head_dim", &Compressed::rope_head_dim, "those with rotary position",
                 between(0, most_width)),
        required("q_lora_rank", &Compressed::q_lora_rank, "rank of the query's compression",
                 between(1, most_width)),
        required("o_groups", &Compressed::o_groups, "groups of heads in the output projection",
                 between(1, most_width)),
        required("o_lora_rank", &Compressed::o_lora_rank, "rank of the result of one group",
                 between(1, most_width)),
        required("window", &Compressed::window, "last tokens that every layer sees", between(1, 0x1p27)),
        optional("index_heads", &Compressed::index_heads, "heads of the sparse layers' indexer",
                 between(0, most_width)),
        optional("index_head_dim", &Compressed::index_head_dim, "elements of one of them",
                 between(0, most_width)),
        optional("index_topk", &Compressed::index_topk, "blocks that a sparse layer sees; 0: all",
                 between(0, 0x1p27)),
        optional("sparse_layers", &Compressed::sparse_layers, "layers with an indexer",
                 between(0, most_layers)),
        optional("sparse_ratio", &Compressed::sparse_ratio, "tokens of one of their blocks",
                 between(1, 0x1p27)),
        optional("dense_layers", &Compressed::dense_layers, "layers that see all blocks",
                 between(0, most_layers)),
        optional("dense_ratio", &Compressed::dense_ratio, "tokens of one of their blocks",
                 between(1, 0x1p27))};
  }
};

struct Moe {
  int routed_experts = 0, top_k = 0, shared_experts = 0, expert_intermediate = 0, first_dense_layers = 0;
  int groups = 1, groups_per_token = 1;

  static constexpr std::string_view kind = "moe";
  static constexpr auto fields() {
    return std::tuple{
        required("routed_experts", &Moe::routed_experts, "in each MoE layer", between(1, most_experts)),
        required("top_k", &Moe::top_k, "routed experts for each token", between(1, most_top_k)),
        optional("shared_experts", &Moe::shared_experts, "that every token visits", between(0, 256)),
        required("expert_intermediate", &Moe::expert_intermediate, "width of one expert", between(1, 0x1p20)),
        optional("first_dense_layers", &Moe::first_dense_layers, "layers before the first MoE layer",
                 between(0, most_layers)),
        optional("groups", &Moe::groups, "into which the experts are divided for routing",
                 between(1, most_groups)),
        optional("groups_per_token", &Moe::groups_per_token, "that one token may visit",
                 between(1, most_groups))};
  }
};

struct Llm {
  std::string name;
  int layers = 0, hidden = 0, vocab = 0, ffn_intermediate = 0, mtp_layers = 0;
  bool gated_ffn = true, tied_embeddings = false;
  std::variant<Gqa, Mla, Compressed> attention;
  std::optional<Moe> moe;
  Sourced<double> parameters, active_parameters;
  std::string source;
  std::map<std::string, Sourced<std::string>> facts;

  static constexpr std::string_view kind = "llm";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Llm::name, "as its makers write it"),
        required("source", &Llm::source, "of the shape"),
        required("layers", &Llm::layers, "transformer layers, without multi-token prediction",
                 between(1, most_layers)),
        required("hidden", &Llm::hidden, "elements of one token's state", between(1, 0x1p20)),
        required("vocab", &Llm::vocab, "tokens of the vocabulary", between(1, 0x1p24)),
        optional("ffn_intermediate", &Llm::ffn_intermediate, "width of the dense layers' FFN",
                 between(0, 0x1p20)),
        optional("gated_ffn", &Llm::gated_ffn, "three matrices (SwiGLU) instead of two (GELU)"),
        optional("tied_embeddings", &Llm::tied_embeddings,
                 "output head shares the input embedding's weights"),
        required("attention", &Llm::attention, "gqa, mla or compressed"),
        optional("moe", &Llm::moe, "mixture of experts; a dense model has none"),
        optional("mtp_layers", &Llm::mtp_layers, "multi-token prediction modules, trained with it",
                 between(0, most_layers)),
        optional("parameters", &Llm::parameters, "as published, for comparison", positive),
        optional("active_parameters", &Llm::active_parameters, "for each token, as published", positive),
        optional("facts", &Llm::facts, "what else is known, in words")};
  }
};

}  // namespace superpod::models
