// The engine against max-min fairness as the textbook defines it.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "sim/engine/engine.hpp"
#include "tests/sim/engine/progressive_filling.hpp"
#include "tests/sim/engine/random_platform.hpp"

namespace superpod {
namespace {

using namespace unit;

constexpr double promised = 1e-9;  // relative: folded and full runs must agree to this

/// One move on each route, all at once.
std::pair<TaskGraph, std::vector<Transfer>> one_move_each(Random& random, const Platform& platform) {
  TaskGraph work;
  std::vector<Transfer> transfers;
  for (const auto& route : platform.routes) {
    const auto id = static_cast<RouteId>(transfers.size());
    transfers.push_back({id, random.magnitude(9), route.latency.in(s)});
    work.move(id, Bytes{transfers.back().bytes}, work.label("flow", "test"));
  }
  return {work, transfers};
}

TEST(MaxMin, FlowsEndWhenProgressiveFillingSaysSo) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random{seed};
    const Platform platform = random_platform(random, {});
    const auto [work, transfers] = one_move_each(random, platform);
    const Trace trace = run(platform, work);
    const auto expected = arrivals_by_progressive_filling(platform, transfers);
    for (std::size_t r = 0; r < expected.size(); ++r)
      EXPECT_NEAR(trace.tasks[r].finish.in(s), expected[r], promised * expected[r])
          << "seed " << seed << " route " << r;
  }
}

TEST(MaxMin, ClassesOfOneAndOfATrillionFlowsShareALink) {
  // As when each of a million ranks sends to each, and one cable is slow: one flow has a class of its own.
  Platform platform;
  platform.ranks.push_back({"rank"});
  platform.devices.push_back({0, "compute"});
  constexpr double ranks = 1e6;
  platform.links = {{"up", ranks, 100 * GB / s}, {"slow", 1, 1 * MB / s}};
  platform.routes = {{0, 0, ranks * ranks - 3, 1 * us, {{0, 1}}},
                     {0, 0, 1, 1 * us, {{0, 1}}},
                     {0, 0, 2, 1 * us, {{0, 1}, {1, 1}}}};
  TaskGraph work;
  const LabelId label = work.label("flow", "test");
  for (RouteId route = 0; route < 3; ++route) work.move(route, 1 * MB, label);
  const Trace trace = run(platform, work);
  // Two flows on the slow link have 0.5 MB/s each; all others 0.1 MB/s and what those two leave, which is
  // nothing.
  const double share = (ranks * 100e9) / (ranks * ranks);
  EXPECT_NEAR(trace.tasks[2].finish.in(s), 1e6 / share, 1e-6 * 1e6 / share);
  EXPECT_NEAR(trace.tasks[0].finish.in(s), 1e6 / share, 1e-6 * 1e6 / share);
  EXPECT_NEAR(trace.tasks[1].finish.in(s), 1e6 / share, 1e-6 * 1e6 / share);
}

TEST(MaxMin, OneFlowHasItsShareBesideAnyNumber) {
  Platform platform;
  platform.ranks.push_back({"rank"});
  platform.devices.push_back({0, "compute"});
  platform.links = {{"link", 1e9, 1 * GB / s}, {"alone", 1, 1 * GB / s}};
  platform.routes = {{0, 0, 1e15, 0 * s, {{0, 1}}}, {0, 0, 1, 0 * s, {{0, 1}, {1, 1}}}};
  TaskGraph work;
  work.move(0, 1 * MB, work.label("flow", "test"));
  work.move(1, 1 * MB, work.label("flow", "test"));
  const Trace trace = run(platform, work);
  const double time = 1e6 * 1e15 / (1e9 * 1e9);
  for (const Span& span : trace.tasks) EXPECT_NEAR(span.finish.in(s), time, 1e-12 * time);
}

}  // namespace
}  // namespace superpod
