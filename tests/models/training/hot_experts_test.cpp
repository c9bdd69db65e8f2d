// Hot experts: what a step makes of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "models/training/step.hpp"
#include "models/transformer/dispatch.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

using namespace unit;

ExpertLoad hot(int expert, double load) { return HotLoad{{{expert, load}}}; }

TrainingWorkload moe_step(const ExpertLoad& load, int expert = 16, Algorithm how = Algorithm::direct) {
  TrainingWorkload workload = workload_of(small_moe(), 2, expert, 2, Schedule::one_f_one_b);
  workload.layers_per_stage = std::vector{5, 4};
  workload.expert_load = load;
  workload.expert_all_to_all = how;
  return workload;
}

TrainingWork planned(const TrainingWorkload& workload,
                     const std::string& fabric = "board mesh in pod Clos 8x8",
                     Detail detail = Detail::folded) {
  return plan(workload, small_chip(), topology::Wiring{fabric_named(fabric)}, detail);
}

double step_of(const TrainingWork& planned) {
  return run(planned.plan.platform, planned.plan.work).makespan.in(s);
}

TEST(HotExperts, PartEachDigitInTheHotAndTheOthers) {
  const Mapping mapping = planned(moe_step(hot(17, 5))).mapping;
  for (const int d : mapping.expert_group()) {
    const auto& digit = mapping.grid[static_cast<std::size_t>(d)];
    ASSERT_FALSE(digit.cell.empty());
    EXPECT_EQ(std::ranges::max(digit.cell), 1) << digit.name;
  }
}

TEST(HotExperts, ThatAreNoHotterChangeNoBit) {
  const TrainingWork plain = planned(moe_step(BalancedLoad{}));
  for (const ExpertLoad& load :
       {hot(17, 1), ExpertLoad{ZipfLoad{0, 5}}, ExpertLoad{MeasuredLoad{std::vector<double>(64, 3), {}}}}) {
    const TrainingWork same = planned(moe_step(load));
    ASSERT_EQ(same.plan.work.tasks().size(), plain.plan.work.tasks().size());
    for (std::size_t t = 0; t < plain.plan.work.tasks().size(); ++t)
      ASSERT_EQ(same.plan.work.tasks()[t].amount, plain.plan.work.tasks()[t].amount);
    EXPECT_EQ(step_of(same), step_of(plain));
  }
}

TEST(HotExperts, NeverMakeAStepFaster) {
  for (const Algorithm how : {Algorithm::direct, Algorithm::hierarchical}) {
    double before = 0;
    for (const double load : {1.0, 1.5, 2.0, 4.0, 6.0, 8.0}) {
      const double step = step_of(planned(moe_step(hot(17, load), 16, how)));
      EXPECT_GE(step, before * (1 - 1e-9)) << load;
      before = step;
    }
  }
}

TEST(HotExperts, AreComputedByTheKernelsForTheirTokens) {
  const TrainingWorkload workload = moe_step(hot(17, 5));
  const TrainingWork plan = planned(workload);
  Slice slice = slice_of(workload, plan.mapping.shard);
  std::map<double, double> longest;  // by load of the rank
  for (const auto& task : plan.plan.work.tasks())
    if (task.kind == TaskGraph::Kind::occupy &&
        plan.plan.work.labels()[static_cast<std::size_t>(task.label)].name == "routed experts forward") {
      const Mapping& mapping = plan.mapping;
      for (RankId rank = 0; rank < static_cast<RankId>(plan.plan.platform.ranks.size()); ++rank)
        if (plan.plan.platform.devices[static_cast<std::size_t>(task.target)].rank == rank)
          longest[task.amount] = std::max(longest[task.amount], mapping.hottest_expert_load());
    }
  std::vector<double> expected;
  for (const double load : plan.mapping.expert_ranks.load) {
    slice.expert_load = load;
    const double time =
        total_time(kernels(workload.model.value, slice, Block::routed_experts, Phase::forward), small_chip())
            .in(s);
    if (std::ranges::none_of(expected, [&](double known) { return std::abs(known - time) < 1e-12 * time; }))
      expected.push_back(time);
  }
  ASSERT_EQ(longest.size(), expected.size());
  for (const auto& [time, unused] : longest)
    EXPECT_TRUE(std::ranges::any_of(
        expected, [&, time = time](double known) { return std::abs(known - time) < 1e-12 * time; }));
  EXPECT_EQ(expected.size(), 2U);
}

TEST(HotExperts, GetWhatTheOthersSendAndSendItBack) {
  for (const Detail detail : {Detail::folded, Detail::full}) {
    const TrainingWorkload workload = moe_step(hot(17, 5));
    const TrainingWork of = planned(workload, "2D full mesh 8x8", detail);
    std::map<std::string, double> sent;  // by operation
    for (const auto& task : of.plan.work.tasks())
      if (task.kind == TaskGraph::Kind::move)
        sent[of.plan.work.labels()[static_cast<std::size_t>(task.label)].name] +=
            task.amount * of.plan.platform.routes[static_cast<std::size_t>(task.target)].flows;
    // Each of the 64 / 16 groups, in each microbatch's pass over each MoE layer: 15 of 16 ranks send to each
    // rank.
    const auto& visits = of.mapping.expert_ranks.visits;
    const double copies = std::accumulate(visits.begin(), visits.end(), 0.0);
    const Llm& llm = workload.model.value;
    const double layers = llm.layers - llm.moe->first_dense_layers + llm.mtp_layers;
    const double passes =
        layers * of.mapping.pipe.microbatches * 2;  // two groups of each of two pipeline ranks
    const double tokens = slice_of(workload, of.mapping.shard).own_tokens() * 15 * copies * passes;
    const double out = (tokens * dispatch_size(llm, workload.precision)).in(B);
    const double back = (tokens * combine_size(llm, workload.precision)).in(B);
    EXPECT_NEAR(sent["dispatch"], out, 1e-9 * out);
    EXPECT_NEAR(sent["combine"], back, 1e-9 * back);
    EXPECT_NEAR(sent["dispatch gradients"], out, 1e-9 * out);
  }
}

TEST(HotExperts, FillTheMemoryOfTheirRank) {
  const auto fullest = [](const TrainingWork& of) {
    return std::ranges::max(of.memory, {}, [](const RankMemory& m) { return m.total(); });
  };
  const RankMemory balanced = fullest(planned(moe_step(BalancedLoad{}))),
                   of_hot = fullest(planned(moe_step(hot(17, 5))));
  EXPECT_GT(of_hot.activations, balanced.activations);
  EXPECT_GT(of_hot.buffers, balanced.buffers);
  EXPECT_EQ(of_hot.weights, balanced.weights);
}

}  // namespace
}  // namespace superpod::models
