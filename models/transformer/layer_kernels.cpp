#include "models/transformer/layer_kernels.hpp"

#include <algorithm>
#include <cmath>

#include "models/transformer/attention_kernels.hpp"
#include "models/transformer/pass.hpp"

namespace superpod::models {
namespace {

/// `up` is the product of one of its up-projections: groups, rows, width, hidden.
void feed_forward(Pass& pass, bool gated, const MatrixShape& up, const Linear& like) {
  const auto& [groups, rows, width, hidden] = up;
  Linear in = like, out = like;
  in.name = gated ? "gate and up projection" : "up projection";
  in.shape = {groups, rows, (gated ? 2 : 1) * width, hidden};
  in.output_gradient = Operand::plain;
  out.name = "down projection";
  out.shape = {groups, rows, hidden, width};
  out.input = Operand::plain;
  pass.linear(in);
  pass.activation_function(gated, groups * rows * width);
  pass.linear(out);
}

void attention_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  pass.norm("attention norm", elements);
  add_attention(pass, llm, slice);
  pass.residual("attention residual", elements);
}

void dense_ffn_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  const double width = static_cast<double>(llm.ffn_intermediate) / slice.shard.tensor;
  pass.norm("FFN norm", elements);
  feed_forward(pass, llm.gated_ffn, {1, slice.tokens(), width, static_cast<double>(llm.hidden)},
               {.precision = slice.precision.gemm});
  pass.residual("FFN residual", elements);
}

void router_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double tokens = slice.own_tokens(), hidden = llm.hidden, experts = llm.moe->routed_experts;
  const Elementwise choice{Flops{4 * tokens * experts}, 2 * tokens * experts * element_size(Precision::fp32)};
  pass.norm("FFN norm", tokens * hidden);
  pass.linear({"gating", {1, tokens, experts, hidden}, slice.precision.router});
  pass.elementwise("choice of experts", choice, choice);
}

void shared_experts_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double width = static_cast<double>(llm.moe->shared_experts) * llm.moe->expert_intermediate;
  feed_forward(pass, llm.gated_ffn,
               {1, slice.tokens(), width / slice.shard.tensor, static_cast<double>(llm.hidden)},
               {.precision = slice.precision.gemm});
}

/// Experts of this rank that get a token: in training all, whose microbatches are large; a decoder's few
/// tokens leave some out, whose weights are not read. Each token goes to an expert with the probability
/// p = top_k / experts, independently: E (1 - (1 - p)^tokens) of E are busy.
double busy_experts(const Moe& moe, const Slice& slice) {
  const double local = static_cast<double>(moe.routed_experts) / slice.shard.expert;
  if (!slice.cache) return local;
  const double tokens = slice.own_tokens() * slice.shard.expert * slice.shard.expert_tensor;
  const double chance = std::min(1.0, slice.expert_load * moe.top_k / moe.routed_experts);
  return local * (1 - std::pow(1 - chance, tokens));
}

/// Backward mirrors forward: gradients are dispatched in the dispatch precision and combined in the combine
/// precision (DeepSeek-V3, arXiv 2412.19437, section 3.3.3).
void routed_experts_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const Moe& moe = *llm.moe;
  const auto& [shard, batch, plan, cache, load] = slice;
  const double elements = slice.own_tokens() * llm.hidden;
  const double rows = slice.own_tokens() * moe.top_k * shard.expert_tensor * load;
  const double busy = busy_experts(moe, slice);
  const double width = static_cast<double>(moe.expert_intermediate) / shard.expert_tensor;
  const Operand arrival = is_block_scaled(plan.dispatch) ? Operand::quantised : Operand::plain;
  const Elementwise in{Flops{}, 2 * rows * llm.hidden * stored_size(plan.dispatch)};
  const Elementwise out{Flops{rows * llm.hidden}, 2 * rows * llm.hidden * stored_size(plan.combine)};

  pass.quantise("quantise for dispatch", plan.dispatch, elements);
  pass.elementwise("permute", in, out);
  feed_forward(pass, llm.gated_ffn, {busy, rows / busy, width, static_cast<double>(llm.hidden)},
               {.precision = plan.gemm, .input = arrival, .output_gradient = arrival});
  pass.elementwise("unpermute", out, in);
  pass.residual("FFN residual", elements, moe.shared_experts > 0 ? 3 : 2);
}

void embedding_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double elements = slice.own_tokens() * llm.hidden;
  const Bytes state = element_size(slice.precision.state), gradient = element_size(slice.precision.gradient);
  pass.forward_only(vector_kernel("embedding", Flops{}, 2 * elements * state));
  pass.weight_gradient_only(vector_kernel("embedding", Flops{elements}, elements * (state + 2 * gradient)));
}

void mtp_projection_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double hidden = llm.hidden;
  pass.norm("MTP norms", slice.own_tokens() * 2 * hidden);
  pass.linear(
      {"MTP projection", {1, slice.tokens(), hidden / slice.shard.tensor, 2 * hidden}, slice.precision.gemm});
}

void head_block(Pass& pass, const Llm& llm, const Slice& slice) {
  const double hidden = llm.hidden, columns = static_cast<double>(llm.vocab) / slice.shard.tensor;
  const double logits = slice.tokens() * columns;
  constexpr double softmax_flops = 4;  // maximum, difference, exponential, sum
  const Elementwise loss{Flops{softmax_flops * logits},
                         logits * (element_size(slice.precision.head) + element_size(Precision::fp32))};
  pass.norm("final norm", slice.own_tokens() * hidden);
  pass.linear({"output head", {1, slice.tokens(), columns, hidden}, slice.precision.head});
  pass.elementwise("cross entropy", loss, loss);
}

void append_block(Pass& pass, const Llm& llm, const Slice& slice, Block block) {
  switch (block) {
    case Block::embedding:
      return embedding_block(pass, llm, slice);
    case Block::attention:
      return attention_block(pass, llm, slice);
    case Block::dense_ffn:
      return dense_ffn_block(pass, llm, slice);
    case Block::router:
      return router_block(pass, llm, slice);
    case Block::shared_experts:
      return shared_experts_block(pass, llm, slice);
    case Block::routed_experts:
      return routed_experts_block(pass, llm, slice);
    case Block::mtp_projection:
      return mtp_projection_block(pass, llm, slice);
    case Block::head:
      return head_block(pass, llm, slice);
  }
}

std::vector<Kernel> kernels_of(Pass pass, const Llm& llm, const Slice& slice, Block block) {
  append_block(pass, llm, slice, block);
  return pass.take();
}

constexpr Pass::Kind pass_of(Phase phase) {
  switch (phase) {
    case Phase::forward:
      return Pass::Kind::forward;
    case Phase::backward_input:
      return Pass::Kind::backward_input;
    case Phase::backward_weight:
      break;
  }
  return Pass::Kind::backward_weight;
}

}  // namespace

std::vector<Kernel> kernels(const Llm& llm, const Slice& slice, Block block, Phase phase) {
  return kernels_of(Pass{pass_of(phase), slice.precision}, llm, slice, block);
}

std::vector<Kernel> kernels_recomputed(const Llm& llm, const Slice& slice, Block block, Recompute recompute) {
  if (recompute == Recompute::none || block == Block::embedding || block == Block::head) return {};
  const auto kind = recompute == Recompute::full ? Pass::Kind::forward : Pass::Kind::selective_rerun;
  return kernels_of(Pass{kind, slice.precision}, llm, slice, block);
}

}  // namespace superpod::models
