// Training steps on fabrics that are known cable by cable.
#include "models/training/cabled_step.hpp"

#include <array>
#include <cmath>
#include <numeric>

#include "models/collectives/cabled_collective.hpp"
#include "models/faults/damaged_cabling.hpp"
#include "models/faults/damaged_system.hpp"
#include "models/training/jittered_step.hpp"
#include "models/training/phases.hpp"
#include "tests/models/cablings.hpp"
#include "tests/models/random_cases.hpp"
#include "tests/models/small_steps.hpp"
#include "topology/fabric/members.hpp"

namespace superpod::models {
namespace {

using topology::Cabling;

std::vector<int> as_listed(const Cabling& cabling) {
  std::vector<int> order(topology::npus_of(cabling).size());
  std::iota(order.begin(), order.end(), 0);
  return order;
}

constexpr Seconds endpoint = 0.7 * unit::us;

TrainingWork planned_on(const Cabling& cabling, const TrainingWorkload& workload, Detail detail) {
  return plan(workload, small_chip(), {cabling, endpoint, as_listed(cabling)}, detail);
}

Seconds time_of(const TrainingWork& step) { return run(step.plan.platform, step.plan.work).makespan; }

topology::Fabric on_one_level(int npus, const topology::Network& network) {
  return {{{"npu", npus}}, {network}, {endpoint}};
}

/// That it takes on a graph of the same cables as long as on the level; false where it does not fit.
bool expect_as_on_the_level(const topology::Fabric& fabric, const TrainingWorkload& workload) {
  if (!flaws(workload, fabric).empty()) return false;
  const topology::Wiring wiring{fabric};
  const Cabling cabling = cablings::of(wiring);
  const double level = time_of(plan(workload, small_chip(), wiring, Detail::folded)).in(unit::s);
  for (const Detail detail : {Detail::folded, Detail::full})
    EXPECT_NEAR(time_of(planned_on(cabling, workload, detail)).in(unit::s), level,
                folded_equals_full * level);
  return true;
}

TEST(CabledStep, IsThatOfTheSameFabricWithALevel) {
  using namespace unit;
  constexpr int npus = 16;
  const Sourced<Seconds> hop{0.3 * us};
  const topology::FullMesh mesh{"mesh", {"npu"}, {10 * GB / s}, hop, {1.0}};
  const topology::Clos one_switch{"switch", {"npu"}, {40 * GB / s}, hop, {1.0}, 1, {}, false};
  for (const topology::Network& network : {topology::Network{mesh}, topology::Network{one_switch}}) {
    SCOPED_TRACE(topology::name_of(network));
    int cases = 0;
    for (unsigned seed = 0; cases < 12; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      Dice dice{seed};
      TrainingWorkload workload = any_training(dice, npus);
      workload.expert_all_to_all = Algorithm::direct;
      cases += expect_as_on_the_level(on_one_level(npus, network), workload) ? 1 : 0;
    }
  }
}

/// Between NPUs half a ring apart a graph takes both ways, a level one: here each sends to the next.
TEST(CabledStep, GoesRoundARingAsOnTheLevel) {
  using namespace unit;
  const topology::Torus ring{"ring", {"npu"}, {50 * GB / s}, {0.3 * us}, {1.0}};
  for (const int zero : {0, 1}) {
    TrainingWorkload workload = workload_of(small_dense(), 1, 1, 1, Schedule::one_f_one_b);
    workload.parallel.zero = zero;
    workload.batch = 24;
    EXPECT_TRUE(expect_as_on_the_level(on_one_level(12, ring), workload));
  }
}

/// Some are regular, some are not.
Cabling any_cabling(Dice& dice, unsigned seed) {
  std::mt19937 random{seed};
  switch (dice.between(0, 3)) {
    case 0:
      return cablings::random_regular(8 * dice.between(1, 3), dice.between(3, 5), random);
    case 1:
      return cablings::unequal_tree(dice.between(2, 6), random);
    case 2:
      return cablings::fat_tree(4, dice.between(0, 2));
    default:
      return cablings::two_pods(dice.between(4, 12), dice.between(2, 8));
  }
}

/// A step that fits the graph, with hot experts now and then; none, where the dice fall so.
std::optional<TrainingWorkload> any_step(Dice& dice, const Cabling& cabling) {
  const topology::Fabric alike = one_level(cabling, {});
  TrainingWorkload workload = any_training(dice, alike.levels.front().count);
  workload.expert_all_to_all = Algorithm::direct;
  if (workload.model.value.moe && dice.toss())
    workload.expert_load = any_load(dice, workload.model.value.moe->routed_experts);
  return flaws(workload, alike).empty() ? std::optional{workload} : std::nullopt;
}

void expect_equal(const Phases& folded, const Phases& full, Seconds step) {
  for (const auto& [name, meaning, time] : Phases::fields())
    EXPECT_NEAR((folded.*time).in(unit::s), (full.*time).in(unit::s), folded_equals_full * step.in(unit::s))
        << name;
}

bool differ(double a, double b) { return std::abs(a - b) > folded_equals_full * b; }

/// Whether a step without any symmetry takes another time where latencies are off in their last digits.
bool hangs_on_rounding(const Cabling& cabling, const TrainingWorkload& workload) {
  const double time = time_of(planned_on(cabling, workload, Detail::full)).in(unit::s);
  const auto off = [&](double by) {
    return plan(workload, small_chip(), {cabling, (1 + by) * endpoint, as_listed(cabling)}, Detail::full);
  };
  return std::ranges::any_of(std::array{1e-15, 1e-14, 1e-13},
                             [&](double by) { return differ(time_of(off(by)).in(unit::s), time); });
}

TEST(CabledStep, OnAnyGraphIsFoldedThatOfTheFullRun) {
  int cases = 0, fold = 0, unsteady = 0;
  for (unsigned seed = 0; cases < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    const Cabling cabling = any_cabling(dice, seed);
    const auto workload = any_step(dice, cabling);
    if (!workload) continue;
    const TrainingWork folded = planned_on(cabling, *workload, Detail::folded),
                       full = planned_on(cabling, *workload, Detail::full);
    ++cases;
    fold += folded.plan.platform.ranks.size() < full.plan.platform.ranks.size() ? 1 : 0;
    if (differ(time_of(folded).in(unit::s), time_of(full).in(unit::s)) &&
        hangs_on_rounding(cabling, *workload)) {
      ++unsteady;
      continue;
    }
    expect_equal(folded.plan, full.plan);
    const Trace of_folded = run(folded.plan.platform, folded.plan.work),
                of_full = run(full.plan.platform, full.plan.work);
    expect_equal(phases(folded, folded.plan, of_folded), phases(full, full.plan, of_full), of_full.makespan);
  }
  EXPECT_GT(fold, 20);
  EXPECT_LE(unsteady, 2);
}

TrainingWork planned_with(const Faults& faults, const Cabling& cabling, const TrainingWorkload& workload,
                          Detail detail) {
  const DamagedCabling damage = damaged(faults, cabling, 0);
  return plan(workload, small_chip(), {damage.left, endpoint, as_listed(cabling), &cabling, damage.speed},
              detail);
}

TEST(CabledStep, WithFaultsIsThatOfTheSameFabricWithALevel) {
  using namespace unit;
  constexpr int npus = 16;
  const topology::FullMesh mesh{"mesh", {"npu"}, {10 * GB / s}, {0.3 * us}, {1.0}};
  const topology::Wiring wiring{on_one_level(npus, mesh)};
  const Cabling cabling = cablings::of(wiring);
  Faults by_address, by_name;
  by_address.links.resize(2);
  by_name.links.resize(2);
  for (LinkFault& fault : by_address.links) fault.network = "mesh";
  by_address.links[0].from = {{1}}, by_address.links[0].to = {{5}};
  by_name.links[0].between = {{"npu1", "npu5"}};
  by_address.links[1].from = {{2}}, by_address.links[1].to = {{3}};
  by_name.links[1].between = {{"npu2", "npu3"}};
  for (Faults* faults : {&by_address, &by_name}) {
    faults->links[1].share = 0.25, faults->links[1].one_way = true;
    faults->npus.resize(1);
    faults->npus[0].speed = 0.5;
  }
  by_address.npus[0].at = {{7}};
  by_name.npus[0].name = "npu7";
  const Asymmetry asymmetry = models::asymmetry(by_address, wiring, 0);
  int cases = 0;
  for (unsigned seed = 0; cases < 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    TrainingWorkload workload = any_training(dice, npus);
    workload.expert_all_to_all = Algorithm::direct;
    if (!flaws(workload, wiring.fabric()).empty()) continue;
    const auto level = plan(workload, small_chip(), wiring, Detail::folded, asymmetry);
    const double expected = time_of(level).in(unit::s);
    for (const Detail detail : {Detail::folded, Detail::full})
      EXPECT_NEAR(time_of(planned_with(by_name, cabling, workload, detail)).in(unit::s), expected,
                  folded_equals_full * expected);
    ++cases;
  }
}

/// But for the order in which tasks come to be done (Graham's anomalies of list scheduling). A dead link is
/// one of a fat tree, where there are others like it: elsewhere the way around it may be longer and wider.
TEST(CabledStep, IsNotFasterWithAWeakOrADeadLink) {
  constexpr double anomalies = 0.013;
  int cases = 0, slower = 0;
  for (unsigned seed = 0; cases < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    const bool dead = dice.toss();
    const Cabling cabling = dead ? cablings::fat_tree(4) : any_cabling(dice, seed);
    const auto workload = any_step(dice, cabling);
    if (!workload) continue;
    Faults faults;
    faults.links.resize(1);
    faults.links[0].count = 1;
    if (!dead) faults.links[0].share = 0.1 * dice.between(1, 9);
    const auto broken =
        unless_unreachable([&] { return planned_with(faults, cabling, *workload, Detail::folded); });
    if (!broken) continue;
    const Seconds whole = time_of(planned_on(cabling, *workload, Detail::folded)), with = time_of(*broken);
    EXPECT_GT(with / whole, 1 - anomalies);
    slower += with / whole > 1.001 ? 1 : 0;
    ++cases;
  }
  EXPECT_GT(slower, 15);
}

TEST(CabledStep, WithSpeedsByChanceIsThatOfTheFullRun) {
  const Cabling cabling = cablings::fat_tree(4);
  TrainingWorkload workload = workload_of(small_moe(), 2, 4, 2, Schedule::one_f_one_b);
  workload.batch = 32;
  const auto drawn = [&](Detail detail) {
    return jittered_step(planned_on(cabling, workload, detail), {.spread = 0.03, .samples = 3}, 7,
                         [](const Platform& platform, const TaskGraph& work) { return run(platform, work); });
  };
  const JitteredStep folded = drawn(Detail::folded), full = drawn(Detail::full);
  for (std::size_t i = 0; i < full.steps.size(); ++i) {
    const double expected = full.steps[i].in(unit::s);
    EXPECT_NEAR(folded.steps[i].in(unit::s), expected, folded_equals_full * expected);
  }
  EXPECT_GT(full.mean, full.plain);
}

}  // namespace
}  // namespace superpod::models
