#include "models/search/layer_sums.hpp"

#include <algorithm>

#include "models/training/memory.hpp"
#include "models/transformer/context_exchange.hpp"
#include "models/transformer/dispatch.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// Of one microbatch.
struct Exchanges {
  ExchangeTimes times{};  ///< at least
  ExchangeTimes links{};  ///< what those with experts cost the fullest links, without latency
  Seconds transfer;       ///< to a neighbouring stage
};

Exchanges exchanges_of(const LayerCase& work) {
  const auto& [llm, slice, geometry, kinds] = work;
  const double tokens = slice.own_tokens();
  const Bytes state = llm.hidden * element_size(slice.precision.state);
  const Bytes keys = slice.shard.context > 1 ? keys_and_values(llm, slice) : Bytes{};
  Exchanges exchanges;
  const auto time_of = [&](Op::Kind kind) -> Seconds& {
    return exchanges.times[static_cast<std::size_t>(kind)];
  };
  time_of(Op::Kind::gather) = time_of(Op::Kind::scatter) = geometry.tensor.time(slice.tokens() * state);
  time_of(Op::Kind::gather_keys) = time_of(Op::Kind::scatter_keys) = geometry.context.time(keys);
  exchanges.transfer = geometry.neighbour.time(tokens * state);
  if (!llm.moe) return exchanges;
  for (const auto& [kind, token] : {std::pair{Op::Kind::dispatch, dispatch_size(llm, slice.precision)},
                                    std::pair{Op::Kind::combine, combine_size(llm, slice.precision)}}) {
    time_of(kind) = geometry.to_experts(tokens * token);
    exchanges.links[static_cast<std::size_t>(kind)] = geometry.to_experts_on_links(tokens * token);
  }
  return exchanges;
}

/// A layer of one kind, with its exchanges.
struct Chains {
  Seconds forward, backward, through_weights, beside, links;
};

std::vector<Chains> chains_of(const std::vector<LayerProfile>& kinds, const Exchanges& exchanges) {
  const auto& [times, links, transfer] = exchanges;
  std::vector<Chains> chains;
  for (const LayerProfile& kind : kinds)
    chains.push_back({kind.forward.chain(times), kind.backward.chain(times),
                      kind.backward.chain_of_weights(times), kind.backward_beside.chain(times),
                      kind.forward.exchanges(links) + kind.backward_beside.exchanges(links)});
  return chains;
}

/// Adds up what kinds of layers cost, in the order of the layers.
class Summing {
 public:
  Summing(const LayerKinds& kinds, const SliceProfile& profile, const std::vector<Chains>& chains)
      : kinds_{kinds}, profile_{profile}, chains_{chains} {}

  /// [layer + 1] sums of what `of_kind` gives for each layer before.
  template <class OfKind>
  [[nodiscard]] auto of(OfKind&& of_kind) const {
    std::vector<decltype(of_kind(profile_.kinds.front(), chains_.front()))> sums(kinds_.kind.size() + 1);
    for (std::size_t l = 0; l < kinds_.kind.size(); ++l) {
      const std::size_t kind = index(kinds_.kind[l]);
      sums[l + 1] = sums[l] + of_kind(profile_.kinds[kind], chains_[kind]);
    }
    return sums;
  }

 private:
  const LayerKinds& kinds_;
  const SliceProfile& profile_;
  const std::vector<Chains>& chains_;
};

/// The longer of two ways through the backward passes: through the layers' own ends, and through gradients of
/// weights, by which the latter may be ahead of the former.
std::vector<Seconds> backward_chain(const Summing& sum, const std::vector<Chains>& chains) {
  Seconds slack;
  for (const Chains& chain : chains) slack = std::max(slack, chain.through_weights - chain.backward);
  auto plain = sum.of([](const LayerProfile&, const Chains& chain) { return chain.backward; });
  auto through_weights = sum.of([&](const LayerProfile&, const Chains& chain) {
    return chain.through_weights > Seconds{} ? chain.through_weights
                                             : std::max(Seconds{}, chain.backward - slack);
  });
  return plain.back() > through_weights.back() ? plain : through_weights;
}

}  // namespace

LayerSums layer_sums(const LayerCase& work, SliceProfile& profile) {
  using Of = const LayerProfile&;
  using With = const Chains&;
  const Exchanges exchanges = exchanges_of(work);
  const std::vector<Chains> chains = chains_of(profile.kinds, exchanges);
  const Summing sum{work.kinds, profile, chains};
  LayerSums sums;
  sums.profile = &profile;
  sums.forward =
      sum.of([](Of kind, With chain) { return std::max(chain.forward, kind.forward.computation()); });
  sums.backward = sum.of([](Of kind, With) { return kind.backward.computation(); });
  sums.backward_chain = backward_chain(sum, chains);
  sums.kernels =
      sum.of([](Of kind, With) { return kind.forward.computation() + kind.backward_beside.computation(); });
  sums.forward_chain = sum.of([](Of, With chain) { return chain.forward; });
  sums.beside_chain = sum.of([](Of, With chain) { return chain.beside; });
  sums.links = sum.of([](Of, With chain) { return chain.links; });
  sums.forward_kernels = sum.of([](Of kind, With) { return kind.forward.computation(); });
  sums.weights = sum.of([](Of kind, With) { return kind.backward_weights; });
  sums.trailing = *std::ranges::max_element(exchanges.times);
  sums.lasting = sum.of([](Of kind, With) { return kind.memory.weights + kind.memory.gradients; });
  sums.activations = sum.of([](Of kind, With) { return kind.memory.activations; });
  for (const int kind : work.kinds.kind) sums.again.push_back(profile.kinds[index(kind)].memory.again);
  sums.buffers = buffers_of_pass(work.llm, work.geometry.placement, work.slice);
  sums.transfer = exchanges.transfer;
  return sums;
}

}  // namespace superpod::models
