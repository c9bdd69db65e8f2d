// Hot experts: what ranks get, and what a step makes of it; folded and full alike.
#include "models/training/expert_load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>

#include "models/training/step.hpp"
#include "models/transformer/dispatch.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/llm_shapes.hpp"
#include "tests/models/small_steps.hpp"
#include "tests/topology/fabrics.hpp"

namespace superpod::models {
namespace {

using namespace unit;

RoutedExperts routed(const ExpertLoad& load, int ranks, ExpertPlacement placement = {}) {
  return {*deepseek_v3().moe, load, placement, ranks};
}
ExpertLoad hot(int expert, double load) { return HotLoad{{{expert, load}}}; }

TEST(ExpertLoad, OfAHotExpertIsRelativeToEachOfTheOthers) {
  const RoutedExperts experts = routed(hot(17, 5), 64);
  EXPECT_NEAR(experts.load()[17] / experts.load()[16], 5, 1e-12);
  EXPECT_NEAR(std::accumulate(experts.load().begin(), experts.load().end(), 0.0), 256, 1e-10);
  // Its rank has three experts more: (5 + 3) / 4 of what a rank of the others has.
  const PartLoads ranks = experts.of_ranks();
  EXPECT_NEAR(ranks.load[4] / ranks.load[5], 2, 1e-12);
}

TEST(ExpertLoad, OfZipfWithExponentZeroIsBalanced) {
  EXPECT_TRUE(routed(ZipfLoad{0, {}}, 64).balanced());
  EXPECT_TRUE(routed(MeasuredLoad{std::vector<double>(256, 12), {}}, 64).balanced());
  EXPECT_TRUE(routed(hot(3, 1), 64).balanced());
  EXPECT_FALSE(routed(ZipfLoad{0.1, {}}, 64).balanced());
}

TEST(ExpertLoad, OfZipfFallsWithThePlaceAndIsDealtBySeed) {
  const auto by_number = routed(ZipfLoad{1, {}}, 64).load();
  EXPECT_TRUE(std::ranges::is_sorted(by_number, std::greater{}));
  auto dealt = routed(ZipfLoad{1, 7}, 64).load();
  EXPECT_NE(dealt, routed(ZipfLoad{1, 8}, 64).load());
  EXPECT_FALSE(std::ranges::is_sorted(dealt, std::greater{}));
}

TEST(ExpertLoad, KeepsEveryPairOfATokenAndAnExpert) {
  const Moe moe = *deepseek_v3().moe;
  for (const ExpertLoad& load : {ExpertLoad{ZipfLoad{0.8, 3}}, hot(17, 5), ExpertLoad{BalancedLoad{}}})
    for (const int ranks : {8, 32, 64, 256}) {
      const PartLoads of_ranks = routed(load, ranks).of_ranks();
      EXPECT_NEAR(std::accumulate(of_ranks.load.begin(), of_ranks.load.end(), 0.0), ranks, 1e-9 * ranks);
      for (std::size_t r = 0; r < of_ranks.load.size(); ++r) {
        const double pairs =
            of_ranks.load[r] * moe.top_k / ranks;  // of a token and one of the rank's experts
        EXPECT_LE(of_ranks.visits[r], 1);
        EXPECT_LE(of_ranks.visits[r], pairs * (1 + 1e-9));  // each visit is for one at least
        EXPECT_GE(of_ranks.visits[r] * std::min(moe.top_k, 256 / ranks),
                  pairs * (1 - 1e-9));  // and for so many at most
        if (ranks == 256) {
          EXPECT_NEAR(of_ranks.visits[r], pairs, 1e-10);
        }
      }
    }
}

TEST(ExpertLoad, ThatIsNearlyBalancedVisitsNearlyAsBalanced) {
  const PartLoads nearly = routed(hot(17, 1 + 1e-9), 64).of_ranks(),
                  exactly = routed(BalancedLoad{}, 64).of_ranks();
  for (std::size_t r = 0; r < 64; ++r) EXPECT_NEAR(nearly.visits[r], exactly.visits[r], 1e-9);
}

TEST(ExpertLoad, HangsNotOnTheOrderOfTheExpertsOfARank) {
  std::mt19937_64 random{1};
  std::vector<double> tokens;
  for (int e = 0; e < 256; ++e) tokens.push_back(1 + static_cast<double>(random() % 1000));
  const PartLoads before = routed(MeasuredLoad{tokens, {}}, 64).of_ranks();
  for (auto first = tokens.begin(); first != tokens.end(); first += 4)
    std::rotate(first, first + 1, first + 4);
  const PartLoads after = routed(MeasuredLoad{tokens, {}}, 64).of_ranks();
  for (std::size_t r = 0; r < 64; ++r) {
    EXPECT_NEAR(before.load[r], after.load[r], 1e-12 * before.load[r]);
    EXPECT_NEAR(before.visits[r], after.visits[r], 1e-10 * before.visits[r]);
  }
}

TEST(ExpertLoad, IsMoreEvenWhereTheHottestExpertsAreDealtFirst) {
  const ExpertLoad zipf = ZipfLoad{0.8, 3};
  const RoutedExperts in_order = routed(zipf, 64), greedy = routed(zipf, 64, ExpertPlacement::greedy);
  EXPECT_LT(std::ranges::max(greedy.of_ranks().load), std::ranges::max(in_order.of_ranks().load));
  for (int rank = 0; rank < 64; ++rank) EXPECT_EQ(std::ranges::count(greedy.rank_of(), rank), 4);
}

TEST(ExpertLoad, ThatFitsNoModelIsSaidToBeSo) {
  const Moe moe = *deepseek_v3().moe;
  const auto key = [&](const ExpertLoad& load) {
    const auto found = flaws(load, moe);
    return found.empty() ? "" : found.front().key;
  };
  EXPECT_EQ(key(hot(17, 5)), "");
  EXPECT_EQ(key(hot(256, 5)), "expert_load.experts.0.expert");
  EXPECT_EQ(key(HotLoad{{{1, 2}, {1, 3}}}), "expert_load.experts.1.expert");
  EXPECT_EQ(key(MeasuredLoad{{1, 2, 3}, {}}), "expert_load.tokens");
  EXPECT_EQ(key(MeasuredLoad{std::vector<double>(256), {}}), "expert_load.tokens");
  EXPECT_EQ(key(hot(0, 1000)), "expert_load");  // more than one copy of each token
}

// Steps.

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
  Slice slice = slice_of(workload, plan.mapping);
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
    const double tokens = slice_of(workload, of.mapping).own_tokens() * 15 * copies * passes;
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
