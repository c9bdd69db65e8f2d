#include "models/training/schedule.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <tuple>

namespace superpod::models {
namespace {

using Kind = ScheduledPass::Kind;

std::vector<Pipeline> pipelines() {
  std::vector<Pipeline> all;
  for (const int ranks : {1, 2, 3, 4, 8, 16})
    for (const int microbatches : {1, 2, 4, 6, 14, 16, 30, 32, 48, 120})
      for (const auto schedule :
           {Schedule::gpipe, Schedule::one_f_one_b, Schedule::interleaved, Schedule::dualpipe})
        for (const int chunks : {1, 2, 4}) {
          if (chunks > 1 && schedule != Schedule::interleaved) continue;
          const Pipeline pipeline{schedule, ranks, microbatches, chunks};
          if (flaw(pipeline).empty()) all.push_back(pipeline);
        }
  return all;
}

TEST(Schedule, RunsEachPassOfEachMicrobatchOnceOnEachStage) {
  for (const Pipeline& pipeline : pipelines()) {
    std::map<std::pair<int, int>, std::multiset<Kind>> passes;  // (stage, microbatch)
    const auto order = slots(pipeline);
    for (int rank = 0; rank < pipeline.ranks; ++rank)
      for (const Slot& slot : order[static_cast<std::size_t>(rank)])
        for (const ScheduledPass& pass : slot) {
          const int stage = pipeline.stage(rank, pass.chunk);
          EXPECT_EQ(pipeline.home(stage, pass.microbatch), (std::pair{rank, pass.chunk}));
          passes[{stage, pass.microbatch}].insert(pass.kind);
        }
    EXPECT_EQ(passes.size(), static_cast<std::size_t>(pipeline.stages() * pipeline.microbatches));
    const std::multiset<Kind> joint{Kind::forward, Kind::backward};
    const std::multiset<Kind> parted{Kind::forward, Kind::backward_input, Kind::backward_weight};
    for (const auto& [where, kinds] : passes) EXPECT_TRUE(kinds == joint || kinds == parted);
  }
}

/// Runs the slots with unit-time passes; false if some rank waits for ever.
bool comes_to_an_end(const Pipeline& pipeline) {
  const auto order = slots(pipeline);
  std::set<std::tuple<bool, int, int>> done;  // (backward, stage, microbatch)
  std::vector<std::size_t> next(order.size());
  const auto ready = [&](int rank, const ScheduledPass& pass) {
    const int stage = pipeline.stage(rank, pass.chunk);
    if (pass.kind == Kind::backward_weight) return done.contains({true, stage, pass.microbatch});
    if (pass.kind == Kind::forward) return stage == 0 || done.contains({false, stage - 1, pass.microbatch});
    const bool last = stage == pipeline.stages() - 1;
    return done.contains({false, stage, pass.microbatch}) &&
           (last || done.contains({true, stage + 1, pass.microbatch}));
  };
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      if (next[rank] == order[rank].size()) continue;
      const Slot& slot = order[rank][next[rank]];
      bool can_run = true;
      for (const ScheduledPass& pass : slot) can_run = can_run && ready(static_cast<int>(rank), pass);
      if (!can_run) continue;
      for (const ScheduledPass& pass : slot)
        if (pass.kind != Kind::backward_weight)
          done.insert({pass.kind != Kind::forward, pipeline.stage(static_cast<int>(rank), pass.chunk),
                       pass.microbatch});
      ++next[rank];
      moved = true;
    }
  }
  for (std::size_t rank = 0; rank < order.size(); ++rank)
    if (next[rank] != order[rank].size()) return false;
  return true;
}

TEST(Schedule, NeverWaitsForEver) {
  for (const Pipeline& pipeline : pipelines())
    EXPECT_TRUE(comes_to_an_end(pipeline))
        << static_cast<int>(pipeline.schedule) << " ranks " << pipeline.ranks << " microbatches "
        << pipeline.microbatches << " chunks " << pipeline.chunks;
}

TEST(Schedule, OneForwardOneBackwardHoldsAsManyMicrobatchesAsRanksAreLeft) {
  const Pipeline pipeline{Schedule::one_f_one_b, 8, 32, 1};
  const auto order = slots(pipeline);
  for (int rank = 0; rank < 8; ++rank)
    EXPECT_EQ(most_in_flight(order[static_cast<std::size_t>(rank)], std::array{1.0}), 8 - rank);
}

TEST(Schedule, GpipeHoldsAllMicrobatches) {
  EXPECT_EQ(most_in_flight(slots({Schedule::gpipe, 4, 12, 1})[0], std::array{1.0}), 12);
}

TEST(Schedule, InterleavedHoldsItsWarmUpAndOneMore) {
  // 2 (p - rank - 1) + (v - 1) p warm-up passes (arXiv 2104.04473, section 2.2): over all chunks, not in
  // each.
  const auto order = slots({Schedule::interleaved, 4, 16, 3});
  for (int rank = 0; rank < 4; ++rank)
    EXPECT_EQ(most_in_flight(order[static_cast<std::size_t>(rank)], std::array{1.0, 1.0, 1.0}),
              2 * (4 - rank - 1) + 2 * 4 + 1);
}

TEST(Schedule, DualPipeHoldsOneMicrobatchMoreThanItHasRanks) {
  // Both chunks together hold ranks + 1 microbatches at most (arXiv 2412.19437, table 2).
  const auto order = slots({Schedule::dualpipe, 8, 40, 1});
  for (const auto& of_rank : order) EXPECT_EQ(most_in_flight(of_rank, std::array{1.0, 1.0}), 8 + 1);
}

TEST(Schedule, RefusesWhatCannotBeScheduled) {
  EXPECT_FALSE(flaw({Schedule::dualpipe, 3, 12, 1}).empty());
  EXPECT_FALSE(flaw({Schedule::dualpipe, 4, 7, 1}).empty());
  EXPECT_FALSE(flaw({Schedule::dualpipe, 16, 28, 1}).empty());
  EXPECT_FALSE(flaw({Schedule::interleaved, 4, 6, 2}).empty());
  EXPECT_THROW(slots({Schedule::dualpipe, 3, 12, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models
