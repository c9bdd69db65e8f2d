// Ranks that share the tokens of each sequence, and mappings in which data-parallel ranks lie on several
// levels.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/training/step.hpp"
#include "models/transformer/context_exchange.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double folded_equals_full = 1e-9;  // relative: what the project promises
constexpr double exact = 1e-12;              // relative: to rounding

Llm small_dense_mla() {
  Llm llm = small_dense();
  llm.attention = small_moe().attention;
  return llm;
}

/// 4 microbatches on 64 ranks.
TrainingWorkload shared(const Llm& llm, int tensor, int context, int expert, int pipeline) {
  TrainingWorkload workload = workload_of(llm, tensor, expert, pipeline, Schedule::one_f_one_b);
  workload.parallel.context = context;
  workload.batch = 4 * 64 / (tensor * context * pipeline);
  return workload;
}

double step_time(const TrainingWorkload& workload, const topology::Fabric& fabric, Detail detail,
                 bool slow_link = false) {
  const topology::Wiring wiring{fabric};
  const auto links = slow_link ? half_speed(wiring) : std::vector<topology::Degraded>{};
  const TrainingWork planned = plan(workload, small_chip(), wiring, detail, {.links = links});
  return run(planned.plan.platform, planned.plan.work).makespan.in(s);
}

struct Case {
  std::string fabric;
  TrainingWorkload workload;
};

std::vector<Case> cases() {
  std::vector<Case> all{
      {"board mesh in pod Clos 8x8", shared(small_dense(), 2, 4, 1, 4)},
      {"board mesh in pod Clos 8x8", shared(small_moe(), 1, 4, 16, 2)},
      {"rail-optimised 2x4x8", shared(small_moe(), 4, 2, 8, 2)},
      {"2D full mesh 8x8", shared(small_dense_mla(), 2, 8, 1, 2)},
      {"torus 4x4x4", shared(small_dense(), 4, 4, 1, 2)},
  };
  using enum Dimension;
  all[0].workload.parallel.order = {tensor, context, pipeline, data, expert, data};
  all[1].workload.parallel.order = {expert, pipeline, context, tensor, data};
  all[1].workload.schedule = Schedule::dualpipe;
  all[2].workload.expert_all_to_all = Algorithm::hierarchical;
  all[3].workload.recompute = Recompute::full;
  all[4].workload.recompute = Recompute::none;
  all[4].workload.parallel.zero = 0;
  return all;
}

TEST(ContextParallel, FoldedEqualsFull) {
  for (const auto& [name, workload] : cases())
    for (const bool slow_link : {false, true}) {
      const topology::Fabric fabric = fabric_named(name);
      const double full = step_time(workload, fabric, Detail::full, slow_link);
      EXPECT_NEAR(step_time(workload, fabric, Detail::folded, slow_link), full, folded_equals_full * full)
          << name << (slow_link ? ", slow link" : "");
    }
}

TEST(ContextParallel, MoreBandwidthIsNeverSlower) {
  topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  const TrainingWorkload workload = shared(small_dense(), 2, 4, 1, 4);
  const double base = step_time(workload, fabric, Detail::folded);
  std::get<topology::FullMesh>(fabric.networks[0]).bandwidth.value *= 2;
  const double faster = step_time(workload, fabric, Detail::folded);
  EXPECT_LT(faster, base);
  std::get<topology::Clos>(fabric.networks[1]).bandwidth.value *= 2;
  EXPECT_LE(step_time(workload, fabric, Detail::folded), faster);
}

/// A model with each kind of attention.
std::vector<Llm> all_kinds() {
  Llm sparse = small_dense_mla();
  auto& mla = std::get<Mla>(sparse.attention);
  mla.index_heads = 8;
  mla.index_head_dim = 64;
  mla.index_topk = 128;
  Llm compressed = small_dense();
  Compressed kind;
  kind.heads = 16;
  kind.head_dim = 64;
  kind.rope_head_dim = 16;
  kind.q_lora_rank = 256;
  kind.o_groups = 4;
  kind.o_lora_rank = 128;
  kind.window = 64;
  kind.dense_layers = compressed.layers;
  kind.dense_ratio = 16;
  compressed.attention = kind;
  return {small_dense(), small_dense_mla(), sparse, compressed};
}

