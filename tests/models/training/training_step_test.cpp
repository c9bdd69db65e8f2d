#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/training/feasibility.hpp"
#include "models/training/step.hpp"
#include "models/transformer/activations.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_fabrics.hpp"
#include "tests/models/small_models.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double folded_equals_full = 1e-9;  // relative: what the project promises

double step_time(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring,
                 Detail detail, const std::vector<topology::Degraded>& degraded = {}) {
  const TrainingWork planned = plan(workload, chip, wiring, detail, {.links = degraded});
  return run(planned.plan.platform, planned.plan.work).makespan.in(s);
}

struct Case {
  std::string fabric;
  TrainingWorkload workload;
  bool slow_link = false;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto add = [&](const char* fabric, const TrainingWorkload& workload) {
    all.push_back({fabric, workload, false});
    all.push_back({fabric, workload, true});
  };
  add("board mesh in pod Clos 8x8", workload_of(small_moe(), 1, 8, 4, Schedule::one_f_one_b));
  add("board mesh in pod Clos 8x8", workload_of(small_moe(), 2, 16, 2, Schedule::dualpipe));
  add("2D full mesh 8x8", workload_of(small_moe(), 2, 8, 2, Schedule::interleaved));
  add("torus 4x4x4", workload_of(small_dense(), 4, 1, 4, Schedule::gpipe));
  add("rail-optimised 2x4x8", workload_of(small_dense(), 8, 1, 2, Schedule::one_f_one_b));
  add("oversubscribed Clos 8x8", workload_of(small_moe(), 1, 16, 4, Schedule::dualpipe));
  TrainingWorkload hierarchical = workload_of(small_moe(), 1, 32, 2, Schedule::one_f_one_b);
  hierarchical.expert_all_to_all = Algorithm::hierarchical;
  hierarchical.recompute = Recompute::full;
  hierarchical.parallel.zero = 0;
  add("rail-optimised 2x4x8", hierarchical);
  return all;
}

TEST(TrainingStep, FoldedEqualsFull) {
  for (const auto& [name, workload, slow_link] : cases()) {
    const topology::Wiring wiring{fabric_named(name)};
    const auto degraded = slow_link ? half_speed(wiring) : std::vector<topology::Degraded>{};
    const double full = step_time(workload, small_chip(), wiring, Detail::full, degraded);
    EXPECT_NEAR(step_time(workload, small_chip(), wiring, Detail::folded, degraded), full,
                folded_equals_full * full)
        << name << ", " << workload.model.value.name << (slow_link ? ", slow link" : "");
  }
}

TEST(TrainingStep, FasterChipOrNetworkIsNeverSlower) {
  const TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, Schedule::dualpipe);
  topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  const double base = step_time(workload, small_chip(), topology::Wiring{fabric}, Detail::folded);
  Chip faster = small_chip();
  faster.peak.fp8 = 1600 * TFLOP / s;
  EXPECT_LE(step_time(workload, faster, topology::Wiring{fabric}, Detail::folded), base);
  std::get<topology::Clos>(fabric.networks[1]).bandwidth.value *= 2;
  EXPECT_LE(step_time(workload, small_chip(), topology::Wiring{fabric}, Detail::folded), base);
}

TEST(TrainingStep, ScalesWithAllRatesAlike) {
  // Twice every rate and half of every latency: half the time, to rounding.
  const TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, Schedule::one_f_one_b);
  topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  const double base = step_time(workload, small_chip(), topology::Wiring{fabric}, Detail::folded);
  Chip chip = small_chip();
  chip.peak.bf16->value *= 2;
  chip.peak.fp8->value *= 2;
  chip.memory_bandwidth->value *= 2;
  chip.launch_overhead.value *= 0.5;
  fabric.endpoint_latency.value *= 0.5;
  auto& mesh = std::get<topology::FullMesh>(fabric.networks[0]);
  auto& clos = std::get<topology::Clos>(fabric.networks[1]);
  mesh.bandwidth.value *= 2;
  mesh.latency.value *= 0.5;
  clos.bandwidth.value *= 2;
  clos.latency.value *= 0.5;
  EXPECT_NEAR(step_time(workload, chip, topology::Wiring{fabric}, Detail::folded), base / 2, 1e-9 * base);
}

