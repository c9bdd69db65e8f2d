#include "models/mapping/model_flaws.hpp"

#include <optional>
#include <string>
#include <variant>

namespace superpod::models {
namespace {

using topology::Flaw;

std::string number(int count) { return std::to_string(count); }

void check(const Gqa& gqa, const Llm&, std::vector<Flaw>& found) {
  if (gqa.heads % gqa.kv_heads != 0)
    found.push_back(
        {"model.attention.kv_heads",
         number(gqa.heads) + " heads cannot share " + number(gqa.kv_heads) + " key and value heads evenly",
         "a divisor of the heads"});
}

/// An indexer is there, with all of its figures, or not at all; without `selected` it may choose all.
void check_indexer(int heads, int head_dim, std::optional<int> selected, std::vector<Flaw>& found) {
  const bool some = heads > 0 || head_dim > 0 || selected.value_or(0) > 0;
  const bool all = heads > 0 && head_dim > 0 && selected.value_or(1) > 0;
  if (some && !all)
    found.push_back({"model.attention",
                     "an indexer has heads, elements of a head, and a number of what it selects",
                     "index_heads, index_head_dim and index_topk above 0, or none of them"});
}

void check(const Mla& mla, const Llm&, std::vector<Flaw>& found) {
  check_indexer(mla.index_heads, mla.index_head_dim, mla.index_topk, found);
}

void check(const Compressed& attention, const Llm& llm, std::vector<Flaw>& found) {
  if (const int named = attention.sparse_layers + attention.dense_layers; named > llm.layers)
    found.push_back({"model.attention",
                     number(named) + " sparse and dense layers are more than all " + number(llm.layers),
                     "the layers left over see the window only"});
  if (attention.rope_head_dim > attention.head_dim)
    found.push_back({"model.attention.rope_head_dim",
                     number(attention.rope_head_dim) + " elements with rotary position are more than all " +
                         number(attention.head_dim) + " of a head",
                     "at most head_dim"});
  check_indexer(attention.index_heads, attention.index_head_dim, std::nullopt, found);
}

void check(const Moe& moe, int layers, std::vector<Flaw>& found) {
  const int experts = moe.routed_experts;
  if (experts % moe.groups != 0)
    found.push_back({"model.moe.groups",
                     number(experts) + " experts do not form " + number(moe.groups) + " equal groups",
                     "a divisor of the routed experts"});
  else if (moe.groups_per_token > moe.groups)
    found.push_back(
        {"model.moe.groups_per_token",
         "a token cannot visit " + number(moe.groups_per_token) + " of " + number(moe.groups) + " groups",
         "at most as many as there are"});
  else if (const int within = moe.groups_per_token * (experts / moe.groups); moe.top_k > within)
    found.push_back({"model.moe.top_k",
                     "a token cannot choose " + number(moe.top_k) + " of the " + number(within) +
                         " experts that it may visit",
                     "each expert gets a token once at most"});
  if (moe.first_dense_layers > layers)
    found.push_back({"model.moe.first_dense_layers",
                     number(moe.first_dense_layers) + " dense layers are more than all " + number(layers),
                     "at most as many as there are layers"});
}

}  // namespace

std::vector<Flaw> flaws(const Llm& llm) {
  std::vector<Flaw> found;
  std::visit([&](const auto& kind) { check(kind, llm, found); }, llm.attention);
  if (llm.moe) check(*llm.moe, llm.layers, found);
  if ((!llm.moe || llm.moe->first_dense_layers > 0) && llm.ffn_intermediate == 0)
    found.push_back({"model.ffn_intermediate", "the FFN of the dense layers has no width", "above 0"});
  return found;
}

}  // namespace superpod::models
