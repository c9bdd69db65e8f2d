#include "models/transformer/slice.hpp"

#include <algorithm>
#include <variant>

namespace superpod::models {

std::vector<Precision> matrix_precisions(const Precisions& plan) {
  std::vector<Precision> used;
  for (const Precision precision : {plan.gemm, plan.attention, plan.head, plan.router})
    if (std::ranges::find(used, precision) == used.end()) used.push_back(precision);
  return used;
}

Sequences whole_sequences(double count, int length) { return {count, static_cast<double>(length), 0}; }

double Slice::tokens() const {
  double sum = 0;
  for (const Sequences& alike : batch) sum += alike.count * alike.new_tokens;
  return sum / shard.context;
}

double Slice::attended_tokens() const {
  double sum = 0;
  for (const Sequences& alike : batch) sum += alike.count * alike.tokens();
  return sum;
}

double Slice::longest() const {
  double most = 0;
  for (const Sequences& alike : batch) most = std::max(most, alike.tokens());
  return most;
}

namespace {

/// Collects a sentence for each cut that leaves unequal shares.
class Cuts {
 public:
  void check(int whole, const char* what, int shares) {
    if (shares >= 1 && whole % shares != 0)
      sentences_.push_back(std::to_string(whole) + " " + what + " cannot be cut into " +
                           std::to_string(shares) + " equal shares");
  }
  void say(std::string sentence) { sentences_.push_back(std::move(sentence)); }
  std::vector<std::string> take() { return std::move(sentences_); }

 private:
  std::vector<std::string> sentences_;
};

void check_attention(Cuts& cuts, const Llm&, const Gqa& gqa, int tensor) {
  cuts.check(gqa.heads, "heads", tensor);
  if (gqa.kv_heads >= tensor)  // fewer are copied
    cuts.check(gqa.kv_heads, "key and value heads", tensor);
  else if (tensor % gqa.kv_heads != 0)
    cuts.say(std::to_string(gqa.kv_heads) + " key and value heads cannot be copied evenly to " +
             std::to_string(tensor) + " ranks");
}

void check_attention(Cuts& cuts, const Llm&, const Mla& mla, int tensor) {
  cuts.check(mla.heads, "heads", tensor);
}

void check_attention(Cuts& cuts, const Llm& llm, const Compressed& compressed, int tensor) {
  const int named = compressed.sparse_layers + compressed.dense_layers;
  if (named > llm.layers)
    cuts.say(std::to_string(named) + " sparse and dense layers are more than all " +
             std::to_string(llm.layers));
  cuts.check(compressed.heads, "heads", compressed.o_groups);
  cuts.check(compressed.o_groups, "groups of heads", tensor);
}

void check_experts(Cuts& cuts, const Moe& moe, const Shard& shard) {
  cuts.check(moe.routed_experts, "routed experts", shard.expert);
  cuts.check(moe.expert_intermediate, "columns of an expert", shard.expert_tensor);
  if (moe.shared_experts > 0)
    cuts.check(moe.shared_experts * moe.expert_intermediate, "columns of the shared experts", shard.tensor);
}

}  // namespace

std::vector<std::string> misfits(const Llm& llm, const Shard& shard) {
  if (shard.tensor < 1 || shard.context < 1 || shard.expert < 1 || shard.expert_tensor < 1)
    return {"each direction of the cut needs at least one rank"};
  Cuts cuts;
  std::visit([&](const auto& kind) { check_attention(cuts, llm, kind, shard.tensor); }, llm.attention);
  if (!llm.moe || llm.moe->first_dense_layers > 0)
    cuts.check(llm.ffn_intermediate, "columns of the FFN", shard.tensor);
  if (llm.moe)
    check_experts(cuts, *llm.moe, shard);
  else if (shard.expert > 1 || shard.expert_tensor > 1)
    cuts.say("a dense model has no experts to cut");
  return cuts.take();
}

}  // namespace superpod::models
