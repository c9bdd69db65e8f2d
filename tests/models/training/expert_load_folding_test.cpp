// Hot experts and uneven all-to-alls on random fabrics: the folded run is the full one.
#include "tests/models/random_cases.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using topology::Fabric;

/// Nothing in particular, so that it often fits no fabric.
TrainingWorkload any_hot_training(Dice& dice, int npus) {
  TrainingWorkload workload;
  Llm& llm = workload.model.value;
  llm.name = "small";
  llm.layers = 2;
  llm.hidden = 512;
  llm.vocab = 8000;
  llm.ffn_intermediate = 2048;
  llm.attention = Gqa{8, 8, 64};
  llm.moe = dice.toss() ? Moe{32, 4, 1, 256, 1, 8, 4} : Moe{32, 4, 1, 256, 0, 1, 1};
  workload.sequence_length = 512;
  auto& parallel = workload.parallel;
  parallel.tensor = 1 << dice.between(0, 1);
  parallel.expert = parallel.tensor << dice.between(1, 4);
  parallel.pipeline = 1 << dice.between(0, 1);
  parallel.zero = dice.between(0, 1);
  workload.recompute = static_cast<Recompute>(dice.between(0, 2));
  workload.expert_all_to_all = dice.toss() ? Algorithm::direct : Algorithm::hierarchical;
  workload.expert_load = any_load(dice, 32);
  workload.expert_placement = static_cast<ExpertPlacement>(dice.between(0, 1));
  const int data = std::max(1, npus / parallel.tensor / parallel.pipeline);
  workload.batch = data * dice.between(1, 2) * parallel.pipeline;
  return workload;
}

TEST(HotExpertFolding, StepsAndTheirTrafficAreThoseOfTheFullRun) {
  int cases = 0;
  int alike = 0;  // in which some ranks still share a class
  for (unsigned seed = 0; cases < 120; ++seed) {
    Dice dice{seed};
    const Fabric fabric = topology::fabrics::RandomFabrics{seed}();
    if (npus(fabric) < 4 || npus(fabric) > 32) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TrainingWorkload workload = any_hot_training(dice, static_cast<int>(npus(fabric)));
    if (!flaws(workload, fabric).empty()) continue;
    const topology::Wiring wiring{fabric};
    const Work folded = plan(workload, small_chip(), wiring, Detail::folded).plan;
    const Work full = plan(workload, small_chip(), wiring, Detail::full).plan;
    expect_equal(folded, full);
    alike += folded.platform.ranks.size() < full.platform.ranks.size() ? 1 : 0;
    ++cases;
  }
  EXPECT_GT(alike, cases / 4);
}

CollectiveWorkload any_uneven_all_to_all(Dice& dice, const Fabric& fabric) {
  CollectiveWorkload workload;
  do {
    workload.operation = Operation::all_to_all;
    workload.algorithm = words(Algorithm{})[static_cast<std::size_t>(dice.between(0, 4))].second;
    workload.chunks = dice.between(1, 2);
    workload.size = 64 * MB;
    workload.over.clear();
    for (const auto& level : fabric.levels)
      if (dice.between(0, 2) > 0) workload.over.push_back(level.name);
    workload.loads.clear();
    workload.load_exponent = dice.toss() ? 0.5 * dice.between(1, 4) : 0;
    if (workload.load_exponent > 0) continue;
    const int hot = dice.between(0, static_cast<int>(group_size(workload, fabric)) - 1);
    for (int r = 0; r < static_cast<int>(group_size(workload, fabric)); ++r)
      workload.loads.push_back(r == hot ? dice.between(0, 8) : dice.between(0, 5) > 0 ? 1 : 0.5);
  } while (!flaws(workload, fabric).empty());
  return workload;
}

TEST(UnevenAllToAllFolding, TimesAndTrafficAreThoseOfTheFullRun) {
  int cases = 0;
  int alike = 0;
  for (unsigned seed = 0; cases < 120; ++seed) {
    const Fabric fabric = topology::fabrics::RandomFabrics{seed}();
    if (npus(fabric) < 2 || npus(fabric) > 40) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    const topology::Wiring wiring{fabric};
    const CollectiveWorkload workload = any_uneven_all_to_all(dice, fabric);
    const Work folded = plan(workload, wiring, Detail::folded), full = plan(workload, wiring, Detail::full);
    expect_equal(folded, full);
    alike += folded.platform.ranks.size() < full.platform.ranks.size() ? 1 : 0;
    ++cases;
  }
  EXPECT_GT(alike, cases / 4);
}

