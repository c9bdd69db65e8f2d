// Plans folded by colour refinement: nothing is lost, and never more classes than by symmetry.
#include "models/work/work_folding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "models/collectives/workload.hpp"
#include "models/training/step.hpp"
#include "sim/values/index.hpp"
#include "tests/models/same_run.hpp"
#include "tests/models/small_models.hpp"
#include "tests/models/small_steps.hpp"
#include "tests/topology/fabrics.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using topology::Fabric;

/// Random links of a plan that are slower than the others.
Work with_slow_links(Work plan, std::mt19937& random) {
  for (int n = static_cast<int>(random() % 4); n > 0; --n) {
    auto& link = plan.platform.links[random() % plan.platform.links.size()];
    link.bandwidth = 0.1 * static_cast<double>(1 + random() % 9) * link.bandwidth;
  }
  return plan;
}

CollectiveWorkload any_collective(std::mt19937& random, const Fabric& fabric) {
  CollectiveWorkload workload;
  do {
    workload.operation = words(Operation{})[random() % 5].second;
    workload.algorithm = words(Algorithm{})[random() % 5].second;
    workload.size = 64 * MB;
    workload.over.clear();
    for (const auto& level : fabric.levels)
      if (random() % 3 > 0) workload.over.push_back(level.name);
  } while (!flaws(workload, fabric).empty());
  return workload;
}

TEST(PlanFolding, OfCollectivesOnRandomFabricsWithSlowLinksLosesNothing) {
  int cases = 0;
  for (unsigned seed = 0; cases < 120; ++seed) {
    const Fabric fabric = topology::fabrics::RandomFabrics{seed}();
    if (npus(fabric) < 2 || npus(fabric) > 40) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const topology::Wiring wiring{fabric};
    expect_same_run(with_slow_links(plan(any_collective(random, fabric), wiring, Detail::full), random));
    ++cases;
  }
}

/// Tasks that take time. (A rank that receives what it sends needs no join where the two are one class
/// already.)
std::ptrdiff_t worked(const Work& plan) {
  return std::ranges::count_if(plan.work.tasks(),
                               [](const auto& task) { return task.kind != TaskGraph::Kind::join; });
}

TEST(PlanFolding, OfCollectivesHasNoMoreClassesThanSymmetry) {
  int cases = 0;
  for (unsigned seed = 0; cases < 120; ++seed) {
    const Fabric fabric = topology::fabrics::RandomFabrics{seed}();
    if (npus(fabric) < 2 || npus(fabric) > 40) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const topology::Wiring wiring{fabric};
    const CollectiveWorkload workload = any_collective(random, fabric);
    const Work by_symmetry = plan(workload, wiring, Detail::folded);
    const Work refined = folded(plan(workload, wiring, Detail::full)).plan;
    EXPECT_LE(refined.platform.ranks.size(), by_symmetry.platform.ranks.size());
    EXPECT_LE(refined.platform.links.size(), by_symmetry.platform.links.size());
    EXPECT_LE(worked(refined), worked(by_symmetry));
    ++cases;
  }
}

/// A step on 64 ranks that uses all of tensor, expert, pipeline and data parallelism.
TrainingWorkload small_step() { return workload_of(small_moe(), 2, 8, 2, Schedule::one_f_one_b); }

TEST(PlanFolding, OfTrainingStepsLosesNothing) {
  std::mt19937 random{7};
  for (const char* name : {"2D full mesh 8x8", "three-tier Clos 4x4x4", "torus 4x4x4"}) {
    SCOPED_TRACE(name);
    const topology::Wiring wiring{fabric_named(name)};
    const Work whole = plan(small_step(), small_chip(), wiring, Detail::full).plan;
    expect_same_run(whole);
    expect_same_run(with_slow_links(whole, random));
  }
}

