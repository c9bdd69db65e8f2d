// Folding on what nobody thought of: random fabrics, workloads, slow and dead links.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "models/training/step.hpp"
#include "models/workloads/collective.hpp"
#include "sim/engine.hpp"
#include "tests/models/small_models.hpp"
#include "tests/topology/fabrics.hpp"
#include "tests/topology/random_links.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using topology::Fabric;

constexpr double folded_equals_full = 1e-9;  // relative: what the project promises

class Dice {
 public:
  explicit Dice(unsigned seed) : random_{seed} {}
  int between(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }
  bool toss() { return between(0, 1) == 1; }
  template <class List>
  void shuffle(List& list) {
    std::shuffle(list.begin(), list.end(), random_);
  }

  std::vector<int> address(const Fabric& fabric) {
    std::vector<int> digits;
    for (const auto& level : fabric.levels) digits.push_back(between(0, level.count - 1));
    return digits;
  }

  /// Up to three links that are slow, or dead.
  std::vector<topology::Degraded> faulty_links(const topology::Wiring& wiring) {
    std::vector<topology::Degraded> all;
    for (int n = between(0, 3); n > 0; --n)
      if (const auto link = topology::random_link(wiring, random_))
        all.push_back({*link, toss() ? 0 : 0.1 * between(1, 9)});
    return all;
  }

 private:
  std::mt19937 random_;
};

/// Bytes that cross each family of links.
std::map<std::string, double> traffic(const Plan& plan) {
  std::map<std::string, double> bytes;
  for (const auto& task : plan.work.tasks()) {
    if (task.kind != TaskGraph::Kind::move) continue;
    const auto& route = plan.platform.routes[static_cast<std::size_t>(task.target)];
    for (const auto& hop : route.hops)
      bytes[plan.platform.links[static_cast<std::size_t>(hop.link)].name] +=
          task.amount * route.flows * hop.times;
  }
  return bytes;
}

void expect_equal(const Plan& folded, const Plan& full) {
  const auto some = traffic(folded), all = traffic(full);
  ASSERT_EQ(some.size(), all.size());
  for (const auto& [family, bytes] : all)
    EXPECT_NEAR(some.at(family), bytes, folded_equals_full * bytes) << family;
  const double expected = run(full.platform, full.work).makespan.in(s);
  EXPECT_NEAR(run(folded.platform, folded.work).makespan.in(s), expected, folded_equals_full * expected);
}

/// Whether some flow goes over several ways.
bool goes_around(const Plan& plan) {
  return std::ranges::any_of(plan.platform.routes, [](const auto& route) {
    return std::ranges::any_of(route.hops,
                               [](const auto& hop) { return hop.times != std::round(hop.times); });
  });
}

/// What `planned` returns, unless dead links are in the way.
template <class Planned>
auto unless_unreachable(Planned&& planned) -> std::optional<decltype(planned())> {
  try {
    return planned();
  } catch (const topology::Unreachable&) {
    return std::nullopt;
  }
}

CollectiveWorkload any_collective(Dice& dice, const Fabric& fabric) {
  CollectiveWorkload workload;
  do {
    workload.operation = static_cast<Operation>(dice.between(0, 5));
    workload.algorithm = static_cast<Algorithm>(dice.between(0, 4));
    workload.size = 64 * MB;
    workload.over.clear();
    for (const auto& level : fabric.levels)
      if (dice.between(0, 2) > 0) workload.over.push_back(level.name);
    workload.root = dice.address(fabric);
    workload.destination = dice.address(fabric);
  } while (!flaws(workload, fabric).empty());
  return workload;
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
    const auto planned = [&](Detail detail) {
      return unless_unreachable([&] { return plan(workload, wiring, detail, {.links = faulty}); });
    };
    const auto folded = planned(Detail::folded), full = planned(Detail::full);
    ASSERT_EQ(folded.has_value(), full.has_value());
    if (!full) continue;
    expect_equal(*folded, *full);
    around += goes_around(*full) ? 1 : 0;
    ++cases;
  }
  EXPECT_GT(around, 8);
}

/// Nothing in particular, so that it often fits no fabric.
TrainingWorkload any_training(Dice& dice, int npus) {
  TrainingWorkload workload;
  Llm& llm = workload.model.value;
  llm.name = "small";
  llm.layers = 5;
  llm.hidden = 1024;
  llm.vocab = 32000;
  llm.ffn_intermediate = 4096;
  llm.attention = Gqa{16, 8, 64};
  const bool experts = dice.between(0, 2) > 0;
  if (experts) llm.moe = Moe{64, 4, 1, 512, 1, 8, 4};
  llm.mtp_layers = experts ? 1 : 0;
  workload.sequence_length = 512;
  auto& parallel = workload.parallel;
  parallel.tensor = 1 << dice.between(0, 2);
  parallel.context = 1 << std::max(0, dice.between(-2, 2));
  parallel.expert =
      experts && dice.between(0, 3) > 0 ? parallel.tensor * parallel.context << dice.between(0, 3) : 1;
  parallel.pipeline = 1 << dice.between(0, 2);
  workload.schedule = static_cast<Schedule>(dice.between(0, 3));
  parallel.virtual_stages = workload.schedule == Schedule::interleaved ? dice.between(1, 2) : 1;
  parallel.zero = dice.between(0, 1);
  workload.recompute = static_cast<Recompute>(dice.between(0, 2));
  workload.expert_all_to_all = dice.toss() ? Algorithm::direct : Algorithm::hierarchical;
  if (dice.toss()) llm.attention = Mla{16, 384, 128, 64, 32, 64};
  if (dice.toss()) parallel.order.push_back(Dimension::data);
  dice.shuffle(parallel.order);
  const int data = std::max(1, npus / parallel.tensor / parallel.context / parallel.pipeline);
  workload.batch = data * dice.between(1, 3) * 2 * std::max(1, parallel.pipeline - 1);
  return workload;
}

TEST(RandomFolding, TrainingStepsAndTheirTrafficAreThoseOfTheFullRun) {
  int cases = 0, around = 0;
  for (unsigned seed = 0; cases < 100; ++seed) {
    const Fabric fabric = topology::fabrics::RandomFabrics{seed}();
    if (npus(fabric) < 4 || npus(fabric) > 32) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{seed};
    const TrainingWorkload workload = any_training(dice, static_cast<int>(npus(fabric)));
    if (!flaws(workload, fabric).empty()) continue;
    const topology::Wiring wiring{fabric};
    const auto faulty = dice.faulty_links(wiring);
    const auto planned = [&](Detail detail) {
      return unless_unreachable(
          [&] { return plan(workload, small_chip(), wiring, detail, {.links = faulty}).plan; });
    };
    const auto folded = planned(Detail::folded), full = planned(Detail::full);
    ASSERT_EQ(folded.has_value(), full.has_value());
    if (!full) continue;
    expect_equal(*folded, *full);
    around += goes_around(*full) ? 1 : 0;
    ++cases;
  }
  EXPECT_GT(around, 8);
}

}  // namespace
}  // namespace superpod::models