TEST(TrainingStep, TakesAtLeastItsComputation) {
  const TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, Schedule::one_f_one_b);
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  const TrainingWork planned = plan(workload, small_chip(), wiring, Detail::folded);
  Seconds mean;  // of the kernels of an average rank
  for (const auto& kernel : planned.kernels) mean += kernel.calls * kernel.use.time.time;
  EXPECT_GE(run(planned.plan.platform, planned.plan.work).makespan, mean);
}

TEST(TrainingStep, KernelCountsAreThoseOfTheTasks) {
  for (const auto schedule : {Schedule::one_f_one_b, Schedule::dualpipe}) {
    const TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, schedule);
    const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
    const TrainingWork planned = plan(workload, small_chip(), wiring, Detail::folded);
    double of_kernels = 0;
    for (const auto& kernel : planned.kernels) of_kernels += kernel.calls * kernel.use.time.time.in(s);
    double of_tasks = 0;
    for (const auto& task : planned.plan.work.tasks())
      if (task.kind == TaskGraph::Kind::occupy) of_tasks += task.amount / workload.parallel.pipeline;
    EXPECT_NEAR(of_kernels, of_tasks, 1e-9 * of_tasks);
  }
}

/// Step time less the computation of a rank, in forward passes of one microbatch through one rank.
double bubble(Schedule schedule, int ranks, int chunks, int microbatches) {
  const EqualStages equal{schedule, ranks, chunks, microbatches};
  const TrainingWork planned = plan(equal.workload, equal.chip, equal.wiring, Detail::folded);
  Seconds forward, all;
  for (const auto& [use, calls] : planned.kernels) {
    all += calls * use.time.time;
    if (use.name.find(" forward") != std::string::npos) forward += calls * use.time.time;
  }
  return microbatches * ((run(planned.plan.platform, planned.plan.work).makespan - all) / forward);
}

TEST(TrainingStep, BubblesOnEqualStagesAreThoseOfThePapers) {
  // With F = 1, B = 2, W = 1: GPipe and 1F1B (p - 1)(F + B); interleaved (p - 1)(F + B) / v (arXiv
  // 2104.04473, section 2.2); dualpipe (p/2 - 1)(F&B + B - 3 W) with F&B = F + B, as nothing is there to
  // overlap (arXiv 2412.19437, table 2).
  constexpr double close = 5e-3;  // the head's share
  for (const int p : {2, 4, 8})
    for (const int microbatches : {2 * p, 6 * p}) {
      EXPECT_NEAR(bubble(Schedule::gpipe, p, 1, microbatches), 3 * (p - 1), close * p);
      EXPECT_NEAR(bubble(Schedule::one_f_one_b, p, 1, microbatches), 3 * (p - 1), close * p);
      for (const int v : {2, 3})
        EXPECT_NEAR(bubble(Schedule::interleaved, p, v, microbatches), 3.0 * (p - 1) / v, close * p);
      EXPECT_NEAR(bubble(Schedule::dualpipe, p, 1, microbatches), 2 * (p / 2 - 1), close * p);
    }
}

double blocks_in(const Layer& layer) { return static_cast<double>(layer.blocks.size()); }

std::vector<Pipeline> small_pipelines() {
  return {{Schedule::one_f_one_b, 1, 4, 1}, {Schedule::one_f_one_b, 5, 4, 1},
          {Schedule::interleaved, 2, 4, 3}, {Schedule::dualpipe, 2, 4, 1},
          {Schedule::dualpipe, 4, 8, 1},    {Schedule::gpipe, 9, 4, 1}};
}

