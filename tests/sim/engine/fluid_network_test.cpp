// The fluid network alone against progressive filling from scratch.
#include "sim/engine/fluid_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/sim/engine/progressive_filling.hpp"
#include "tests/sim/engine/random_platform.hpp"

namespace superpod {
namespace {

using namespace unit;

constexpr double promised = 1e-9;  // relative: folded and full runs must agree to this

/// [transfer] when each arrives; `transfers` in the order in which they begin.
std::vector<double> arrivals(const Platform& platform, const std::vector<Transfer>& transfers) {
  FluidNetwork network{platform};
  std::vector<double> result(transfers.size(), -1);
  std::vector<TaskId> arrived;
  std::size_t begun = 0;
  for (double now = 0;;) {
    for (; begun < transfers.size() && transfers[begun].begin <= now; ++begun)
      network.start(static_cast<TaskId>(begun), transfers[begun].route, transfers[begun].bytes, now);
    const double begins =
        begun < transfers.size() ? transfers[begun].begin : std::numeric_limits<double>::infinity();
    now = std::max(now, std::min(begins, network.share(now)));
    if (!std::isfinite(now)) return result;
    arrived.clear();
    network.take_arrived(now, now * (1 + 1e-15), arrived);
    for (const TaskId task : arrived) result[static_cast<std::size_t>(task)] = now;
  }
}

std::vector<Transfer> random_transfers(Random& random, const Platform& platform, int most, int magnitude) {
  std::vector<Transfer> transfers;
  for (int t = random.between(1, most); t > 0; --t) {
    const auto route = random.between(0, static_cast<int>(platform.routes.size()) - 1);
    const double bytes = random.once_in(10) ? 1e6 : random.magnitude(magnitude);
    const double begin = random.once_in(2) ? 0 : random.between(0, 5) * 1e-6 * random.between(1, 100);
    transfers.push_back({route, bytes, begin});
  }
  std::ranges::stable_sort(transfers, {}, &Transfer::begin);
  return transfers;
}

void expect_as_by_progressive_filling(unsigned seeds, const Ranges& ranges, int transfers, double tolerance) {
  for (unsigned seed = 0; seed < seeds && !testing::Test::HasFailure(); ++seed) {
    Random random{seed};
    const Platform platform = random_platform(random, ranges);
    const std::vector<Transfer> moves = random_transfers(random, platform, transfers, 9);
    const auto found = arrivals(platform, moves);
    const auto expected = arrivals_by_progressive_filling(platform, moves);
    for (std::size_t t = 0; t < moves.size(); ++t)
      EXPECT_NEAR(found[t], expected[t], tolerance * expected[t]) << "seed " << seed << " transfer " << t;
  }
}

TEST(FluidNetwork, IsProgressiveFillingForAFewFlows) {
  expect_as_by_progressive_filling(6000, {.links = 5, .routes = 6, .whole = false}, 8, promised);
}

TEST(FluidNetwork, IsProgressiveFillingForManyFlowsThatComeAndGo) {
  expect_as_by_progressive_filling(3000, {.links = 20, .routes = 30, .whole = false}, 40, promised);
}

TEST(FluidNetwork, IsProgressiveFillingForEqualFlows) {
  expect_as_by_progressive_filling(1000, {.links = 3, .routes = 10, .count = 0}, 60, promised);
}

TEST(FluidNetwork, IsProgressiveFillingForClassesOfATrillion) {
  expect_as_by_progressive_filling(1000, {.links = 5, .routes = 8, .count = 12, .whole = false}, 12,
                                   promised);
}

TEST(FluidNetwork, FlowsOfOtherLinksChangeNothing) {
  // To the bit: what shares no link is not even solved again.
  for (unsigned seed = 0; seed < 100; ++seed) {
    Random random{seed};
    Platform platform = random_platform(random, {});
    const std::vector<Transfer> moves = random_transfers(random, platform, 20, 9);
    const auto alone = arrivals(platform, moves);
    platform.links.push_back({"far", 1, 1 * GB / s});
    platform.routes.push_back({0, 0, 1, 0 * s, {{static_cast<LinkId>(platform.links.size()) - 1, 1}}});
    std::vector<Transfer> more = moves;
    for (int i = 0; i < 10; ++i)
      more.insert(more.begin(), {static_cast<RouteId>(platform.routes.size()) - 1, 1e-3 * i, 0});
    const auto beside = arrivals(platform, more);
    for (std::size_t t = 0; t < moves.size(); ++t)
      EXPECT_NEAR(beside[t + 10], alone[t], 1e-14 * alone[t]) << "seed " << seed;
  }
}

TEST(FluidNetwork, RouteThatCrossesALinkTwiceAsTwoHopsIsOneHop) {
  Platform platform;
  platform.links = {{"link", 1, 1 * GB / s}, {"other", 1, 1 * GB / s}};
  platform.routes = {{0, 0, 1, 0 * s, {{0, 1}, {1, 1}, {0, 2}}}, {0, 0, 1, 0 * s, {{0, 1}}}};
  const auto arrived = arrivals(platform, {{0, 1e9, 0}, {1, 1e9, 0}});
  EXPECT_NEAR(arrived[0], 4, 1e-14);  // one flow of weight 3 and one of weight 1
  EXPECT_NEAR(arrived[1], 4, 1e-14);
}

TEST(FluidNetwork, EqualMovesOfAllPairsArriveTogether) {
  constexpr int ranks = 64;
  Platform platform;
  for (int r = 0; r < 2 * ranks; ++r) platform.links.push_back({"port", 1, 1 * GB / s});
  std::vector<Transfer> moves;
  for (int from = 0; from < ranks; ++from)
    for (int to = 0; to < ranks; ++to) {
      if (from == to) continue;
      platform.routes.push_back({0, 0, 1, 0 * s, {{from, 1}, {ranks + to, 1}}});
      moves.push_back({static_cast<RouteId>(moves.size()), 1e6, 0});
    }
  const auto arrived = arrivals(platform, moves);
  for (const double at : arrived) EXPECT_EQ(at, arrived.front());  // to the bit: one event
  EXPECT_NEAR(arrived.front(), (ranks - 1) * 1e-3, 1e-15);
}

TEST(FluidNetwork, SmallMoveOnARouteThatHasCarriedMuchIsPrecise) {
  Platform platform;
  platform.links = {{"link", 1, 1 * GB / s}};
  platform.routes = {{0, 0, 1, 0 * s, {{0, 1}}}};
  // 100 s of traffic, and 1 kB from 50 s on: half the rate for 2 us.
  const auto arrived = arrivals(platform, {{0, 100e9, 0}, {0, 1e3, 50}});
  EXPECT_NEAR(arrived[1], 50 + 2e-6, 1e-13);
}

}  // namespace
}  // namespace superpod