TEST(ContextParallel, RanksShareTheWorkAndMlaAloneRepeatsAnUpProjection) {
  const bool is_up = true;
  for (const Llm& llm : all_kinds())
    for (const auto& [word, phase] : words(Phase{}))
      for (const int ranks : {2, 8}) {
        const auto work = [&, phase = phase](int context, bool up) {
          const Slice slice{Shard{.context = context}, {{2, 4096}}, Precisions{}};
          std::vector<Kernel> all = kernels(llm, slice, Block::attention, phase);
          std::erase_if(all, [&](const Kernel& kernel) { return (kernel.name == "kv up-projection") != up; });
          return matrix_flops(all) / Flops{1};
        };
        EXPECT_NEAR(ranks * work(ranks, !is_up), work(1, !is_up), exact * work(1, !is_up)) << word;
        EXPECT_NEAR(work(ranks, is_up), work(1, is_up), exact * work(1, is_up)) << word;
      }
}

TEST(ContextParallel, AChunkFromEitherEndMakesCausalWorkEven) {
  constexpr int length = 96, ranks = 4, chunk = length / (2 * ranks);
  const auto kernels_of_rank =
      kernels(small_dense(), {Shard{.context = ranks}, {whole_sequences(1, length)}, Precisions{}},
              Block::attention, Phase::forward);
  const auto core = std::ranges::find(kernels_of_rank, Kernel::Kind::attention, &Kernel::kind);
  for (int rank = 0; rank < ranks; ++rank) {
    double pairs = 0;
    for (const int first : {rank * chunk, (2 * ranks - 1 - rank) * chunk})
      for (int query = first; query < first + chunk; ++query)
        pairs += query + 0.5;  // all before, and half of its own: half of all
    EXPECT_NEAR(core->attention.pairs, pairs, exact * pairs) << rank;
  }
}

TEST(ContextParallel, GathersSendWhatTheFormulaSays) {
  // Each rank has 1/c of the keys and needs the others': (c - 1)/c of all, twice gathered and once scattered.
  constexpr int context = 4, tensor = 2;
  const TrainingWorkload workload = shared(small_dense(), tensor, context, 1, 4);
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  const TrainingWork planned = plan(workload, small_chip(), wiring, Detail::folded);
  double sent = 0;
  for (const auto& task : planned.plan.work.tasks()) {
    if (task.kind != TaskGraph::Kind::move) continue;
    const auto& label = planned.plan.work.labels()[static_cast<std::size_t>(task.label)];
    if (label.cause == "context collectives")
      sent += task.amount * planned.plan.platform.routes[static_cast<std::size_t>(task.target)].flows;
  }
  const auto& gqa = std::get<Gqa>(workload.model.value.attention);
  const double keys_and_values =
      2.0 * workload.sequence_length * gqa.kv_heads / tensor * gqa.head_dim * 2;  // in BF16
  const double ranks_of_a_stage = 16, microbatches = 4, exchanges = 3;
  EXPECT_NEAR(sent / (workload.model.value.layers * ranks_of_a_stage * microbatches * exchanges *
                      keys_and_values * (context - 1) / context),
              1, exact);
}

TEST(ContextParallel, MlaSendsLatents) {
  const Slice slice{Shard{.tensor = 4, .context = 4}, {{1, 1024}}, Precisions{}};
  EXPECT_EQ(keys_and_values(small_dense_mla(), slice), 1024.0 * (128 + 32) * 2 * B);
  EXPECT_TRUE(gathered_again(small_dense(), Recompute::none));
  EXPECT_TRUE(gathered_again(small_dense_mla(), Recompute::selective));
  EXPECT_FALSE(gathered_again(small_dense_mla(), Recompute::none));  // its heads are kept
}

