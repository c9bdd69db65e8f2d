/// What a model is made of, in the order in which a token passes through it.
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "models/transformer/llm.hpp"

namespace superpod::models {

/// A part of the model between two points at which ranks may exchange data. Norms belong to the block that
/// they precede.
enum class Block {
  embedding,
  attention,
  dense_ffn,
  router,          ///< FFN norm, gating, choice of experts; then the tokens are dispatched
  shared_experts,  ///< while they travel
  routed_experts,  ///< on the ranks of the experts, permutation included; then the results are combined
  mtp_projection,  ///< entry of a multi-token prediction module: state and next token's embedding joined
  head,            ///< final norm, output head, cross-entropy loss
};

constexpr auto words(Block) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"embedding"}, Block::embedding},
                    pair{string_view{"attention"}, Block::attention},
                    pair{string_view{"dense_ffn"}, Block::dense_ffn},
                    pair{string_view{"router"}, Block::router},
                    pair{string_view{"shared_experts"}, Block::shared_experts},
                    pair{string_view{"routed_experts"}, Block::routed_experts},
                    pair{string_view{"mtp_projection"}, Block::mtp_projection},
                    pair{string_view{"head"}, Block::head}};
}

/// Layers count from 0; the first `first_dense_layers` of a mixture of experts are dense.
bool is_moe_layer(const Llm& llm, int layer);

/// {attention, dense_ffn}, or {attention, router, shared_experts (where there are any), routed_experts}.
std::vector<Block> blocks_of_layer(const Llm& llm, int layer);

/// One multi-token prediction module: mtp_projection, a layer like the model's last, and the output head,
/// which it shares with the model (DeepSeek-V3, arXiv 2412.19437, section 2.2).
std::vector<Block> blocks_of_mtp_module(const Llm& llm);

/// The whole model without multi-token prediction: embedding, all layers, head.
std::vector<Block> blocks_of_model(const Llm& llm);

}  // namespace superpod::models
