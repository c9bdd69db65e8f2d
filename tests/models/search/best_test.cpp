#include "models/search/best.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/training/feasibility.hpp"
#include "models/training/step.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

/// A space that can be simulated whole: a mixture of experts on 64 NPUs.
struct SmallSpace {
  topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  topology::Wiring wiring{fabric};
  TrainingWorkload workload = workload_of(small_moe(), 1, 1, 1, Schedule::one_f_one_b);
  Chip chip = small_chip();
  Space space;
  Searched found;

  SmallSpace() {
    workload.batch = 128;
    chip.memory = 3 * unit::GB;  // tight: the fastest choices do not fit
    space.tensor = {1, 2};
    space.expert = {1, 8, 16};
    space.pipeline = {1, 2, 4};
    space.virtual_stages = {2};
    space.microbatch = {1};
    space.recompute = {Recompute::none, Recompute::full};
    StepBounds bounds{workload, chip, wiring};
    found = search(bounds, space, {workload.batch, 0});
  }
  [[nodiscard]] Simulated simulate(const Candidate& candidate) const {
    const TrainingWork planned = plan(workload.with(candidate.choice), chip, wiring, Detail::folded);
    return {candidate, run(planned.plan.platform, planned.plan.work).makespan, {}, {}};
  }
  [[nodiscard]] StepBound refined(const Candidate& candidate) const {
    StepBounds bounds{workload, chip, wiring};
    return bounds.refined(candidate.choice);
  }
  [[nodiscard]] Refiner refiner() const {
    return [this](const Candidate& candidate) { return refined(candidate); };
  }
  [[nodiscard]] Simulator simulator(int& count) const {
    return [this, &count](std::span<const Candidate> candidates) {
      std::vector<Simulated> seen;
      for (const Candidate& candidate : candidates) {
        seen.push_back(simulate(candidate));
        ++count;
      }
      return seen;
    };
  }
};

TEST(Best, WithoutALimitIsTheBestOfAllSimulated) {
  const SmallSpace small;
  Seconds fastest{1e9};
  for (const Candidate& candidate : small.found.candidates)
    if (small.refined(candidate).fits) fastest = std::min(fastest, small.simulate(candidate).per_sequence());

  int count = 0;
  const Best best = best_of(small.found.candidates, {.simulations = 0, .round = 4}, small.refiner(),
                            small.simulator(count));
  ASSERT_FALSE(best.steps.empty());
  EXPECT_TRUE(best.proven());
  EXPECT_EQ(best.open_gap(), 0);
  EXPECT_DOUBLE_EQ(best.steps.front().per_sequence() / fastest, 1);
  EXPECT_LT(count, static_cast<int>(small.found.candidates.size()) / 2) << "bounds spare simulations";
  EXPECT_EQ(count + best.left + static_cast<double>(best.misfits.size()),
            static_cast<double>(small.found.candidates.size()));
}

TEST(Best, WithALimitTellsHowMuchFasterAnotherCouldBe) {
  const SmallSpace small;
  int count = 0;
  const Best all = best_of(small.found.candidates, {.simulations = 0, .round = 4}, small.refiner(),
                           small.simulator(count));
  const Best few = best_of(small.found.candidates, {.simulations = 2, .round = 4}, small.refiner(),
                           small.simulator(count));
  EXPECT_EQ(few.steps.size(), 2U);
  EXPECT_FALSE(few.proven());
  EXPECT_LE(few.steps.front().per_sequence() * (1 - few.open_gap()), all.steps.front().per_sequence());
}

TEST(Best, BoundsAndStepsAreRankedAlike) {
  const SmallSpace small;
  std::vector<Simulated> seen;
  for (std::size_t i = 0; i < small.found.candidates.size(); i += 5)
    if (small.refined(small.found.candidates[i]).fits)
      seen.push_back(small.simulate(small.found.candidates[i]));
  EXPECT_GT(seen.size(), 30U);
  EXPECT_GT(rank_correlation(seen), 0.8);
}

Simulated step_of(double bound, double step) {
  Simulated seen;
  seen.candidate.choice.batch = 1;
  seen.candidate.bound.step = Seconds{bound};
  seen.step = Seconds{step};
  return seen;
}

TEST(RankCorrelation, IsThatOfRanks) {
  EXPECT_DOUBLE_EQ(rank_correlation(std::vector{step_of(1, 10), step_of(2, 100), step_of(3, 1000)}), 1);
  EXPECT_DOUBLE_EQ(rank_correlation(std::vector{step_of(1, 3), step_of(2, 2), step_of(3, 1)}), -1);
  // By hand: 1 - 6 sum d^2 / (n (n^2 - 1)) = 1 - 6 * 2 / 60.
  EXPECT_DOUBLE_EQ(rank_correlation(std::vector{step_of(1, 1), step_of(2, 3), step_of(3, 2), step_of(4, 4)}),
                   0.8);
  EXPECT_TRUE(std::isnan(rank_correlation(std::vector{step_of(1, 1), step_of(2, 2)})));
}

TEST(Words, OfAChoiceNameWhatIsShared) {
  MappingChoice experts;
  experts.parallel.expert = 64;
  experts.parallel.pipeline = 16;
  experts.schedule = Schedule::dualpipe;
  EXPECT_EQ(words(experts, 2048), "PP16 EP64 EDP2 ZeRO-1, DualPipe, 1 sequence, selective recomputation");
  MappingChoice dense;
  dense.parallel.tensor = 8;
  dense.parallel.zero = 0;
  dense.microbatch = 2;
  dense.recompute = Recompute::none;
  EXPECT_EQ(words(dense, 64), "TP8 DP8, 2 sequences");
}

}  // namespace
}  // namespace superpod::models