TEST(ContextParallel, MoreRanksNeedLessMemoryEach) {
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  for (const Llm& llm : {small_dense(), small_dense_mla()})
    for (const auto& [word, recompute] : words(Recompute{})) {
      Bytes last;
      for (const int context : {1, 2, 4, 8}) {
        TrainingWorkload workload = shared(llm, 2, context, 1, 4);
        workload.sequence_length = 16384;
        workload.recompute = recompute;
        const RankMemory its = plan(workload, small_chip(), wiring, Detail::folded).memory.front();
        if (context > 1) {
          EXPECT_LT(its.total(), last) << llm.name << ", " << word << ", " << context;
        }
        last = its.total();
      }
    }
}

TEST(ContextParallel, SharesOfTheOptimizerAreThoseOfAllCopies) {
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  const auto optimizer = [&](int context) {
    return plan(shared(small_dense(), 2, context, 1, 4), small_chip(), wiring, Detail::folded)
        .memory.front()
        .optimizer;
  };
  EXPECT_NEAR(optimizer(4) / optimizer(1), 1, exact);
}

TEST(ContextParallel, OneRankChangesNothing) {
  const topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  TrainingWorkload workload = shared(small_moe(), 1, 1, 8, 4);
  const double named = step_time(workload, fabric, Detail::folded);
  std::erase(workload.parallel.order, Dimension::context);
  EXPECT_EQ(step_time(workload, fabric, Detail::folded), named);
}

using Keys = std::vector<std::string>;

Keys keys(const TrainingWorkload& workload, const topology::Fabric& fabric) {
  Keys found;
  for (const auto& flaw : flaws(workload, fabric)) found.push_back(flaw.key);
  return found;
}

TEST(ContextParallel, RefusesWhatDoesNotDivide) {
  const topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  TrainingWorkload workload = shared(small_moe(), 1, 4, 8, 4);
  EXPECT_EQ(keys(workload, fabric), Keys{});
  workload.sequence_length = 516;  // 4 equal parts, but not 8
  EXPECT_EQ(keys(workload, fabric), Keys{"sequence_length"});
  workload.sequence_length = 512;
  workload.parallel.expert = 2;
  EXPECT_EQ(keys(workload, fabric), Keys{"parallel.expert"});
  workload.parallel.expert = 8;
  std::erase(workload.parallel.order, Dimension::context);
  EXPECT_EQ(keys(workload, fabric), Keys{"parallel.order"});
}

/// Sizes of the digits of a dimension, innermost first, by level.
std::vector<std::pair<std::string, int>> places(const Mapping& mapping, const topology::Fabric& fabric,
                                                const std::vector<int>& digits) {
  std::vector<std::pair<std::string, int>> result;
  for (const int d : digits) {
    const auto& digit = mapping.grid[static_cast<std::size_t>(d)];
    result.emplace_back(fabric.levels[static_cast<std::size_t>(digit.level)].name, digit.size);
  }
  return result;
}

topology::Fabric pods(int pods = 5, int cabinets = 6, int boards = 3, int slots = 4) {
  const Sourced<Seconds> hop{0.3 * us};
  const topology::FullMesh board{"board mesh", {"slot"}, {56 * GB / s}, hop, {1.0}};
  const topology::Clos pod{"pod", {"cabinet", "board"}, {336 * GB / s}, hop, {1.0}, 6, {}, false};
  const topology::Clos cluster{"cluster", {"pod"}, {100 * GB / s}, hop, {1.0}, 2, {}, false};
  return {{{"pod", pods}, {"cabinet", cabinets}, {"board", boards}, {"slot", slots}},
          {board, pod, cluster},
          {0.5 * us}};
}

using Places = std::vector<std::pair<std::string, int>>;

TEST(Order, DataMayLieOnSeveralLevels) {
  using enum Dimension;
  TrainingWorkload workload = workload_of(small_moe(), 1, 4, 2, Schedule::one_f_one_b);
  workload.parallel.order = {tensor, expert, data, pipeline, data};
  workload.batch = 4 * 3 * 3 * 5 * 2;
  const topology::Fabric fabric = pods();
  ASSERT_EQ(keys(workload, fabric), Keys{});
  const Mapping mapping = map(workload, topology::Wiring{fabric});
  EXPECT_EQ(places(mapping, fabric, mapping.expert), (Places{{"slot", 4}}));
  EXPECT_EQ(places(mapping, fabric, mapping.data), (Places{{"board", 3}, {"cabinet", 3}, {"pod", 5}}));
  EXPECT_EQ(places(mapping, fabric, mapping.pipeline), (Places{{"cabinet", 2}}));
  EXPECT_EQ(mapping.experts_copies, 3 * 3 * 5);
}

