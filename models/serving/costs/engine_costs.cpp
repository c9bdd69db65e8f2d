#include "models/serving/costs/engine_costs.hpp"

#include <algorithm>
#include <cmath>

#include "models/kernels/family.hpp"
#include "models/serving/costs/launches.hpp"
#include "models/transformer/dispatch.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

constexpr double knots_of_an_octave = 4;

/// Where the lines of decoding bend: cached tokens of each request.
double length_at(int knot) { return std::exp2(knot / knots_of_an_octave); }

/// The entry of a table that grows.
template <class T>
std::optional<T>& entry(std::vector<std::optional<T>>& table, std::int64_t i) {
  if (table.size() <= index(i)) table.resize(index(i) + 1 + index(i) / 2);
  return table[index(i)];
}

}  // namespace

EngineCosts::EngineCosts(const Setting& setting)
    : setting_{setting},
      dense_layers_{setting.llm.moe ? setting.llm.moe->first_dense_layers : setting.llm.layers},
      moe_layers_{setting.llm.layers - dense_layers_},
      exchanges_{setting_.placement, setting_.wiring} {}

Slice EngineCosts::slice_of(std::vector<Sequences> batch) const {
  return {.shard = setting_.placement.shard,
          .batch = std::move(batch),
          .precision = setting_.precision.of_kernels(),
          .cache = setting_.precision.of_cache(),
          .expert_load = setting_.placement.hottest_expert_load()};
}

Slice EngineCosts::attention_slice_of(std::vector<Sequences> batch) const {
  Slice slice = slice_of(std::move(batch));
  slice.precision.gemm = setting_.precision.of_projections();
  return slice;
}

Seconds EngineCosts::block_time(Block block, const Slice& slice) const {
  return launched_time(block, kernels(setting_.llm, slice, block, Phase::forward), setting_.chip);
}

/// Of all layers, without attention itself.
Seconds EngineCosts::attention_of_tokens(double tokens) {
  const auto direct = [&] {
    std::vector<Kernel> all =
        kernels(setting_.llm, attention_slice_of({{tokens, 1, 1}}), Block::attention, Phase::forward);
    std::erase_if(all, [](const Kernel& kernel) { return kernel.kind == Kernel::Kind::attention; });
    return setting_.llm.layers * launched_time(Block::attention, std::move(all), setting_.chip);
  };
  if (tokens != std::floor(tokens)) return direct();
  auto& known = entry(attention_of_tokens_, static_cast<std::int64_t>(tokens));
  if (!known) known = direct();
  return *known;
}

/// What these take beyond that of their tokens, in all layers.
Seconds EngineCosts::attention_of_sequences(const Sequences& alike) {
  const Seconds all = setting_.llm.layers * block_time(Block::attention, attention_slice_of({alike}));
  return std::max(Seconds{}, all - attention_of_tokens(alike.count * alike.new_tokens));
}

IterationParts EngineCosts::on_each_rank(double tokens) {
  const Llm& llm = setting_.llm;
  const Slice slice = slice_of({{tokens, 1, 1}});
  IterationParts parts;
  parts.products = block_time(Block::embedding, slice) + attention_of_tokens(tokens);
  if (dense_layers_ > 0) parts.products += dense_layers_ * block_time(Block::dense_ffn, slice);
  if (moe_layers_ > 0) parts.products += moe_layers_ * block_time(Block::router, slice);
  if (moe_layers_ > 0 && llm.moe->shared_experts > 0)
    parts.products += moe_layers_ * block_time(Block::shared_experts, slice);
  const Seconds sum = exchanges_.all_reduce(tokens * llm.hidden * element_size(setting_.precision.state));
  const bool sent = moe_layers_ > 0 && setting_.attention_data > 1;
  parts.exchange = (1 + 2 * llm.layers - (sent ? moe_layers_ : 0)) * sum;  // embedding, attention, FFN
  if (!sent) return parts;
  const Precisions precision = setting_.precision.of_kernels();
  const double own = tokens / setting_.placement.shard.tensor;
  using Way = GroupExchanges::Way;
  parts.exchange +=
      moe_layers_ * (exchanges_.with_experts(*llm.moe, own, dispatch_size(llm, precision), Way::dispatch) +
                     exchanges_.with_experts(*llm.moe, own, combine_size(llm, precision), Way::combine));
  return parts;
}

/// Of a rank's share of what all ranks' tokens ask of the experts.
Seconds EngineCosts::in_experts(double tokens_of_all) {
  if (moe_layers_ == 0) return {};
  return moe_layers_ *
         block_time(Block::routed_experts, slice_of({{tokens_of_all / setting_.attention_data, 1, 1}}));
}

const IterationParts& EngineCosts::of_tokens(int most, int all) {
  auto& own = entry(on_each_rank_, most);
  if (!own) own = on_each_rank(most);
  auto& shared = entry(in_experts_, all);
  if (!shared) shared = in_experts(all);
  last_ = *own;
  last_.experts = *shared;
  return last_;
}

Seconds EngineCosts::of_outputs(int outputs) {
  auto& known = entry(of_outputs_, outputs);
  if (!known) known = block_time(Block::head, slice_of({{static_cast<double>(outputs), 1, 1}}));
  return *known;
}

AttentionLine EngineCosts::of_decoding(int requests, double seen) {
  if (decoding_.size() <= index(requests)) decoding_.resize(index(requests) + 1);
  auto& knots = decoding_[index(requests)];
  const double length = std::max(1.0, seen / requests);
  const int below = static_cast<int>(std::floor(std::log2(length) * knots_of_an_octave + 1e-12));
  const auto at = [&](int knot) {
    auto& known = entry(knots, knot);
    if (!known) known = attention_of_sequences({static_cast<double>(requests), 1, length_at(knot)});
    return *known;
  };
  const Seconds low = at(below), high = std::max(low, at(below + 1));
  const double from = requests * length_at(below), to = requests * length_at(below + 1);
  const Seconds per_token = (high - low) / (to - from);
  return {low + (std::max(seen, from) - from) * per_token, per_token, to};
}

Seconds EngineCosts::of_prefill(int tokens, int seen) {
  const auto of_new = [&](double fresh) {
    return attention_of_sequences({1, fresh, static_cast<double>(seen)});
  };
  const double fresh = tokens;  // beyond few, MLA makes the heads of all keys: that is no faster
  return fresh > most_decode_queries ? std::max(of_new(fresh), of_new(most_decode_queries)) : of_new(fresh);
}

Seconds EngineCosts::on_host(int requests, int tokens) {
  const HostWork& host = setting_.host;
  return host.iteration.value + requests * host.request.value + tokens * host.token.value;
}

}  // namespace superpod::models
