#include "models/training/phases.hpp"

#include <gtest/gtest.h>

#include "sim/engine/engine.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double rounding = 1e-9;  // relative: what the project promises

constexpr Schedule schedules[]{Schedule::gpipe, Schedule::one_f_one_b, Schedule::interleaved,
                               Schedule::dualpipe};

struct Ran {
  TrainingWork planned;
  Trace trace;

  Ran(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring, Detail detail,
      const std::vector<topology::Degraded>& degraded = {})
      : planned{plan(workload, chip, wiring, detail, {.links = degraded})},
        trace{run(planned.plan.platform, planned.plan.work)} {}

  [[nodiscard]] Phases mean() const { return phases(planned, planned.plan, trace); }
  [[nodiscard]] std::vector<Phases> of_ranks() const { return phases_of_ranks(planned, planned.plan, trace); }
};

double sum(const Phases& phases) {
  Seconds all;
  for (const auto& field : Phases::fields()) all += phases.*field.time;
  return all.in(s);
}

TEST(Phases, OfEachRankAddUpToTheStepAndNoneIsNegative) {
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  for (const Schedule schedule : schedules)
    for (const bool slow_link : {false, true}) {
      const Ran ran{workload_of(small_moe(), 1, 8, 4, schedule), small_chip(), wiring, Detail::folded,
                    slow_link ? half_speed(wiring) : std::vector<topology::Degraded>{}};
      const double step = ran.trace.makespan.in(s);
      EXPECT_NEAR(sum(ran.mean()), step, rounding * step);
      for (const Phases& of_rank : ran.of_ranks()) {
        EXPECT_NEAR(sum(of_rank), step, rounding * step);
        for (const auto& field : Phases::fields())
          EXPECT_GE((of_rank.*field.time).in(s), -rounding * step) << field.name;
      }
    }
}

TEST(Phases, FoldedEqualFull) {
  const topology::Wiring wiring{fabric_named("board mesh in pod Clos 8x8")};
  for (const Schedule schedule : {Schedule::one_f_one_b, Schedule::dualpipe}) {
    const TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, schedule);
    const auto slow = half_speed(wiring);
    const Phases folded = Ran{workload, small_chip(), wiring, Detail::folded, slow}.mean();
    const Ran full{workload, small_chip(), wiring, Detail::full, slow};
    const Phases expected = full.mean();
    for (const auto& field : Phases::fields())
      EXPECT_NEAR((folded.*field.time).in(s), (expected.*field.time).in(s),
                  rounding * full.trace.makespan.in(s))
          << field.name;
  }
}

TEST(Phases, OneRankHasNoBubble) {
  const topology::Wiring wiring{fabric_named("single switch 64")};
  const Ran ran{workload_of(small_dense(), 1, 1, 1, Schedule::one_f_one_b), small_chip(), wiring,
                Detail::folded};
  EXPECT_NEAR(ran.mean().bubble.in(s), 0, rounding * ran.trace.makespan.in(s));
  EXPECT_GT(ran.mean().forward, Seconds{});
  EXPECT_EQ(ran.mean().forward_with_backward, Seconds{});
}

/// Phases in forward passes of one microbatch through one rank, where F = 1, B = 2 and W = 1.
Phases in_passes(Schedule schedule, int ranks, int microbatches) {
  const EqualStages equal{schedule, ranks, schedule == Schedule::interleaved ? 2 : 1, microbatches};
  const Ran ran{equal.workload, equal.chip, equal.wiring, Detail::folded};
  Seconds forward;
  for (const auto& [use, calls] : ran.planned.kernels)
    if (use.name.find(" forward") != std::string::npos) forward += calls * use.time.time;
  Phases phases = ran.mean();
  for (const auto& field : Phases::fields())
    phases.*field.time = Seconds{microbatches * (phases.*field.time / forward)};
  return phases;
}

constexpr double close = 5e-3;  // of a pass: the head's share in the mean pass

TEST(Phases, WithoutOverlapAllPassesAreAlone) {
  for (const Schedule schedule : {Schedule::gpipe, Schedule::one_f_one_b, Schedule::interleaved}) {
    const Phases phases = in_passes(schedule, 4, 8);
    EXPECT_NEAR(phases.forward.in(s), 8, 8 * close);
    EXPECT_NEAR(phases.backward.in(s), 16, 16 * close);
    EXPECT_EQ(phases.forward_with_backward, Seconds{});
    EXPECT_EQ(phases.backward_weights, Seconds{});
    EXPECT_NEAR(phases.bubble.in(s), schedule == Schedule::interleaved ? 4.5 : 9, 8 * close);
  }
}

TEST(Phases, OfADualpipeAreThoseOfItsSlots) {
  // A rank at depth d from its nearer end, a = p/2 - d - 1 ranks before the middle, m microbatches: 3 a + 2
  // (d + 1) forward passes stand alone, of the others each goes with a backward one; so do a + d + 1 whole
  // backward passes and 2 a + d + 1 without weights, which follow alone. In the middle one pair is taken
  // apart.
  for (const int p : {4, 8})
    for (const int m : {2 * p, 6 * p}) {
      double forward = 0, pairs = 0, whole = 0, split = 0;
      for (int d = 0; d < p / 2; ++d) {
        const int a = p / 2 - d - 1, apart = a == 0 ? 1 : 0;
        forward += (3 * a + 2 * (d + 1) + apart) / (p / 2.0);
        whole += (a + d + 1 + apart) / (p / 2.0);
        split += (2 * a + d + 1) / (p / 2.0);
        pairs += (m - 3 * a - 2 * (d + 1) - apart) / (p / 2.0);
      }
      const Phases phases = in_passes(Schedule::dualpipe, p, m);
      EXPECT_NEAR(phases.forward.in(s), forward, close * m);
      EXPECT_NEAR(phases.forward_with_backward.in(s), 3 * pairs, close * m);
      EXPECT_NEAR(phases.backward.in(s), 2 * whole + split, close * m);
      EXPECT_NEAR(phases.backward_weights.in(s), split, close * m);
      EXPECT_NEAR(phases.bubble.in(s), 2 * (p / 2 - 1), close * m);
    }
}

}  // namespace
}  // namespace superpod::models
