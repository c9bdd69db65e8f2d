// Work that is no training is placed: all that it takes are a model, its parallelism and a wiring.
#include "models/mapping/placement.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "models/mapping/placement_flaws.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

int ranks_of(const topology::Grid& grid, const std::vector<int>& digits) {
  int ranks = 1;
  for (const int d : digits) ranks *= grid[static_cast<std::size_t>(d)].size;
  return ranks;
}

Parallelism parallelism(int tensor, int context, int expert, int pipeline) {
  Parallelism parallel;
  parallel.tensor = tensor;
  parallel.context = context;
  parallel.expert = expert;
  parallel.pipeline = pipeline;
  return parallel;
}

TEST(Placement, GivesEachDimensionItsRanksAndTheRestToData) {
  for (const auto& [name, fabric] : small_fabrics()) {
    const topology::Wiring wiring{fabric};
    const std::int64_t npus = topology::npus(fabric);
    for (const Parallelism& parallel : {parallelism(2, 1, 4, 2), parallelism(2, 2, 8, 1)}) {
      if (!flaws(small_moe(), parallel, {}, wiring).empty()) continue;
      const Placement placed = place(small_moe(), parallel, {}, wiring);
      EXPECT_EQ(ranks_of(placed.grid, placed.tensor), parallel.tensor) << name;
      EXPECT_EQ(ranks_of(placed.grid, placed.context), parallel.context) << name;
      EXPECT_EQ(ranks_of(placed.grid, placed.pipeline), parallel.pipeline) << name;
      EXPECT_EQ(ranks_of(placed.grid, placed.expert_group()), parallel.expert) << name;
      EXPECT_EQ(std::int64_t{parallel.expert} * parallel.pipeline * placed.experts_copies, npus) << name;
      EXPECT_EQ(ranks_of(placed.grid, placed.dense_copies()), parallel.context * placed.data_ranks) << name;
    }
  }
}

TEST(Placement, OfTrainingIsThatOfItsModelAndParallelismWhateverItsBatchAndSchedule) {
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  for (const Schedule schedule : {Schedule::one_f_one_b, Schedule::interleaved, Schedule::dualpipe}) {
    TrainingWorkload workload = workload_of(small_moe(), 2, 8, 2, schedule);
    workload.expert_load = HotLoad{{{17, 5}}};
    const Mapping mapping = map(workload, wiring);
    const Placement placed = place(workload.model.value, workload.parallel, workload.experts(), wiring);
    ASSERT_EQ(mapping.grid.size(), placed.grid.size());
    for (std::size_t d = 0; d < placed.grid.size(); ++d) {
      EXPECT_EQ(mapping.grid[d].name, placed.grid[d].name);
      EXPECT_EQ(mapping.grid[d].size, placed.grid[d].size);
      EXPECT_EQ(mapping.grid[d].cell, placed.grid[d].cell);
    }
    EXPECT_EQ(mapping.expert_ranks.load, placed.expert_ranks.load);
    EXPECT_EQ(mapping.data_ranks, placed.data_ranks);
  }
}

TEST(Placement, OnRanksInARowNeedsNoWiring) {
  topology::Digit row;
  row.size = 64;
  const Placement placed = laid_on({row}, 64, small_moe(), parallelism(2, 1, 8, 4));
  EXPECT_EQ(ranks_of(placed.grid, placed.tensor), 2);
  EXPECT_EQ(ranks_of(placed.grid, placed.expert_group()), 8);
  EXPECT_EQ(ranks_of(placed.grid, placed.data), 2);
  // Tensor ranks are neighbours; 8 further on begins the next stage.
  EXPECT_EQ(placed.grid[static_cast<std::size_t>(placed.tensor.front())].stride, 1);
  EXPECT_EQ(placed.grid[static_cast<std::size_t>(placed.pipeline.front())].stride, 8);
  const topology::Values there = placed.at_pipeline_rank({}, 3);
  EXPECT_EQ(placed.stage_rank(there), 3);
}

TEST(Placement, ThatCannotBeSaysWhy) {
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  const auto key = [&](const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts = {}) {
    const auto found = flaws(llm, parallel, experts, wiring);
    return found.empty() ? std::string{} : found.front().key;
  };
  EXPECT_EQ(key(small_moe(), parallelism(2, 1, 8, 2)), "");
  EXPECT_EQ(key(small_dense(), parallelism(2, 1, 8, 2)), "parallel.expert");
  EXPECT_EQ(key(small_moe(), parallelism(4, 1, 6, 2)), "parallel.expert");
  EXPECT_EQ(key(small_moe(), parallelism(1, 1, 1, 3)), "parallel");
  EXPECT_EQ(key(small_moe(), parallelism(1 << 16, 1 << 16, 1, 1)), "parallel");
  EXPECT_EQ(key(small_moe(), parallelism(2, 1, 8, 2), {.load = {}, .all_to_all = Algorithm::ring}),
            "expert_all_to_all");
  Parallelism unordered = parallelism(2, 1, 8, 2);
  unordered.order.pop_back();
  EXPECT_EQ(key(small_moe(), unordered), "parallel.order");
  EXPECT_THROW(place(small_moe(), unordered, {}, wiring), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models
