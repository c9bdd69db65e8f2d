#include "models/training/stages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "models/training/feasibility.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

using namespace unit;

double one(const Layer&) { return 1; }

std::vector<int> counts_of(const std::vector<Stage>& stages) {
  std::vector<int> counts;
  for (const Stage& stage : stages) counts.push_back(static_cast<int>(stage.size()));
  return counts;
}

/// The model cut at random: each stage gets something.
std::vector<Stage> random_cut(const Llm& llm, int parts, std::mt19937& random) {
  const Stage layers = layers_of(llm);
  std::vector<int> ends;
  for (int i = 1; i < static_cast<int>(layers.size()); ++i) ends.push_back(i);
  std::ranges::shuffle(ends, random);
  ends.resize(static_cast<std::size_t>(parts) - 1);
  std::ranges::sort(ends);
  ends.push_back(static_cast<int>(layers.size()));
  std::vector<Stage> stages;
  for (int first = 0; const int end : ends) {
    stages.emplace_back(layers.begin() + first, layers.begin() + end);
    first = end;
  }
  return stages;
}

TEST(Stages, GoWhereThereIsRoom) {
  // 12 items of equal cost on 4 ranks: 3 each. If the first has room for one only, the others take 4, 4 and
  // 3.
  const HasRoom little_at_first = [](int rank, std::span<const LayerRun> chunks) {
    return rank > 0 || chunks.front().end - chunks.front().first <= 1;
  };
  const Pipeline pipeline{Schedule::one_f_one_b, 4, 8, 1};
  std::vector<int> counts = counts_of(stages_of(small_moe(), pipeline, std::nullopt, one, little_at_first));
  EXPECT_EQ(counts.front(), 1);
  EXPECT_EQ(*std::ranges::max_element(counts), 4);
  EXPECT_EQ(counts_of(stages_of(small_moe(), pipeline, std::nullopt, one)), (std::vector<int>{3, 3, 3, 3}));
}

TEST(Stages, OfADualpipeGoWhereThereIsRoom) {
  // Ranks 0 and 3 hold stages 0 and 3, which together may have 4 items: 8 are left for ranks 1 and 2.
  const HasRoom little_outside = [](int rank, std::span<const LayerRun> chunks) {
    int items = 0;
    for (const LayerRun& run : chunks) items += run.end - run.first;
    return rank > 0 || items <= 4;
  };
  const Pipeline pipeline{Schedule::dualpipe, 4, 8, 1};
  EXPECT_EQ(counts_of(stages_of(small_moe(), pipeline, std::nullopt, one, little_outside)),
            (std::vector<int>{2, 4, 4, 2}));
}

TEST(Stages, WithoutAnyRoomAreCutAsIfThereWere) {
  const HasRoom none = [](int, std::span<const LayerRun>) { return false; };
  for (const Schedule schedule : {Schedule::one_f_one_b, Schedule::dualpipe}) {
    const Pipeline pipeline{schedule, 4, 8, 1};
    EXPECT_EQ(counts_of(stages_of(small_moe(), pipeline, std::nullopt, one, none)),
              counts_of(stages_of(small_moe(), pipeline, std::nullopt, one)));
  }
}

TEST(Stages, HaveRoomWhereTheirMemoryFits) {
  // Of random cuts, on chips whose memory lies around what they need.
  std::mt19937 random{7};
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  int roomy = 0, tight = 0;
  for (const Schedule schedule : {Schedule::gpipe, Schedule::one_f_one_b, Schedule::dualpipe}) {
    const TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, schedule);
    const Mapping mapping = map(workload, wiring);
    for (int trial = 0; trial < 50; ++trial) {
      const auto stages = random_cut(workload.model.value, mapping.pipe.ranks, random);
      const auto needs = memory(workload, mapping, stages);
      Chip chip = small_chip();
      chip.memory = (0.8 + 0.01 * trial) * needs[static_cast<std::size_t>(trial % 4)].total();
      std::vector<LayerRun> runs;
      for (const Stage& stage : stages) {
        const int first = runs.empty() ? 0 : runs.back().end;
        runs.push_back({first, first + static_cast<int>(stage.size())});
      }
      const HasRoom has_room = room(workload, chip, mapping);
      for (int rank = 0; rank < mapping.pipe.ranks; ++rank) {
        std::vector<LayerRun> chunks;
        for (int chunk = 0; chunk < mapping.pipe.chunks_held(); ++chunk)
          chunks.push_back(runs[static_cast<std::size_t>(mapping.pipe.stage(rank, chunk))]);
        const double share = needs[static_cast<std::size_t>(rank)].total() / chip.memory->value;
        if (std::abs(share - 1) < 1e-9) continue;  // rounding decides
        EXPECT_EQ(has_room(rank, chunks), share < 1);
        ++(share < 1 ? roomy : tight);
      }
    }
  }
  EXPECT_GT(roomy, 20);
  EXPECT_GT(tight, 20);
}

}  // namespace
}  // namespace superpod::models
