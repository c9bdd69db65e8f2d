#include "models/search/step_bound.hpp"

#include <gtest/gtest.h>

#include "models/search/space.hpp"
#include "models/training/feasibility.hpp"
#include "models/training/step.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/random_cases.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

constexpr double rounding = 1e-9;  // relative

/// Some choices that a space offers on a fabric, each with its bound.
struct Drawn {
  topology::Wiring wiring;
  TrainingWorkload workload;
  Chip chip;
  Space space;
  Searched found;

  Drawn(const topology::Fabric& fabric, Dice& dice) : wiring{fabric}, chip{small_chip()} {
    workload =
        workload_of(dice.between(0, 3) > 0 ? small_moe() : small_dense(), 1, 1, 1, Schedule::one_f_one_b);
    workload.batch = 32 * dice.between(2, 4);
    if (dice.toss()) workload.expert_all_to_all = Algorithm::hierarchical;
    workload.precision.gemm = dice.toss() ? Precision::fp8 : Precision::bf16;
    chip.memory = (dice.toss() ? 64 : dice.between(1, 6) * 0.25) * unit::GB;
    space.microbatch = {1, 2};
    space.context = dice.toss() ? std::vector{1} : std::vector{1, 2};
    StepBounds bounds{workload, chip, wiring};
    found = search(bounds, space, {workload.batch, 0.1});
  }
  [[nodiscard]] System system() const {
    System system;
    system.chip.value = chip;
    system.levels = wiring.fabric().levels;
    system.networks = wiring.fabric().networks;
    system.endpoint_latency = wiring.fabric().endpoint_latency;
    return system;
  }
};

TEST(StepBound, IsNeverAboveTheSimulatedStep) {
  Dice dice{20261122};
  int simulated = 0;
  for (const auto& [name, fabric] : small_fabrics()) {
    const Drawn drawn{fabric, dice};
    for (int i = 0; i < 8 && !drawn.found.candidates.empty(); ++i) {
      const int last = static_cast<int>(drawn.found.candidates.size()) - 1;
      const Candidate& candidate = drawn.found.candidates[static_cast<std::size_t>(dice.between(0, last))];
      const TrainingWorkload workload = drawn.workload.with(candidate.choice);
      const TrainingWork planned = plan(workload, drawn.chip, drawn.wiring, Detail::folded);
      StepBounds bounds{drawn.workload, drawn.chip, drawn.wiring};
      const StepBound refined = bounds.refined(candidate.choice);
      EXPECT_EQ(refined.fits, misfits(planned.memory, drawn.chip).empty());
      if (!refined.fits) continue;
      const Seconds step = run(planned.plan.platform, planned.plan.work).makespan;
      EXPECT_LE(candidate.bound.step, step * (1 + rounding)) << name << ", " << words(candidate.choice, 64);
      EXPECT_GT(candidate.bound.step, 0.05 * step) << name << ", " << words(candidate.choice, 64);
      EXPECT_LE(refined.step, step * (1 + rounding)) << name << ", " << words(candidate.choice, 64);
      EXPECT_LE(candidate.bound.step, refined.step * 1.1) << name << ", " << words(candidate.choice, 64);
      ++simulated;
    }
  }
  EXPECT_GT(simulated, 50);
}

TEST(StepBound, RejectsForMemoryOnlyWhatDoesNotFit) {
  Dice dice{5};
  int rejected = 0;
  for (const auto& [name, fabric] : small_fabrics()) {
    Drawn drawn{fabric, dice};
    drawn.chip.memory = 0.5 * unit::GB;
    StepBounds bounds{drawn.workload, drawn.chip, drawn.wiring};
    for (const Candidate& candidate : drawn.found.candidates) {
      if (dice.between(0, 40) > 0) continue;
      const Geometry geometry = bounds.geometry(candidate.choice.parallel);
      const StepBound bound =
          bounds.bound(geometry, bounds.sums(geometry, candidate.choice), candidate.choice);
      const bool fits = flaws(drawn.workload.with(candidate.choice), drawn.system()).empty();
      if (!bound.fits) {
        EXPECT_FALSE(fits) << name << ", " << words(candidate.choice, 64);
        ++rejected;
      } else if (candidate.choice.schedule == Schedule::one_f_one_b) {
        EXPECT_TRUE(fits) << name << ", " << words(candidate.choice, 64);
      }
    }
  }
  EXPECT_GT(rejected, 20);
}

TEST(StepBound, ScalesWithAllRatesAlike) {
  const topology::Fabric fabric = fabric_named("board mesh in pod Clos 8x8");
  TrainingWorkload workload = workload_of(small_moe(), 1, 8, 4, Schedule::one_f_one_b);
  Chip chip = small_chip();
  MappingChoice choice = workload;
  choice.parallel.expert = 8;
  choice.parallel.pipeline = 4;
  choice.recompute = Recompute::selective;
  const auto bound_of = [&](const topology::Fabric& on) {
    const topology::Wiring wiring{on};
    StepBounds bounds{workload, chip, wiring};
    const Geometry geometry = bounds.geometry(choice.parallel);
    return bounds.bound(geometry, bounds.sums(geometry, choice), choice).step.in(unit::s);
  };
  const double base = bound_of(fabric);
  topology::Fabric faster = fabric;
  std::get<topology::FullMesh>(faster.networks[0]).bandwidth.value *= 2;
  std::get<topology::Clos>(faster.networks[1]).bandwidth.value *= 2;
  std::get<topology::FullMesh>(faster.networks[0]).latency.value *= 0.5;
  std::get<topology::Clos>(faster.networks[1]).latency.value *= 0.5;
  faster.endpoint_latency.value *= 0.5;
  EXPECT_LE(bound_of(faster), base);
  chip.peak.bf16->value *= 2;
  chip.peak.fp8->value *= 2;
  chip.memory_bandwidth->value *= 2;
  chip.launch_overhead.value *= 0.5;
  EXPECT_NEAR(bound_of(faster), base / 2, 1e-6 * base);
}

}  // namespace
}  // namespace superpod::models
