#include "models/training/operations.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/models/small_models.hpp"

namespace superpod::models {
namespace {

/// Two layers with experts on 8 ranks.
struct TwoLayers {
  Llm llm = small_moe();
  Chip chip = small_chip();
  Slice slice{.shard = {.tensor = 1, .context = 1, .expert = 8, .expert_tensor = 1},
              .batch = {{1, 512}},
              .precision = {}};
  Stage stage{{"layer 1", blocks_of_layer(llm, 1)}, {"layer 2", blocks_of_layer(llm, 2)}};
  OpWriter writer{{llm, chip, slice, Recompute::selective, 1}};
};

/// [operation] all that it waits for, directly or not.
std::vector<std::set<int>> waits(const Ops& ops) {
  std::vector<std::set<int>> all;
  for (const Op& op : ops) {
    std::set<int>& of_op = all.emplace_back();
    for (const int before : op.after) {
      of_op.insert(before);
      of_op.insert(all[static_cast<std::size_t>(before)].begin(),
                   all[static_cast<std::size_t>(before)].end());
    }
  }
  return all;
}

bool is_exchange(const Op& op) { return op.kind == Op::Kind::dispatch || op.kind == Op::Kind::combine; }

TEST(Operations, OfABackwardPassAloneRunInTurnWithTheExchanges) {
  const TwoLayers two;
  const Ops ops = two.writer.backward(two.stage, WeightGradients::in_turn);
  const auto all = waits(ops);
  int exchanges = 0;
  std::set<int> weights;
  for (std::size_t o = 0; o < ops.size(); ++o) {
    if (ops[o].weights) weights.insert(static_cast<int>(o));
    if (!is_exchange(ops[o])) continue;
    ++exchanges;
    for (const int earlier : weights) EXPECT_TRUE(all[o].contains(earlier)) << ops[o].name << " " << o;
  }
  EXPECT_EQ(exchanges, 4);
  EXPECT_EQ(weights.size(), 8U);
}

TEST(Operations, OfAnOverlappedBackwardPassNeverWaitForWeights) {
  const TwoLayers two;
  const Ops ops = two.writer.backward(two.stage, WeightGradients::beside);
  for (const auto& of_op : waits(ops))
    for (const int before : of_op) EXPECT_FALSE(ops[static_cast<std::size_t>(before)].weights);
}

TEST(Operations, OfTheTwoHalvesOfABackwardPassAreThoseOfTheWhole) {
  const auto time = [](const Ops& ops) {
    Seconds sum;
    for (const Op& op : ops) sum += op.time;
    return sum.in(unit::s);
  };
  const TwoLayers two;
  const double whole = time(two.writer.backward(two.stage, WeightGradients::in_turn));
  EXPECT_NEAR(time(two.writer.backward(two.stage, WeightGradients::put_off)) +
                  time(two.writer.backward_weights(two.stage)),
              whole, 1e-12 * whole);
  EXPECT_EQ(time(two.writer.backward(two.stage, WeightGradients::beside)), whole);
}

}  // namespace
}  // namespace superpod::models
