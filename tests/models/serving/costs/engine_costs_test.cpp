#include "models/serving/costs/engine_costs.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/serving/costs/cache_budget.hpp"
#include "models/serving/costs/launches.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "tests/models/small_models.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

/// An engine's costs with all that they refer to; it stays where it is.
struct Engine {
  Llm llm;
  ServingParallelism parallel;
  Chip chip = small_chip();
  topology::Wiring wiring{fabric_named("rail-optimised 2x4x8")};
  ServingPrecisions precision{};
  Placement placement = place(llm, parallel.on_system(), {}, wiring);
  EngineCosts costs{{llm, chip, placement, wiring, precision, parallel.attention_data, {}}};

  [[nodiscard]] Seconds of_kernels(const std::vector<Sequences>& batch, double outputs) const {
    const auto slice = [&](std::vector<Sequences> sequences) {
      return Slice{.shard = placement.shard,
                   .batch = std::move(sequences),
                   .precision = precision.of_kernels(),
                   .cache = precision.of_cache()};
    };
    Seconds sum =
        launched_time(Block::head, kernels(llm, slice({{outputs, 1, 1}}), Block::head, Phase::forward), chip);
    for (const Block block : blocks_of_model(llm))
      if (block != Block::head)
        sum += launched_time(block, kernels(llm, slice(batch), block, Phase::forward), chip);
    return sum;
  }
};

TEST(EngineCosts, OfOneRankAreTheSumOfItsKernels) {
  for (const Llm& llm : {small_dense(), small_moe()}) {
    Engine engine{.llm = llm, .parallel = {}};
    EngineCosts& costs = engine.costs;
    const Seconds decoding =
        costs.of_tokens(16, 16).total() + costs.of_outputs(16) + costs.of_decoding(16, 16 * 1024.0).time;
    EXPECT_NEAR(decoding / engine.of_kernels({{16, 1, 1024}}, 16), 1, 1e-9) << llm.name;
    const Seconds prompt =
        costs.of_tokens(700, 700).total() + costs.of_outputs(1) + costs.of_prefill(700, 300);
    EXPECT_NEAR(prompt / engine.of_kernels({{1, 700, 300}}, 1), 1, 1e-9) << llm.name;
  }
}

TEST(EngineCosts, OfDecodingLieOnLinesWithinThreePerMille) {
  for (const Llm& llm : {small_dense(), small_moe()}) {
    Engine engine{.llm = llm, .parallel = {}};
    for (const int requests : {1, 5, 64, 256})
      for (double length = 17; length < 100000; length *= 1.37) {
        const double seen = std::floor(length) * requests;
        const AttentionLine line = engine.costs.of_decoding(requests, seen);
        const Seconds rest =
            engine.costs.of_tokens(requests, requests).total() + engine.costs.of_outputs(requests);
        const auto count = static_cast<double>(requests);
        const Seconds direct = engine.of_kernels({{count, 1, std::floor(length)}}, count);
        EXPECT_NEAR((line.time + rest) / direct, 1, 0.003) << requests << " of " << length;
        EXPECT_GT(line.until, seen);
      }
  }
}

TEST(EngineCosts, NeverFallWhenABatchGrows) {
  const std::vector<std::pair<Llm, ServingParallelism>> shapes{
      {small_dense(), {}}, {small_moe(), {}}, {small_moe(), {2, 1, 1}}, {small_moe(), {1, 16, 16}}};
  for (const auto& [llm, parallel] : shapes) {
    Engine engine{.llm = llm, .parallel = parallel};
    EngineCosts& costs = engine.costs;
    Seconds tokens, decoding, prefill, outputs;
    for (int n = 1; n < 5000; n += 1 + n / 7) {
      EXPECT_GE(costs.of_tokens(n, n * engine.parallel.attention_data).total(), tokens * (1 - 1e-12)) << n;
      EXPECT_GE(costs.of_outputs(n), outputs);
      EXPECT_GE(costs.of_decoding(7, 7.0 * n).time, decoding);
      EXPECT_GE(costs.of_prefill(n, 100), prefill);
      tokens = costs.of_tokens(n, n * engine.parallel.attention_data).total();
      outputs = costs.of_outputs(n);
      decoding = costs.of_decoding(7, 7.0 * n).time;
      prefill = costs.of_prefill(n, 100);
    }
  }
}

TEST(EngineCosts, KnowWhatRanksExchange) {
  const auto exchange = [](const ServingParallelism& parallel) {
    Engine engine{.llm = small_moe(), .parallel = parallel};
    return engine.costs.of_tokens(64, 64 * parallel.attention_data).exchange;
  };
  EXPECT_EQ(exchange({1, 1, 1}), Seconds{});
  EXPECT_GT(exchange({2, 1, 1}), Seconds{});
  EXPECT_GT(exchange({1, 16, 16}), Seconds{});
  // An all-reduce of 64 tokens of 1,024 BF16 elements after the embedding, and twice in each of 9 layers
  Engine engine{.llm = small_moe(), .parallel = {8, 1, 1}};
  GroupExchanges exchanges{engine.placement, engine.wiring};
  EXPECT_NEAR(exchange({8, 1, 1}) / (19 * exchanges.all_reduce(64 * 2048 * unit::B)), 1, 1e-9);
}

TEST(CacheBudget, IsWhatWeightsAndActivationsLeave) {
  ServingEngine rules;
  rules.memory_fraction = 0.9;
  rules.reserved_memory = 2 * unit::GB;
  const Llm dense = small_dense();
  const Shard whole;
  const CacheBudget budget = cache_budget(rules, {dense, {}, whole}, 64 * unit::GB, 1000);
  EXPECT_NEAR((budget.weights + budget.activations + budget.reserved + budget.cache) / (57.6 * unit::GB), 1,
              1e-12);
  // 9 layers of 2 x 4 heads of 64 BF16 elements
  EXPECT_NEAR(budget.token.in(unit::B), 9 * 2 * 4 * 64 * 2, 1e-9);
  EXPECT_EQ(budget.blocks, static_cast<std::int64_t>(budget.cache / (16 * budget.token)));
  rules.memory_share = MemoryShare::what_is_free;
  const CacheBudget of_free = cache_budget(rules, {dense, {}, whole}, 64 * unit::GB, 1000);
  EXPECT_NEAR(of_free.cache / (0.9 * (64 * unit::GB - budget.weights - budget.activations - budget.reserved)),
              1, 1e-12);
  EXPECT_EQ(cache_budget(rules, {dense, {}, whole}, 1 * unit::GB, 1000).blocks, 0);
}

}  // namespace
}  // namespace superpod::models