TEST(TrainingStep, StagesHoldTheWholeModelInOrder) {
  for (const Pipeline& pipeline : small_pipelines()) {
    Stage joined;
    for (const Stage& stage : stages_of(small_moe(), pipeline, std::nullopt, blocks_in)) {
      EXPECT_FALSE(stage.empty());
      joined.insert(joined.end(), stage.begin(), stage.end());
    }
    const Stage whole = layers_of(small_moe());
    ASSERT_EQ(joined.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(joined[i].name, whole[i].name);
  }
}

double heaviest_rank(const std::vector<int>& counts, const Pipeline& pipeline) {
  const Stage layers = layers_of(small_moe());
  std::vector<double> load(static_cast<std::size_t>(pipeline.ranks));
  std::size_t next = 0;
  for (int stage = 0; stage < pipeline.stages(); ++stage)
    for (int i = 0; i < counts[static_cast<std::size_t>(stage)]; ++i, ++next)
      for (int rank = 0; rank < pipeline.ranks; ++rank)
        for (int chunk = 0; chunk < pipeline.chunks_held(); ++chunk)
          if (pipeline.stage(rank, chunk) == stage)
            load[static_cast<std::size_t>(rank)] += blocks_in(layers[next]);
  return *std::max_element(load.begin(), load.end());
}

TEST(TrainingStep, StagesAreCutAsEvenlyAsCanBe) {
  // Against every cut of the items into 4 stages. In a dualpipe a load somewhat above the least is right when
  // it makes the largest stage smaller.
  for (const Schedule schedule : {Schedule::one_f_one_b, Schedule::dualpipe}) {
    const Pipeline pipeline{schedule, 4, 8, 1};
    const int items = static_cast<int>(layers_of(small_moe()).size());
    double least = std::numeric_limits<double>::infinity();
    for (int a = 1; a < items; ++a)
      for (int b = 1; a + b < items; ++b)
        for (int c = 1; a + b + c < items; ++c)
          least = std::min(least, heaviest_rank({a, b, c, items - a - b - c}, pipeline));
    std::vector<int> counts;
    for (const Stage& stage : stages_of(small_moe(), pipeline, std::nullopt, blocks_in))
      counts.push_back(static_cast<int>(stage.size()));
    const double slack = schedule == Schedule::dualpipe ? 1.2 : 1;
    EXPECT_LE(heaviest_rank(counts, pipeline), slack * least);
  }
}

TEST(TrainingStep, ZeroOneSharesTheOptimizerState) {
  TrainingWorkload workload = workload_of(small_dense(), 1, 1, 1, Schedule::one_f_one_b);
  const topology::Wiring wiring{fabric_named("single switch 64")};
  const auto shared = plan(workload, small_chip(), wiring, Detail::folded).memory[0];
  workload.parallel.zero = 0;
  const auto copied = plan(workload, small_chip(), wiring, Detail::folded).memory[0];
  EXPECT_NEAR(shared.optimizer * 64 / copied.optimizer, 1, 1e-12);
  EXPECT_EQ(shared.weights, copied.weights);
}

TEST(TrainingStep, RecomputationRunsLayersAgainButNoHead) {
  // Heads keep what they need (activations.hpp), that of a prediction module too.
  TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, Schedule::one_f_one_b);
  workload.recompute = Recompute::full;
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  const TrainingWork planned = plan(workload, small_chip(), wiring, Detail::folded);
  const auto times = [&](const std::string& task) {
    return std::ranges::count_if(planned.plan.work.tasks(), [&](const TaskGraph::Task& one) {
      return one.kind == TaskGraph::Kind::occupy &&
             planned.plan.work.labels()[static_cast<std::size_t>(one.label)].name == task;
    });
  };
  EXPECT_GT(times("head forward"), 0);
  EXPECT_EQ(times("head forward again"), 0);
  EXPECT_EQ(times("attention forward again"), times("attention forward"));
  EXPECT_EQ(times("mtp projection forward again"), times("mtp projection forward"));
}

