#include "analysis/link_use.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <numeric>

#include "tests/analysis/hand_made.hpp"

namespace superpod::analysis {
namespace {

using hand_made::World;

TEST(LinkUse, BytesOverLinksAreBytesTimesHops) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    const World world = hand_made::at_random(seed);
    double sent = 0, carried = 0;
    for (const TaskGraph::Task& task : world.work.tasks())
      if (task.kind == TaskGraph::Kind::move) {
        const auto& route = world.platform.routes[static_cast<std::size_t>(task.target)];
        for (const auto& hop : route.hops) sent += task.amount * route.flows * hop.times;
      }
    for (const LinkUse& use : link_use(world.platform, world.work, world.trace))
      carried += use.bytes.in(unit::B);
    EXPECT_GT(carried, 0);
    EXPECT_DOUBLE_EQ(carried, sent);
  }
}

TEST(LinkUse, UtilisationOverTimeAveragesToItsMean) {
  for (const std::size_t bins : {1u, 2u, 3u, 7u, 64u, 200u, 1001u}) {
    const World world = hand_made::at_random(3);
    for (const LinkUse& use : link_use(world.platform, world.work, world.trace, bins)) {
      ASSERT_EQ(use.over_time.size(), bins);
      const double sum = std::accumulate(use.over_time.begin(), use.over_time.end(), 0.0);
      EXPECT_NEAR(sum / static_cast<double>(bins), use.utilisation, 1e-12 * use.utilisation);
    }
  }
}

struct OneLink : testing::Test {
  World world;
  void SetUp() override {
    world.platform.ranks = {{"rank", 8}};
    world.platform.links = {{"ring", 8, BytesPerSecond{10}}, {"spare", 8, BytesPerSecond{10}}};
    world.platform.routes = {{0, 0, 8, Seconds{0}, {{0, 1}}}};
  }
  LinkUse used(std::size_t bins) { return link_use(world.platform, world.work, world.trace, bins)[0]; }
};

TEST_F(OneLink, AtFullRateForHalfOfTheStepIsHalfUsed) {
  world.work.move(0, Bytes{40}, -1);
  world.trace = {{{Seconds{2}, Seconds{6}}}, Seconds{8}, 2};
  const LinkUse use = used(4);
  EXPECT_EQ(use.bytes, Bytes{320});  // 8 flows of 40 B
  EXPECT_EQ(use.bytes_per_link, Bytes{40});
  EXPECT_EQ(use.utilisation, 0.5);
  EXPECT_EQ(use.busy, 0.5);
  EXPECT_EQ(use.over_time, (std::vector<double>{0, 1, 1, 0}));
}

TEST_F(OneLink, BinsThatAMoveCrossesInPartGetTheirShare) {
  world.work.move(0, Bytes{40}, -1);
  world.trace = {{{Seconds{1}, Seconds{5}}}, Seconds{8}, 2};
  EXPECT_EQ(used(4).over_time, (std::vector<double>{0.5, 1, 0.5, 0}));
}

TEST_F(OneLink, MovesThatOverlapKeepItBusyOnce) {
  for (int i = 0; i < 3; ++i) world.work.move(0, Bytes{10}, -1);
  world.trace = {
      {{Seconds{0}, Seconds{4}}, {Seconds{1}, Seconds{3}}, {Seconds{6}, Seconds{8}}}, Seconds{10}, 6};
  EXPECT_DOUBLE_EQ(used(10).busy, 0.6);
  EXPECT_DOUBLE_EQ(used(10).utilisation, 0.3);
}

TEST_F(OneLink, ALinkThatNothingCrossesIsIdle) {
  world.work.move(0, Bytes{40}, -1);
  world.trace = {{{Seconds{0}, Seconds{4}}}, Seconds{8}, 2};
  const LinkUse spare = link_use(world.platform, world.work, world.trace, 3)[1];
  EXPECT_EQ(spare.utilisation, 0);
  EXPECT_EQ(spare.busy, 0);
  EXPECT_EQ(spare.over_time, (std::vector<double>{0, 0, 0}));
}

TEST_F(OneLink, AStepOfNoDurationUsesNothing) { EXPECT_EQ(used(2).over_time, (std::vector<double>{0, 0})); }

}  // namespace
}  // namespace superpod::analysis
