#include "sim/engine/engine.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace superpod {
namespace {

using namespace unit;

constexpr double exact = 1e-12;  // relative: the engine computes these sums in other orders than we do

void expect_ends(const Trace& trace, TaskId task, Seconds time) {
  EXPECT_NEAR(trace.tasks[static_cast<std::size_t>(task)].finish.in(s), time.in(s),
              exact * time.in(s) + 1e-13);
}

/// One rank with one device, and links of 1 GB/s each with a route of its own.
Platform links_of_one_gigabyte(int links, Seconds latency) {
  Platform platform;
  platform.ranks.push_back({"rank"});
  platform.devices.push_back({0, "compute"});
  for (int l = 0; l < links; ++l) {
    platform.links.push_back({"link", 1, 1 * GB / s});
    platform.routes.push_back({0, 0, 1, latency, {{l, 1}}});
  }
  return platform;
}

TEST(Engine, LoneFlowTakesLatencyPlusSizeOverBandwidth) {
  const Platform platform = links_of_one_gigabyte(1, 3 * us);
  TaskGraph work;
  const TaskId flow = work.move(0, 1 * GB, work.label("flow", "test"));
  expect_ends(run(platform, work), flow, 1 * s + 3 * us);
}

TEST(Engine, ShareOfALinkDoesNotDependOnLatency) {
  Platform platform = links_of_one_gigabyte(1, 1 * us);
  platform.routes.push_back({0, 0, 1, 10 * us, {{0, 1}}});
  TaskGraph work;
  const TaskId near = work.move(0, 1 * GB, work.label("near", "test"));
  const TaskId far = work.move(1, 1 * GB, work.label("far", "test"));
  const Trace trace = run(platform, work);
  // Alone for 9 us, the near flow is 9 kB ahead: it ends after 2 (1 GB - 9 kB) / (1 GB/s) + 10 us; then the
  // far one is alone.
  expect_ends(trace, near, 2 * s - 18 * us + 10 * us);
  expect_ends(trace, far, 2 * s + 1 * us);
}

TEST(Engine, ClassOfEqualFlowsEndsAsEachOfThemDoes) {
  // 32 and 16 equal flows in two classes on one link: each flow has 1/48 of it until the smaller ones are
  // done.
  Platform platform = links_of_one_gigabyte(1, 0 * s);
  platform.routes[0].flows = 32;
  platform.routes.push_back({0, 0, 16, 0 * s, {{0, 1}}});
  TaskGraph work;
  const TaskId many = work.move(0, 1 * MB, work.label("many", "test"));
  const TaskId few = work.move(1, 2 * MB, work.label("few", "test"));
  const Trace trace = run(platform, work);
  expect_ends(trace, many, 48 * ms);
  expect_ends(trace, few, 64 * ms);  // 16 MB are left for 16 flows alone
}

TEST(Engine, LinkCrossedTwiceHoldsTwiceTheTraffic) {
  Platform platform = links_of_one_gigabyte(1, 0 * s);
  platform.routes[0].hops[0].times = 2;
  TaskGraph work;
  const TaskId flow = work.move(0, 1 * GB, work.label("flow", "test"));
  expect_ends(run(platform, work), flow, 2 * s);
}

TEST(Engine, EmptyMessageTakesItsLatency) {
  const Platform platform = links_of_one_gigabyte(1, 5 * us);
  TaskGraph work;
  const TaskId flow = work.move(0, 0 * B, work.label("flow", "test"));
  expect_ends(run(platform, work), flow, 5 * us);
}

TEST(Engine, DeviceDoesOneThingAtATimeLowestIdFirst) {
  const Platform platform = links_of_one_gigabyte(1, 0 * s);
  TaskGraph work;
  const LabelId label = work.label("kernel", "test");
  const TaskId first = work.occupy(0, 1 * s, label);
  const TaskId late = work.occupy(0, 2 * s, label);  // ready at 1 s, as is `other`
  const TaskId other = work.occupy(0, 4 * s, label);
  work.depend(late, first);
  work.depend(other, first);
  const Trace trace = run(platform, work);
  expect_ends(trace, late, 3 * s);
  expect_ends(trace, other, 7 * s);
}

TEST(Engine, ChoiceDoesNotHangOnTheOrderOfSimultaneousEvents) {
  // The device is free and `late` ready at 1 s, when the flow that `early` waits for arrives.
  const Platform platform = links_of_one_gigabyte(1, 0 * s);
  TaskGraph work;
  const LabelId label = work.label("any", "test");
  const TaskId first = work.occupy(0, 1 * s, label);
  const TaskId early = work.occupy(0, 1 * s, label);
  const TaskId late = work.occupy(0, 1 * s, label);
  const TaskId flow = work.move(0, 1 * GB, label);
  work.depend(early, flow);
  work.depend(late, first);
  const Trace trace = run(platform, work);
  expect_ends(trace, early, 2 * s);
  expect_ends(trace, late, 3 * s);
}

TEST(Engine, WaitingForSimultaneousEventsTakesNoTime) {
  const Platform platform = links_of_one_gigabyte(1, 0 * s);
  TaskGraph work;
  const LabelId label = work.label("kernel", "test");
  TaskId last = work.occupy(0, 1 * us, label);
  for (int i = 1; i < 10'000; ++i) {
    const TaskId next = work.occupy(0, 1 * us, label);
    work.depend(next, last);
    last = next;
  }
  expect_ends(run(platform, work), last, 10 * ms);
}

TEST(Engine, TasksThatTakeNoTimeEnd) {
  const Platform platform = links_of_one_gigabyte(1, 0 * s);
  TaskGraph work;
  const LabelId label = work.label("any", "test");
  const TaskId kernel = work.occupy(0, 0 * s, label);
  const TaskId empty = work.move(0, 0 * B, label);
  const TaskId tiny = work.move(0, Bytes{1e-12}, label);
  const TaskId large = work.move(0, 1000 * GB, label);
  work.depend(empty, kernel);
  work.depend(tiny, empty);
  const Trace trace = run(platform, work);
  EXPECT_LT(trace.tasks[static_cast<std::size_t>(tiny)].finish, 1 * ns);
  expect_ends(trace, large, 1000 * s);
}

TEST(Engine, TransferOverlapsWithCompute) {
  const Platform platform = links_of_one_gigabyte(1, 0 * s);
  TaskGraph work;
  work.occupy(0, 1 * s, work.label("kernel", "test"));
  work.move(0, 1 * GB, work.label("flow", "test"));
  EXPECT_NEAR(run(platform, work).makespan.in(s), 1, exact);
}

TEST(Engine, JoinWaitsForAll) {
  const Platform platform = links_of_one_gigabyte(2, 0 * s);
  TaskGraph work;
  const TaskId a = work.move(0, 1 * GB, work.label("a", "test"));
  const TaskId b = work.move(1, 3 * GB, work.label("b", "test"));
  const TaskId both = work.join();
  work.depend(both, a);
  work.depend(both, b);
  expect_ends(run(platform, work), both, 3 * s);
}

TEST(Engine, RunsAreIndependentOfEachOther) {
  const Platform platform = links_of_one_gigabyte(1, 1 * us);
  TaskGraph work;
  for (int i = 0; i < 10; ++i) work.move(0, (i + 1) * MB, work.label("flow", "test"));
  const Trace first = run(platform, work);
  const Trace second = run(platform, work);
  for (std::size_t t = 0; t < first.tasks.size(); ++t)
    EXPECT_EQ(first.tasks[t].finish, second.tasks[t].finish);  // to the bit
}

TEST(Engine, CircleOfTasksIsAnError) {
  const Platform platform = links_of_one_gigabyte(1, 0 * s);
  TaskGraph work;
  const TaskId a = work.join();
  const TaskId b = work.join();
  work.depend(a, b);
  work.depend(b, a);
  EXPECT_THROW(run(platform, work), std::logic_error);
}

TEST(Engine, RefusesWhatIsNegativeOrNotThere) {
  const Platform platform = links_of_one_gigabyte(1, 0 * s);
  TaskGraph negative;
  negative.move(0, -1 * B, negative.label("flow", "test"));
  EXPECT_THROW(run(platform, negative), std::logic_error);
  TaskGraph nowhere;
  nowhere.move(7, 1 * B, nowhere.label("flow", "test"));
  EXPECT_THROW(run(platform, nowhere), std::logic_error);
  TaskGraph endless;
  endless.occupy(0, Seconds{std::nan("")}, endless.label("kernel", "test"));
  EXPECT_THROW(run(platform, endless), std::logic_error);
}

}  // namespace
}  // namespace superpod