TEST(TrainingStep, RecomputationNeedsRoomForOneLayer) {
  TrainingWorkload workload = workload_of(small_dense(), 1, 1, 4, Schedule::one_f_one_b);
  const topology::Wiring wiring{fabric_named("single switch 64")};
  const auto activations = [&](Recompute recompute) {
    workload.recompute = recompute;
    return plan(workload, small_chip(), wiring, Detail::folded).memory[0].activations;
  };
  const Slice slice{Shard{}, {whole_sequences(1, workload.sequence_length)}, workload.precision};
  Bytes layer, input;
  for (const Block block : {Block::attention, Block::dense_ffn}) {
    layer += saved_activations(workload.model.value, slice, block, Recompute::none);
    input += saved_activations(workload.model.value, slice, block, Recompute::full);
  }
  const auto stages = plan(workload, small_chip(), wiring, Detail::folded).stages;
  const double layers =
      static_cast<double>(stages[0].size()) - 1;  // beside the embedding, which keeps nothing
  EXPECT_NEAR(activations(Recompute::full) / (4 * layers * input + (layer - input)), 1,
              1e-12);  // 4 microbatches in flight
  EXPECT_NEAR(activations(Recompute::none) / (4 * layers * layer), 1, 1e-12);
  EXPECT_LT(activations(Recompute::selective), activations(Recompute::none));
}

TEST(TrainingStep, RefusesWhatDoesNotDivide) {
  const topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  const auto keys = [&](const TrainingWorkload& workload) {
    std::vector<std::string> found;
    for (const auto& flaw : flaws(workload, fabric)) found.push_back(flaw.key);
    return found;
  };
  using Keys = std::vector<std::string>;
  TrainingWorkload good = workload_of(small_moe(), 1, 8, 4, Schedule::one_f_one_b);
  EXPECT_EQ(keys(good), Keys{});
  TrainingWorkload pipeline = good;
  pipeline.parallel.pipeline = 3;
  EXPECT_EQ(keys(pipeline), Keys{"parallel"});
  TrainingWorkload batch = good;
  batch.batch += 1;
  EXPECT_EQ(keys(batch), Keys{"batch"});
  TrainingWorkload expert = good;
  expert.parallel.tensor = 4;
  expert.parallel.expert = 6;
  EXPECT_EQ(keys(expert).front(), "parallel.expert");
  TrainingWorkload dense = workload_of(small_dense(), 1, 8, 4, Schedule::one_f_one_b);
  EXPECT_EQ(keys(dense), Keys{"parallel.expert"});
}

TEST(TrainingStep, RefusesNodesThatDoNotNestWithTheGroupsOfExperts) {
  // 24 ranks hold whole groups of experts, but 3 nodes do not: known before it runs.
  TrainingWorkload workload = workload_of(small_moe(), 1, 24, 1, Schedule::one_f_one_b);
  workload.model.value.moe->routed_experts = 96;
  workload.batch = 24;
  const topology::FullMesh node{"node", {"gpu"}, {50 * GB / s}, {0 * s}, {1.0}};
  const topology::Clos above{"clos", {"node"}, {50 * GB / s}, {0 * s}, {1.0}, 1, {}, false};
  const topology::Fabric fabric{{{"node", 3}, {"gpu", 8}}, {node, above}, {0 * s}};
  EXPECT_TRUE(flaws(workload, fabric).empty());
  workload.expert_all_to_all = Algorithm::hierarchical;
  ASSERT_EQ(flaws(workload, fabric).size(), 1U);
  EXPECT_EQ(flaws(workload, fabric).front().key, "expert_all_to_all");
}

TEST(TrainingStep, SaysWhatDoesNotFit) {
  Chip chip = small_chip();
  const std::vector<RankMemory> memory{{1 * GB, 1 * GB, 1 * GB, 90 * GB, 1 * GB}};
  ASSERT_EQ(misfits(memory, chip).size(), 1U);
  EXPECT_NE(misfits(memory, chip).front().message.find("needs 94 GB of 64 GB"), std::string::npos);
  chip.memory = 96 * GB;
  EXPECT_TRUE(misfits(memory, chip).empty());
}

}  // namespace
}  // namespace superpod::models
