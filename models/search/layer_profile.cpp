#include "models/search/layer_profile.hpp"

#include <algorithm>
#include <limits>

namespace superpod::models {
namespace {

constexpr Seconds never{-std::numeric_limits<double>::infinity()};

Seconds time_of(const PassShape::Step& step, const ExchangeTimes& exchanges) {
  return step.kind == Op::Kind::compute ? step.time : exchanges[static_cast<std::size_t>(step.kind)];
}

bool goes_to_experts(Op::Kind kind) { return kind == Op::Kind::dispatch || kind == Op::Kind::combine; }

PassShape shape_of(const Ops& ops) {
  PassShape shape;
  for (const Op& op : ops) {
    const bool again =
        op.name.ends_with(" again");  // those of a recomputed forward pass wait for no gradients
    if (shape.first_in_turn < 0 && goes_to_experts(op.kind) && !again)
      shape.first_in_turn = static_cast<int>(shape.steps.size());
    shape.steps.push_back({op.kind, op.time, op.weights, op.after});
  }
  return shape;
}

}  // namespace

Seconds PassShape::computation() const {
  Seconds sum;
  for (const Step& step : steps) sum += step.time;
  return sum;
}

Seconds PassShape::chain(const ExchangeTimes& exchanges) const {
  std::array<Seconds, 64> end{};
  Seconds last;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    Seconds begin;
    for (const int before : steps[s].after) begin = std::max(begin, end[static_cast<std::size_t>(before)]);
    end[s] = begin + time_of(steps[s], exchanges);
    if (!steps[s].weights) last = std::max(last, end[s]);
  }
  return last;
}

Seconds PassShape::chain_of_weights(const ExchangeTimes& exchanges) const {
  if (first_in_turn < 0) return {};
  std::array<Seconds, 64> end{};
  Seconds last;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    Seconds begin = static_cast<int>(s) == first_in_turn ? Seconds{} : never;
    for (const int before : steps[s].after) begin = std::max(begin, end[static_cast<std::size_t>(before)]);
    end[s] = begin + time_of(steps[s], exchanges);
    if (steps[s].weights) last = std::max(last, end[s]);
  }
  return last;
}

Seconds PassShape::exchanges(const ExchangeTimes& exchanges) const {
  Seconds sum;
  for (const Step& step : steps) sum += exchanges[static_cast<std::size_t>(step.kind)];
  return sum;
}

LayerKinds kinds_of_layers(const Llm& llm) {
  LayerKinds kinds{layers_of(llm), {}, {}};
  for (std::size_t l = 0; l < kinds.layers.size(); ++l) {
    const Layer& layer = kinds.layers[l];
    const auto same = std::ranges::find_if(kinds.first, [&](int first) {
      const Layer& other = kinds.layers[static_cast<std::size_t>(first)];
      return other.blocks == layer.blocks && other.borrows_head == layer.borrows_head;
    });
    kinds.kind.push_back(static_cast<int>(same - kinds.first.begin()));
    if (same == kinds.first.end()) kinds.first.push_back(static_cast<int>(l));
  }
  return kinds;
}

std::vector<LayerProfile> profile(const OpWriter::Setting& setting, const OptimizerPlan& optimizer,
                                  const LayerKinds& kinds) {
  const OpWriter writer{setting};
  std::vector<LayerProfile> profiles;
  for (const int first : kinds.first) {
    const Layer& layer = kinds.layers[static_cast<std::size_t>(first)];
    LayerProfile& of_kind = profiles.emplace_back();
    of_kind.forward = shape_of(writer.forward({layer}));
    of_kind.backward = shape_of(writer.backward({layer}, WeightGradients::in_turn));
    of_kind.backward_beside = shape_of(writer.backward({layer}, WeightGradients::beside));
    for (const Op& op : writer.backward_weights({layer})) of_kind.backward_weights += op.time;
    of_kind.cost = computation(writer, layer);
    of_kind.parameters = parameters_on_rank(setting.llm, layer, setting.slice.shard);
    of_kind.memory = memory_of(setting.llm, optimizer, {setting.slice, setting.recompute}, layer);
  }
  return profiles;
}

}  // namespace superpod::models