CollectiveWorkload all_to_all_on(std::vector<double> loads, Algorithm algorithm) {
  CollectiveWorkload workload;
  workload.operation = Operation::all_to_all;
  workload.algorithm = algorithm;
  workload.size = 64 * MB;
  workload.loads = std::move(loads);
  return workload;
}

TEST(UnevenAllToAll, ToOneRankTakesAsLongAsItsPortNeeds) {
  // Of 8 ranks at 100 GB/s each sends all of its 64 MB to rank 3: 7 * 64 MB come in at its port, one hop
  // away.
  const Fabric fabric = topology::fabrics::one_switch(8);
  const topology::Wiring wiring{fabric};
  std::vector<double> loads(8);
  loads[3] = 1;
  const Work uneven = plan(all_to_all_on(loads, Algorithm::direct), wiring, Detail::folded);
  Work tiny = plan(all_to_all_on({}, Algorithm::direct), wiring, Detail::folded);
  const double latency = tiny.platform.routes.front().latency.in(s);
  EXPECT_NEAR(run(uneven.platform, uneven.work).makespan.in(s), latency + 7 * 64e6 / 100e9, 1e-12);
}

TEST(UnevenAllToAll, OfEqualLoadsChangesNoBit) {
  const topology::Wiring wiring{topology::fabrics::full_mesh({4, 8})};
  for (const Algorithm algorithm :
       {Algorithm::direct, Algorithm::hierarchical, Algorithm::ring, Algorithm::halving_doubling}) {
    const Work even = plan(all_to_all_on({}, algorithm), wiring, Detail::folded);
    const Work same = plan(all_to_all_on(std::vector<double>(32, 7), algorithm), wiring, Detail::folded);
    EXPECT_EQ(run(even.platform, even.work).makespan, run(same.platform, same.work).makespan);
  }
}

TEST(UnevenAllToAll, BringsEachRankItsLoadWhateverTheAlgorithm) {
  // What a rank receives in the end is what came in less what it passed on, and its own part.
  const topology::Wiring wiring{topology::fabrics::full_mesh({4, 4})};
  std::vector<double> loads;
  for (int r = 0; r < 16; ++r) loads.push_back(1 + r % 5);
  const double mean = 46.0 / 16;
  for (const Algorithm algorithm :
       {Algorithm::direct, Algorithm::hierarchical, Algorithm::ring, Algorithm::halving_doubling}) {
    const Work full = plan(all_to_all_on(loads, algorithm), wiring, Detail::full);
    std::vector<double> held(16, 64e6);
    for (const auto& task : full.work.tasks()) {
      if (task.kind != TaskGraph::Kind::move) continue;
      const auto& route = full.platform.routes[static_cast<std::size_t>(task.target)];
      held[static_cast<std::size_t>(route.from)] -= task.amount;
      held[static_cast<std::size_t>(route.to)] += task.amount;
    }
    for (std::size_t r = 0; r < 16; ++r) EXPECT_NEAR(held[r], 64e6 * loads[r] / mean, 1e-3) << r;
  }
}

TEST(UnevenAllToAll, ThatFitsNoGroupIsSaidToBeSo) {
  const Fabric fabric = topology::fabrics::one_switch(8);
  const auto key = [&](const CollectiveWorkload& workload) {
    const auto found = flaws(workload, fabric);
    return found.empty() ? "" : found.front().key;
  };
  CollectiveWorkload workload = all_to_all_on(std::vector<double>(8, 1), Algorithm::direct);
  EXPECT_EQ(key(workload), "");
  workload.load_exponent = 1;
  EXPECT_EQ(key(workload), "load_exponent");
  workload.loads.clear();
  EXPECT_EQ(key(workload), "");
  workload.operation = Operation::all_gather;
  EXPECT_EQ(key(workload), "load_exponent");
  EXPECT_EQ(key(all_to_all_on({1, 2}, Algorithm::direct)), "loads");
  EXPECT_EQ(key(all_to_all_on(std::vector<double>(8), Algorithm::direct)), "loads");
}

}  // namespace
}  // namespace superpod::models
