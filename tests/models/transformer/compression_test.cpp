/// The mean layer of compressed attention stands for layers of three kinds. Whatever is computed of it, times
/// the number of layers, is the sum over the layers of models that have one kind only.
#include "models/transformer/compression.hpp"

#include <gtest/gtest.h>

#include "models/transformer/activations.hpp"
#include "models/transformer/flops.hpp"
#include "models/transformer/kv_cache.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "models/transformer/parameters.hpp"
#include "tests/models/llm_shapes.hpp"

namespace superpod::models {
namespace {

constexpr double exact = 1e-12;  // relative: sums of the same products in another order

Llm with_layers(Llm llm, int sparse, int dense) {
  auto& compressed = std::get<Compressed>(llm.attention);
  compressed.sparse_layers = sparse;
  compressed.dense_layers = dense;
  return llm;
}

/// `of_layer(llm)` of the model's mean layer, and of its layers taken one by one.
template <class OfLayer>
void expect_mean_of_kinds(OfLayer of_layer) {
  for (const Llm& llm : {deepseek_v4_pro(), deepseek_v4_flash()}) {
    const auto& compressed = std::get<Compressed>(llm.attention);
    const int sparse = compressed.sparse_layers, dense = compressed.dense_layers;
    const double sum = sparse * of_layer(with_layers(llm, llm.layers, 0)) +
                       dense * of_layer(with_layers(llm, 0, llm.layers)) +
                       (llm.layers - sparse - dense) * of_layer(with_layers(llm, 0, 0));
    EXPECT_NEAR(llm.layers * of_layer(llm), sum, sum * exact) << llm.name;
  }
}

const Slice cut{.shard = {.tensor = 4, .context = 2},
                .batch = {{2, 65536}},
                .precision = {}};

TEST(MeanLayer, HasTheMeanParameters) {
  expect_mean_of_kinds(
      [](const Llm& llm) { return parameters_on_rank(llm, Block::attention, cut.shard).dense; });
}

TEST(MeanLayer, TakesTheMeanFlopsAndTraffic) {
  for (const Phase phase : {Phase::forward, Phase::backward_input, Phase::backward_weight}) {
    const auto list = [&](const Llm& llm) { return kernels(llm, cut, Block::attention, phase); };
    expect_mean_of_kinds([&](const Llm& llm) {
      Flops sum;
      for (const Kernel& kernel : list(llm)) sum += kernel.flops;
      return sum.in(unit::FLOP);
    });
    expect_mean_of_kinds([&](const Llm& llm) {
      Bytes sum;
      for (const Kernel& kernel : list(llm)) sum += kernel.bytes;
      return sum.in(unit::B);
    });
  }
}

TEST(MeanLayer, KeepsTheMeanActivations) {
  for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full})
    expect_mean_of_kinds(
        [&](const Llm& llm) { return saved_activations(llm, cut, Block::attention, recompute).in(unit::B); });
}

TEST(MeanLayer, CachesTheMeanOfKeysAndValues) {
  expect_mean_of_kinds([](const Llm& llm) { return kv_cache_size(llm, 1e6).in(unit::B); });
}

TEST(CompressedAttention, OfTheWindowAloneCostsTheSameForEveryLongSequence) {
  const Llm window = with_layers(deepseek_v4_flash(), 0, 0);
  const auto of_token = [&](int length) {
    return forward_flops_per_token(window, Block::attention, length, Counting::full).in(unit::FLOP);
  };
  EXPECT_NEAR(of_token(1 << 20), of_token(1 << 10), of_token(1 << 10) * exact);
}

}  // namespace
}  // namespace superpod::models
