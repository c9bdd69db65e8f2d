/// What the iterations of an engine cost that serves a model on the ranks of a system.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/serving/costs/group_exchanges.hpp"
#include "models/serving/costs/serving_shape.hpp"
#include "models/serving/engine/engine_rules.hpp"
#include "models/serving/engine/iteration_costs.hpp"
#include "models/transformer/blocks.hpp"
#include "models/transformer/slice.hpp"

namespace superpod::models {

/// Kernels by the timing models of the chip, exchanges by simulation, and tables of both that are filled
/// where they are first asked for.
///
/// Products, experts and exchanges see the sum of all tokens, attention sees each request. Of an attention
/// block's kernels, those of n requests with one new and one seen token, without attention itself, count as
/// of tokens; what a batch takes beyond that is of its sequences. So what MLA makes of latents is of tokens
/// for those that decode, and the heads of all keys are of the prompt that they belong to.
///
///     of_tokens      layers * (attention block + FFN or router and experts + all-reduces or exchanges)
///     of_decoding    a straight line between lengths that are 2^(1/4) apart, within 0.3 % of direct timing
///     of_prefill     direct for each chunk
///
/// Tensor ranks add up their results after attention and after the FFN (all-reduce); with attention data
/// parallelism tokens are sent to their experts and back. Norms and residuals run on a rank's share of the
/// tokens, as with sequence parallelism: fused with the all-reduce they cost little either way.
/// Leaves out: overlap of computation and exchange, multi-token prediction, chance in small batches of
/// experts (the mean of balanced, the hottest of an uneven load).
class EngineCosts final : public IterationCosts {
 public:
  struct Setting {
    const Llm& llm;
    const Chip& chip;
    const Placement& placement;
    const topology::Wiring& wiring;
    ServingPrecisions precision;
    int attention_data = 1;
    HostWork host;
  };
  /// What it refers to must outlive it. Throws like `time_of` (hardware/kernel_time.hpp).
  explicit EngineCosts(const Setting& setting);

  const IterationParts& of_tokens(int most, int all) override;
  Seconds of_outputs(int outputs) override;
  AttentionLine of_decoding(int requests, double seen) override;
  Seconds of_prefill(int tokens, int seen) override;
  Seconds on_host(int requests, int tokens) override;

 private:
  [[nodiscard]] Slice slice_of(std::vector<Sequences> batch) const;
  [[nodiscard]] Slice attention_slice_of(std::vector<Sequences> batch) const;
  [[nodiscard]] Seconds block_time(Block block, const Slice& slice) const;
  [[nodiscard]] Seconds attention_of_tokens(double tokens);
  [[nodiscard]] Seconds attention_of_sequences(const Sequences& alike);
  [[nodiscard]] IterationParts on_each_rank(double tokens);
  [[nodiscard]] Seconds in_experts(double tokens_of_all);

  Setting setting_;
  int dense_layers_, moe_layers_;
  GroupExchanges exchanges_;
  std::vector<std::optional<Seconds>> attention_of_tokens_;      // [tokens] of all layers
  std::vector<std::optional<IterationParts>> on_each_rank_;      // [tokens of one rank]
  std::vector<std::optional<Seconds>> in_experts_, of_outputs_;  // [tokens of all ranks]; [outputs]
  std::vector<std::vector<std::optional<Seconds>>> decoding_;    // [requests][knot of their length]
  IterationParts last_;
};

}  // namespace superpod::models
