#include "models/transformer/blocks.hpp"

namespace superpod::models {
namespace {

void append(std::vector<Block>& blocks, const std::vector<Block>& more) {
  blocks.insert(blocks.end(), more.begin(), more.end());
}

}  // namespace

bool is_moe_layer(const Llm& llm, int layer) { return llm.moe && layer >= llm.moe->first_dense_layers; }

std::vector<Block> blocks_of_layer(const Llm& llm, int layer) {
  if (!is_moe_layer(llm, layer)) return {Block::attention, Block::dense_ffn};
  if (llm.moe->shared_experts == 0) return {Block::attention, Block::router, Block::routed_experts};
  return {Block::attention, Block::router, Block::shared_experts, Block::routed_experts};
}

std::vector<Block> blocks_of_mtp_module(const Llm& llm) {
  std::vector<Block> blocks{Block::mtp_projection};
  append(blocks, blocks_of_layer(llm, llm.layers - 1));
  blocks.push_back(Block::head);
  return blocks;
}

std::vector<Block> blocks_of_model(const Llm& llm) {
  std::vector<Block> blocks{Block::embedding};
  for (int layer = 0; layer < llm.layers; ++layer) append(blocks, blocks_of_layer(llm, layer));
  blocks.push_back(Block::head);
  return blocks;
}

}  // namespace superpod::models
