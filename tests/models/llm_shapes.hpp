/// Shapes of published models, for tests. Sources: the configuration files published with the weights; for
/// the GPT models Narayanan et al., arXiv 2104.04473, and Korthikanti et al., arXiv 2205.05198.
#pragma once

#include <utility>
#include <vector>

#include "models/transformer/llm.hpp"

namespace superpod::models {

inline Llm dense(std::string name, int layers, int hidden, Gqa attention) {
  Llm llm;
  llm.name = std::move(name);
  llm.layers = layers;
  llm.hidden = hidden;
  llm.attention = attention;
  return llm;
}

inline Llm llama(std::string name, int layers, int hidden, int heads, int ffn) {
  Llm llm = dense(std::move(name), layers, hidden, {.heads = heads, .kv_heads = 8, .head_dim = 128});
  llm.vocab = 128256;
  llm.ffn_intermediate = ffn;
  return llm;
}
inline Llm llama3_8b() { return llama("Llama-3.1 8B", 32, 4096, 32, 14336); }
inline Llm llama3_70b() { return llama("Llama-3.1 70B", 80, 8192, 64, 28672); }
inline Llm llama3_405b() { return llama("Llama-3.1 405B", 126, 16384, 128, 53248); }

inline Llm gpt(std::string name, int layers, int hidden, int heads, int vocab) {
  Llm llm =
      dense(std::move(name), layers, hidden, {.heads = heads, .kv_heads = heads, .head_dim = hidden / heads});
  llm.vocab = vocab;
  llm.ffn_intermediate = 4 * hidden;
  llm.gated_ffn = false;
  llm.tied_embeddings = true;
  return llm;
}
inline Llm gpt3_175b() { return gpt("GPT-3 175B", 96, 12288, 96, 50257); }
inline Llm gpt_530b() { return gpt("GPT 530B", 105, 20480, 128, 51200); }
inline Llm gpt_1t() { return gpt("GPT 1T", 128, 25600, 160, 51200); }

inline Llm deepseek_v3() {
  Llm llm;
  llm.name = "DeepSeek-V3";
  llm.layers = 61;
  llm.hidden = 7168;
  llm.vocab = 129280;
  llm.ffn_intermediate = 18432;
  llm.mtp_layers = 1;
  llm.attention = Mla{.heads = 128,
                      .q_lora_rank = 1536,
                      .kv_lora_rank = 512,
                      .qk_nope_head_dim = 128,
                      .qk_rope_head_dim = 64,
                      .v_head_dim = 128};
  llm.moe = Moe{.routed_experts = 256,
                .top_k = 8,
                .shared_experts = 1,
                .expert_intermediate = 2048,
                .first_dense_layers = 3,
                .groups = 8,
                .groups_per_token = 4};
  return llm;
}

inline Llm deepseek_v32() {
  Llm llm = deepseek_v3();
  llm.name = "DeepSeek-V3.2";
  auto& mla = std::get<Mla>(llm.attention);
  mla.index_heads = 64;
  mla.index_head_dim = 128;
  mla.index_topk = 2048;
  return llm;
}

inline Llm kimi_k2() {
  Llm llm = deepseek_v3();
  llm.name = "Kimi K2";
  llm.vocab = 163840;
  llm.mtp_layers = 0;
  std::get<Mla>(llm.attention).heads = 64;
  llm.moe->routed_experts = 384;
  llm.moe->first_dense_layers = 1;
  llm.moe->groups = llm.moe->groups_per_token = 1;
  return llm;
}

/// Its vocabulary is not published; that of the dense Pangu Ultra (153,376) stands in: 0.2 % of the total.
inline Llm pangu_ultra_moe() {
  Llm llm = deepseek_v3();
  llm.name = "Pangu Ultra MoE";
  llm.hidden = 7680;
  llm.vocab = 153376;
  llm.moe->groups = llm.moe->groups_per_token = 1;
  return llm;
}

inline Llm qwen3_235b() {
  Llm llm = dense("Qwen3-235B-A22B", 94, 4096, {.heads = 64, .kv_heads = 4, .head_dim = 128});
  llm.vocab = 151936;
  llm.ffn_intermediate = 12288;
  llm.moe = Moe{.routed_experts = 128, .top_k = 8, .expert_intermediate = 1536};
  return llm;
}

inline Llm deepseek_v4(std::string name, int layers, int hidden, Compressed attention, Moe moe) {
  Llm llm;
  llm.name = std::move(name);
  llm.layers = layers;
  llm.hidden = hidden;
  llm.vocab = 129280;
  llm.mtp_layers = 1;
  llm.attention = attention;
  llm.moe = moe;
  return llm;
}
inline Llm deepseek_v4_pro() {
  return deepseek_v4("DeepSeek-V4-Pro", 61, 7168,
                     {.heads = 128,
                      .head_dim = 512,
                      .rope_head_dim = 64,
                      .q_lora_rank = 1536,
                      .o_groups = 16,
                      .o_lora_rank = 1024,
                      .window = 128,
                      .index_heads = 64,
                      .index_head_dim = 128,
                      .index_topk = 1024,
                      .sparse_layers = 30,
                      .sparse_ratio = 4,
                      .dense_layers = 31,
                      .dense_ratio = 128},
                     {.routed_experts = 384, .top_k = 6, .shared_experts = 1, .expert_intermediate = 3072});
}
inline Llm deepseek_v4_flash() {
  return deepseek_v4("DeepSeek-V4-Flash", 43, 4096,
                     {.heads = 64,
                      .head_dim = 512,
                      .rope_head_dim = 64,
                      .q_lora_rank = 1024,
                      .o_groups = 8,
                      .o_lora_rank = 1024,
                      .window = 128,
                      .index_heads = 64,
                      .index_head_dim = 128,
                      .index_topk = 512,
                      .sparse_layers = 21,
                      .sparse_ratio = 4,
                      .dense_layers = 20,
                      .dense_ratio = 128},
                     {.routed_experts = 256, .top_k = 6, .shared_experts = 1, .expert_intermediate = 2048});
}

inline std::vector<Llm> all_shapes() {
  return {llama3_8b(),  llama3_70b(),      llama3_405b(),      gpt3_175b(), gpt_530b(),
          gpt_1t(),     deepseek_v3(),     deepseek_v32(),     kimi_k2(),   pangu_ultra_moe(),
          qwen3_235b(), deepseek_v4_pro(), deepseek_v4_flash()};
}

}  // namespace superpod::models
