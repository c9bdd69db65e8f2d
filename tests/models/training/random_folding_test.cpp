// Folding on what nobody thought of: random fabrics, workloads, slow and dead links, slow NPUs, mixed chips,
// hot experts.
#include "models/training/classes.hpp"
#include "tests/models/random_cases.hpp"

namespace superpod::models {
namespace {

using topology::Fabric;

/// `planned(detail)`, of which the folded plan must run as the full one does; no plan where dead links are in
/// the way.
template <class Planned>
std::optional<Work> expect_folded_equal(Planned&& planned) {
  const auto folded = unless_unreachable([&] { return planned(Detail::folded); });
  auto full = unless_unreachable([&] { return planned(Detail::full); });
  EXPECT_EQ(folded.has_value(), full.has_value());
  if (folded && full) expect_equal(*folded, *full);
  return full;
}

TEST(RandomFolding, CollectivesAndTheirTrafficAreThoseOfTheFullRun) {
  int cases = 0, around = 0;
  for (unsigned seed = 0; cases < 400; ++seed) {
    const Fabric fabric = topology::fabrics::RandomFabrics{seed}();
    if (npus(fabric) < 2 || npus(fabric) > 40) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    const topology::Wiring wiring{fabric};
    const CollectiveWorkload workload = any_collective(dice, fabric);
    const auto faulty = dice.faulty_links(wiring);
    const auto planned = [&](Detail detail) { return plan(workload, wiring, detail, {.links = faulty}); };
    const auto full = expect_folded_equal(planned);
    if (!full) continue;
    around += goes_around(*full) ? 1 : 0;
    ++cases;
  }
  EXPECT_GT(around, 8);
}

TEST(RandomFolding, TrainingStepsAndTheirTrafficAreThoseOfTheFullRun) {
  int cases = 0, around = 0;
  for (unsigned seed = 0; cases < 100; ++seed) {
    const Fabric fabric = topology::fabrics::RandomFabrics{seed}();
    if (npus(fabric) < 4 || npus(fabric) > 32) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    TrainingWorkload workload = any_training(dice, static_cast<int>(npus(fabric)));
    if (workload.model.value.moe && dice.toss())
      workload.expert_load = any_load(dice, workload.model.value.moe->routed_experts);
    if (!flaws(workload, fabric).empty()) continue;
    const topology::Wiring wiring{fabric};
    const Asymmetry asymmetry{dice.faulty_links(wiring), dice.slow_npus(fabric),
                              dice.other_chips(fabric, small_chip())};
    const auto planned = [&](Detail detail) {
      return plan(workload, small_chip(), wiring, detail, asymmetry).plan;
    };
    const auto full = expect_folded_equal(planned);
    if (!full) continue;
    around += goes_around(*full) ? 1 : 0;
    ++cases;
  }
  EXPECT_GT(around, 8);
}

/// Pods that exchange nothing but gradients and weights, so that each kind of pod is folded by itself.
Fabric pods(Dice& dice) {
  const auto bandwidth = [&] { return dice.between(1, 20) * 10 * unit::GB / unit::s; };
  Fabric fabric{{{"pod", dice.between(2, 4)}, {"board", 2}, {"slot", 4}}, {}, 1 * unit::us};
  fabric.networks.push_back(topology::FullMesh{"mesh", {"slot"}, bandwidth(), 1 * unit::us});
  fabric.networks.push_back(topology::Clos{
      .name = "inside", .levels = {"board"}, .bandwidth = bandwidth(), .latency = 1 * unit::us, .tiers = {}});
  topology::Clos outside{
      .name = "outside", .levels = {"pod"}, .bandwidth = bandwidth(), .latency = 2 * unit::us, .tiers = {}};
  outside.planes = 2;
  if (dice.toss()) outside.tiers = {{"pod", 2}};
  outside.rails = dice.toss();
  fabric.networks.push_back(outside);
  return fabric;
}

TEST(RandomFolding, StepsOnPodsThatAreNotAlikeAreThoseOfTheFullRun) {
  int cases = 0, kinds = 0;
  for (unsigned seed = 0; cases < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    const Fabric fabric = pods(dice);
    TrainingWorkload workload = any_training(dice, static_cast<int>(npus(fabric)));
    workload.parallel.order = {Dimension::tensor, Dimension::context, Dimension::expert, Dimension::pipeline,
                               Dimension::data};
    if (workload.model.value.moe && dice.toss())
      workload.expert_load = any_load(dice, workload.model.value.moe->routed_experts);
    if (!flaws(workload, fabric).empty()) continue;
    const topology::Wiring wiring{fabric};
    const Mapping mapping = map(workload, wiring);
    const Asymmetry asymmetry{dice.faulty_links(wiring), dice.slow_npus(fabric),
                              dice.other_chips(fabric, small_chip())};
    const auto planned = [&](Detail detail) {
      return plan(workload, small_chip(), wiring, detail, asymmetry).plan;
    };
    const auto full = expect_folded_equal(planned);
    if (!full) continue;
    if (block_digits(mapping, wiring, asymmetry) > 0 &&
        classes_of(mapping, topology::Routes{wiring, asymmetry.links}, asymmetry).within.kinds().size() > 1)
      ++kinds;
    ++cases;
  }
  EXPECT_GT(kinds, 30);
}

}  // namespace
}  // namespace superpod::models