TEST(PlanFolding, OfTrainingStepsHasNoMoreClassesThanSymmetry) {
  for (const auto& [name, fabric] : small_fabrics()) {
    if (npus(fabric) != 64) continue;
    SCOPED_TRACE(name);
    const topology::Wiring wiring{fabric};
    const Work by_symmetry = plan(small_step(), small_chip(), wiring, Detail::folded).plan;
    const Work refined = folded(plan(small_step(), small_chip(), wiring, Detail::full).plan).plan;
    EXPECT_LE(refined.platform.ranks.size(), by_symmetry.platform.ranks.size());
    EXPECT_LE(worked(refined), worked(by_symmetry));
  }
}

TEST(PlanFolding, OfAStepWithASlowLinkAndASlowNpuFoldsAsFarAsSymmetryDoes) {
  const topology::Wiring wiring{fabric_named("2D full mesh 8x8")};
  Asymmetry asymmetry;
  asymmetry.links = half_speed(wiring);
  asymmetry.npus = {{{3, 5}, 0.5}};
  const Work by_symmetry = plan(small_step(), small_chip(), wiring, Detail::folded, asymmetry).plan;
  const Work whole = plan(small_step(), small_chip(), wiring, Detail::full, asymmetry).plan;
  expect_same_run(whole);
  const Work refined = folded(whole).plan;
  EXPECT_LE(refined.platform.ranks.size(), by_symmetry.platform.ranks.size());
  EXPECT_LE(worked(refined), worked(by_symmetry));
}

TEST(PlanFolding, KeepsEveryRankAndByte) {
  const topology::Wiring wiring{topology::fabrics::torus({3, 5})};
  CollectiveWorkload workload;
  workload.operation = Operation::all_to_all;
  workload.size = 15 * MB;
  const Work whole = plan(workload, wiring, Detail::full);
  const auto bytes = [](const Work& of) {
    double sum = 0;
    for (const auto& task : of.work.tasks())
      if (task.kind == TaskGraph::Kind::move)
        for (const auto& hop : of.platform.routes[index(task.target)].hops)
          sum += task.amount * of.platform.routes[index(task.target)].flows * hop.times;
    return sum;
  };
  const Work few = folded(whole).plan;
  ASSERT_EQ(few.platform.ranks.size(), 1U);
  EXPECT_EQ(few.platform.ranks.front().count, 15);
  EXPECT_NEAR(bytes(few), bytes(whole), folded_equals_full * bytes(whole));
}

/// Two ranks with a device each, which does tasks of 1 s and 2 s that are ready at once.
Work two_devices(bool same_order) {
  Work plan;
  plan.platform.ranks = {{"0"}, {"1"}};
  plan.platform.devices = {{0, "compute"}, {1, "compute"}};
  const LabelId label = plan.work.label("work", "compute");
  for (const DeviceId device : {0, 1}) {
    const bool short_first = device == 0 || same_order;
    plan.work.occupy(device, (short_first ? 1 : 2) * s, label);
    plan.work.occupy(device, (short_first ? 2 : 1) * s, label);
  }
  return plan;
}

TEST(PlanFolding, KeepsTheOrderOfTheTasksOfADevice) {
  EXPECT_EQ(folded(two_devices(true)).plan.platform.ranks.size(), 1U);
  EXPECT_EQ(folded(two_devices(false)).plan.platform.ranks.size(), 2U);
  expect_same_run(two_devices(true));
  expect_same_run(two_devices(false));
}

TEST(PlanFolding, LikeMovesOnOneRouteKeepTheirShares) {
  Work plan;
  plan.platform.ranks = {{"0"}, {"1"}};
  plan.platform.links = {{"cable", 1, 1 * GB / s}};
  plan.platform.routes = {{0, 1, 1, 0 * s, {{0, 1}}}};
  const LabelId label = plan.work.label("send", "send");
  for (int i = 0; i < 3; ++i) plan.work.move(0, 1 * GB, label);
  EXPECT_EQ(folded(plan).plan.work.tasks().size(), 1U);
  expect_same_run(plan);
}

TEST(PlanFolding, OfNothingIsNothing) { EXPECT_TRUE(folded({}).plan.work.tasks().empty()); }

}  // namespace
}  // namespace superpod::models
