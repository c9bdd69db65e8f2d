// Collectives on fabrics that are known cable by cable.
#include "models/collectives/cabled_collective.hpp"

#include <gmock/gmock.h>

#include "models/collectives/closed_forms.hpp"
#include "tests/models/cablings.hpp"
#include "tests/models/same_run.hpp"
#include "tests/topology/fabrics.hpp"
#include "topology/cabling/nearness.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using testing::HasSubstr;
using testing::ThrowsMessage;
using topology::Cabling;

constexpr Seconds endpoints = 1 * us;  // as the fabrics of the tests have it

CollectiveWorkload workload(Operation operation, Algorithm algorithm) {
  CollectiveWorkload result;
  result.operation = operation;
  result.algorithm = algorithm;
  result.size = 64 * MB;
  return result;
}

constexpr Operation operations[] = {Operation::all_reduce, Operation::reduce_scatter,
                                    Operation::all_gather, Operation::all_to_all,
                                    Operation::broadcast,  Operation::send_receive};
constexpr Algorithm algorithms[] = {Algorithm::direct, Algorithm::ring, Algorithm::halving_doubling};

TEST(CabledCollective, OnAFabricOfOneLevelIsThatOfTheFabric) {
  for (const topology::Fabric& fabric :
       {topology::fabrics::one_switch(8), topology::fabrics::full_mesh({8})}) {
    const topology::Wiring wiring{fabric};
    const Cabling cabling = cablings::of(wiring);
    for (const Operation operation : operations)
      for (const Algorithm algorithm : algorithms) {
        const CollectiveWorkload mine = workload(operation, algorithm);
        if (!flaws(mine, fabric).empty()) continue;
        const Work by_level = plan(mine, wiring, Detail::full), by_cable = plan(mine, cabling, endpoints);
        const double expected = run(by_level.platform, by_level.work).makespan.in(s);
        EXPECT_NEAR(run(by_cable.platform, by_cable.work).makespan.in(s), expected,
                    folded_equals_full * expected);
      }
  }
}

TEST(CabledCollective, UnevenAllToAllOnAFabricOfOneLevelIsThatOfTheFabric) {
  for (const topology::Fabric& fabric : {topology::fabrics::one_switch(8), topology::fabrics::full_mesh({8})})
    for (const Algorithm algorithm : algorithms) {
      CollectiveWorkload mine = workload(Operation::all_to_all, algorithm);
      const topology::Wiring wiring{fabric};
      const Cabling cabling = cablings::of(wiring);
      const Work even = plan(mine, cabling, endpoints);
      mine.loads = {3, 1, 1, 1, 0, 1, 2, 1};
      const Work by_level = plan(mine, wiring, Detail::full), by_cable = plan(mine, cabling, endpoints);
      const double expected = run(by_level.platform, by_level.work).makespan.in(s);
      EXPECT_NEAR(run(by_cable.platform, by_cable.work).makespan.in(s), expected,
                  folded_equals_full * expected);
      EXPECT_GT(expected, 1.2 * run(even.platform, even.work).makespan.in(s));
      expect_same_run(by_cable);
    }
}

TEST(CabledCollective, OrderSaysWhoIsNextAndNotWhoIsWho) {
  Cabling line;  // 0 - 2 - 1, as the file has it
  for (int n = 0; n < 3; ++n) cablings::add_node(line, true);
  cablings::join(line, 0, 2);
  cablings::join(line, 2, 1);
  const auto time = [&](const CollectiveWorkload& of, std::vector<int> order) {
    const Work work = plan(of, line, endpoints, std::move(order));
    return run(work.platform, work.work).makespan.in(s);
  };
  // Around 0, 2, 1 and back no link is crossed twice in one direction; nor is it around 0, 1, 2.
  const CollectiveWorkload ring = workload(Operation::all_reduce, Algorithm::ring);
  EXPECT_NEAR(time(ring, {0, 2, 1}), time(ring, {}), folded_equals_full * time(ring, {}));
  // From NPU 2 all are one link away, whatever stands in between in the order.
  CollectiveWorkload from_the_middle = workload(Operation::broadcast, Algorithm::direct);
  from_the_middle.root = {2};
  const double one_link = (endpoints + 0.3 * us + 64 * MB / (25 * GB / s)).in(s);
  EXPECT_NEAR(time(from_the_middle, {}), one_link, folded_equals_full * one_link);
  EXPECT_NEAR(time(from_the_middle, {1, 2, 0}), one_link, folded_equals_full * one_link);
  from_the_middle.algorithm = Algorithm::halving_doubling;  // 2 to the next, then 2 to the one after
  EXPECT_NEAR(time(from_the_middle, {0, 2, 1}), 2 * one_link, folded_equals_full * one_link);
}

