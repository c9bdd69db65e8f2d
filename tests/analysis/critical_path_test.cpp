#include "analysis/critical_path.hpp"

#include <gtest/gtest.h>

#include <cstddef>

#include "analysis/released_by.hpp"
#include "tests/analysis/hand_made.hpp"

namespace superpod::analysis {
namespace {

using hand_made::World;

Seconds sum(const CriticalPath& path) {
  Seconds total;
  for (const auto& part : path.by_cause) total += part.time;
  return total;
}

TEST(CriticalPath, IsAnUnbrokenChainFromTheStartToTheEndOfTheStep) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const World world = hand_made::at_random(seed);
    const CriticalPath path = critical_path(world.platform, world.work, world.trace);
    Seconds now;
    for (const TaskId id : path.tasks) {
      EXPECT_EQ(world.trace.tasks[static_cast<std::size_t>(id)].start, now) << "seed " << seed;
      now = world.trace.tasks[static_cast<std::size_t>(id)].finish;
    }
    EXPECT_EQ(now, world.trace.makespan) << "seed " << seed;
    EXPECT_EQ(sum(path), world.trace.makespan) << "seed " << seed;
  }
}

TEST(CriticalPath, GoesThroughTheTaskThatHeldTheDevice) {
  World world{hand_made::two_stream_ranks(1), {}, {}};
  const LabelId label = world.work.label("gemm", "compute");
  const TaskId early = world.work.occupy(1, 1 * unit::s, label);
  const TaskId holder = world.work.occupy(0, 5 * unit::s, label);
  const TaskId last = world.work.occupy(0, 2 * unit::s, label);
  world.work.depend(last, early);
  world.trace = hand_made::in_order(world.platform, world.work);
  EXPECT_EQ(critical_path(world.platform, world.work, world.trace).tasks, (std::vector{holder, last}));
}

TEST(CriticalPath, ChargesTimeInWhichNothingRanToWait) {
  World world{hand_made::two_stream_ranks(1), {}, {}};
  const LabelId label = world.work.label("gemm", "compute");
  const TaskId first = world.work.occupy(0, 1 * unit::s, label);
  world.work.depend(world.work.occupy(0, 2 * unit::s, label), first);
  world.trace = {{{Seconds{0}, Seconds{1}}, {Seconds{4}, Seconds{6}}}, Seconds{7}, 4};
  const CriticalPath path = critical_path(world.platform, world.work, world.trace);
  ASSERT_EQ(path.by_cause.size(), 2u);
  EXPECT_EQ(path.by_cause[0].time, Seconds{3});
  EXPECT_EQ(path.by_cause[1].cause, "wait");
  EXPECT_EQ(path.by_cause[1].time, Seconds{4});  // 3 s between the two, 1 s after
}

TEST(CriticalPath, TasksOfNoDurationThatShareADeviceAndAnInstantMakeNoCircle) {
  World world{hand_made::two_stream_ranks(1), {}, {}};
  const LabelId label = world.work.label("gemm", "compute");
  const TaskId a = world.work.occupy(0, Seconds{0}, label);  // a waits for b, although it is listed first
  const TaskId b = world.work.occupy(0, Seconds{0}, label);
  world.work.depend(a, b);
  world.trace = {{{Seconds{0}, Seconds{0}}, {Seconds{0}, Seconds{0}}}, Seconds{0}, 4};
  EXPECT_EQ(released_by(world.platform, world.work, world.trace), (std::vector{b, no_task}));
  EXPECT_TRUE(critical_path(world.platform, world.work, world.trace).tasks.empty());
}

TEST(CriticalPath, OfNoTasksIsEmpty) {
  const World world{hand_made::two_stream_ranks(1), {}, {}};
  EXPECT_TRUE(critical_path(world.platform, world.work, world.trace).by_cause.empty());
}

}  // namespace
}  // namespace superpod::analysis