TEST(Order, DataFillsTheLevelThatWasBegun) {
  using enum Dimension;
  TrainingWorkload workload = workload_of(small_moe(), 2, 2, 3, Schedule::one_f_one_b);
  workload.parallel.order = {tensor, expert, data, pipeline, data, data};
  workload.batch = 2 * 6 * 5 * 4;
  const topology::Fabric fabric = pods();
  ASSERT_EQ(keys(workload, fabric), Keys{});
  const Mapping mapping = map(workload, topology::Wiring{fabric});
  EXPECT_EQ(places(mapping, fabric, mapping.tensor), (Places{{"slot", 2}}));
  EXPECT_EQ(places(mapping, fabric, mapping.pipeline), (Places{{"board", 3}}));
  EXPECT_EQ(places(mapping, fabric, mapping.data), (Places{{"slot", 2}, {"cabinet", 6}, {"pod", 5}}));
}

TEST(Order, ThePipelineMayRunOverPods) {
  using enum Dimension;
  TrainingWorkload workload = workload_of(small_moe(), 1, 4, 5, Schedule::one_f_one_b);
  workload.parallel.order = {tensor, expert, data, pipeline};
  workload.batch = 4 * 18 * 5;
  const topology::Fabric fabric = pods();
  ASSERT_EQ(keys(workload, fabric), Keys{});
  const Mapping mapping = map(workload, topology::Wiring{fabric});
  EXPECT_EQ(places(mapping, fabric, mapping.pipeline), (Places{{"pod", 5}}));
  EXPECT_EQ(places(mapping, fabric, mapping.data), (Places{{"board", 3}, {"cabinet", 6}}));
}

TEST(Order, DataAroundThePipelineAndPipelinesOverPodsFoldExactly) {
  using enum Dimension;
  const topology::Fabric fabric = pods(3, 4, 2, 2);
  TrainingWorkload around = workload_of(small_moe(), 1, 2, 2, Schedule::dualpipe);
  around.parallel.order = {tensor, expert, data, pipeline, data};
  around.batch = 2 * 12 * 4;
  TrainingWorkload over_pods = workload_of(small_moe(), 1, 4, 3, Schedule::one_f_one_b);
  over_pods.parallel.context = 2;
  over_pods.parallel.order = {context, expert, data, pipeline, tensor};
  over_pods.batch = 2 * 4 * 4;
  for (const TrainingWorkload& workload : {around, over_pods})
    for (const bool slow_link : {false, true}) {
      const double full = step_time(workload, fabric, Detail::full, slow_link);
      EXPECT_NEAR(step_time(workload, fabric, Detail::folded, slow_link), full, folded_equals_full * full);
    }
}

TEST(Order, RefusesDimensionsThatAreMissingOrNamedTwice) {
  using enum Dimension;
  const topology::Fabric fabric = pods();
  TrainingWorkload workload = workload_of(small_moe(), 1, 4, 2, Schedule::one_f_one_b);
  for (const std::vector<Dimension>& order :
       {std::vector{tensor, expert, pipeline}, std::vector{tensor, expert, expert, pipeline, data},
        std::vector{tensor, context, expert, context, pipeline, data}}) {
    workload.parallel.order = order;
    EXPECT_EQ(keys(workload, fabric), Keys{"parallel.order"});
  }
  workload.batch = 4 * 3 * 3 * 5 * 2;
  workload.parallel.order = {tensor, pipeline, data, expert, data};  // 4 experts among 3 boards
  EXPECT_EQ(keys(workload, fabric), Keys{"parallel.order"});
}

}  // namespace
}  // namespace superpod::models