TEST(CabledCollective, RingByNearnessOfADgx1IsOverItsDoubleLinks) {
  constexpr int links[][3] = {{0, 1, 25}, {0, 2, 25}, {0, 3, 50}, {0, 4, 50}, {1, 2, 50}, {1, 3, 25},
                              {1, 5, 50}, {2, 3, 50}, {2, 6, 25}, {3, 7, 25}, {4, 5, 25}, {4, 6, 25},
                              {4, 7, 50}, {5, 6, 50}, {5, 7, 25}, {6, 7, 50}};
  Cabling dgx1;
  for (int n = 0; n < 8; ++n) cablings::add_node(dgx1, true);
  for (const auto& [a, b, gigabytes] : links) cablings::join(dgx1, a, b, gigabytes);
  const CollectiveWorkload ring = workload(Operation::all_reduce, Algorithm::ring);
  const Work work = plan(ring, dgx1, endpoints, topology::by_nearness(dgx1));
  const double expected = ring_all_reduce_time(ring.size, 8, endpoints + 0.3 * us, 50 * GB / s).in(s);
  EXPECT_NEAR(run(work.platform, work.work).makespan.in(s), expected, folded_equals_full * expected);
}

std::vector<Cabling> irregular(unsigned seed) {
  std::mt19937 random{seed};
  return {cablings::random_regular(8, 3, random),
          cablings::random_regular(16, 4, random),
          cablings::unequal_tree(5, random),
          cablings::fat_tree(4, 1),
          cablings::two_pods(5, 4),
          cablings::two_pods(4, 12)};
}

TEST(CabledCollective, FoldedOnIrregularFabricsLosesNothing) {
  for (const unsigned seed : {1U, 2U, 3U})
    for (const Cabling& cabling : irregular(seed))
      for (const Operation operation : operations)
        for (const Algorithm algorithm : algorithms) {
          const CollectiveWorkload mine = workload(operation, algorithm);
          if (!flaws(mine, cabling).empty()) continue;
          SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(cabling.nodes.size()) +
                       " nodes");
          expect_same_run(plan(mine, cabling, endpoints));
        }
}

std::size_t rank_classes(const Cabling& cabling, Operation operation) {
  return folded(plan(workload(operation, Algorithm::direct), cabling, endpoints)).plan.platform.ranks.size();
}

TEST(CabledCollective, FoldsAsFarAsTheFabricIsRegular) {
  EXPECT_EQ(rank_classes(cablings::fat_tree(4), Operation::all_to_all), 1U);
  EXPECT_EQ(rank_classes(cablings::two_pods(7, 5), Operation::all_to_all), 2U);
  // One edge switch lacks an uplink: its two NPUs, the two of its neighbour, and the other pods' twelve.
  EXPECT_EQ(rank_classes(cablings::fat_tree(4, 1), Operation::all_to_all), 3U);
  EXPECT_EQ(rank_classes(cablings::two_pods(7, 5), Operation::all_reduce), 2U);
}

TEST(CabledCollective, AutomaticHasNoLevelsToFollow) {
  EXPECT_EQ(on_cabling(workload(Operation::all_reduce, Algorithm::automatic)).algorithm, Algorithm::ring);
  EXPECT_EQ(on_cabling(workload(Operation::all_to_all, Algorithm::automatic)).algorithm, Algorithm::direct);
  EXPECT_EQ(on_cabling(workload(Operation::broadcast, Algorithm::automatic)).algorithm,
            Algorithm::halving_doubling);
}

TEST(CabledCollective, SaysWhatDoesNotFit) {
  const Cabling cabling = cablings::two_pods(7, 5);
  const auto first_flaw = [&](const CollectiveWorkload& of) { return flaws(of, cabling).at(0); };
  EXPECT_THAT(first_flaw(workload(Operation::all_reduce, Algorithm::hierarchical)).message,
              HasSubstr("no levels"));
  EXPECT_THAT(first_flaw(workload(Operation::all_reduce, Algorithm::halving_doubling)).message,
              HasSubstr("powers of two"));
  CollectiveWorkload send = workload(Operation::send_receive, Algorithm::automatic);
  send.root = {12};
  EXPECT_EQ(first_flaw(send).key, "root");
}

TEST(CabledCollective, BetweenNpusThatNothingJoinsIsRefusedByName) {
  Cabling cabling;
  for (int n = 0; n < 3; ++n) cablings::add_node(cabling, true);
  cablings::join(cabling, 0, 1);
  const CollectiveWorkload all_to_all = workload(Operation::all_to_all, Algorithm::direct);
  const auto refused = ThrowsMessage<topology::Unreachable>(HasSubstr("'npu2'"));
  EXPECT_THAT([&] { static_cast<void>(plan(all_to_all, cabling, endpoints)); }, refused);
  EXPECT_THAT([&] { require_ways(all_to_all, cabling); }, refused);
}

TEST(CabledCollective, ThatNeedsNoWayBackIsNotRefusedWhereThereIsNone) {
  Cabling one_way;
  for (int n = 0; n < 2; ++n) cablings::add_node(one_way, true);
  one_way.links.push_back({0, 1, 25 * GB / s, 0.3 * us});
  EXPECT_NO_THROW(require_ways(workload(Operation::broadcast, Algorithm::direct), one_way));
  EXPECT_THAT([&] { require_ways(workload(Operation::all_reduce, Algorithm::ring), one_way); },
              ThrowsMessage<topology::Unreachable>(HasSubstr("from 'npu1' to 'npu0'")));
}

}  // namespace
}  // namespace superpod::models
