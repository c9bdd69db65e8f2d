#include "sim/engine/simulation.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/engine/engine.hpp"
#include "tests/sim/engine/random_platform.hpp"

namespace superpod {
namespace {

using namespace unit;
using Task = TaskGraph::Task;

Task kernel(Seconds duration, DeviceId device = 0) {
  return {.amount = duration.in(s), .target = device, .kind = TaskGraph::Kind::occupy};
}
Task message(Bytes bytes, RouteId route = 0) {
  return {.amount = bytes.in(B), .target = route, .kind = TaskGraph::Kind::move};
}
constexpr Task nothing{};

Platform one_device_and_link() {
  Platform platform;
  platform.ranks.push_back({"rank"});
  platform.devices.push_back({0, "compute"});
  platform.links.push_back({"link", 1, 1 * GB / s});
  platform.routes.push_back({0, 0, 1, 1 * us, {{0, 1}}});
  return platform;
}

/// Each task is added when the last of those before it has ended.
class AddedWhenReady {
 public:
  AddedWhenReady(Simulation& simulation, const TaskGraph& work)
      : simulation_{simulation}, work_{work}, left_(work.tasks().size()), ids(work.tasks().size(), -1) {
    for (const auto& d : work.dependencies()) ++left_[at(d.after)];
    for (std::size_t t = 0; t < left_.size(); ++t)
      if (left_[t] == 0) add(static_cast<TaskId>(t));
  }

 private:
  static std::size_t at(TaskId t) { return static_cast<std::size_t>(t); }
  void add(TaskId task) {
    ids[at(task)] = simulation_.add(work_.tasks()[at(task)]);
    simulation_.when_ended(ids[at(task)], [this, task] {
      for (const auto& d : work_.dependencies())
        if (d.before == task && --left_[at(d.after)] == 0) add(d.after);
    });
  }

  Simulation& simulation_;
  const TaskGraph& work_;
  std::vector<int> left_;

 public:
  std::vector<TaskId> ids;  ///< [task of the graph]
};

TEST(Simulation, AddingAllBeforehandGivesTheBytesOfARun) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random{seed};
    const Platform platform = random_platform(random, {});
    const TaskGraph work = random_work(random, platform, 4);
    const Trace expected = run_bare(platform, work);
    for (const Clock clock : {Clock::simgrid, Clock::bare}) {
      Simulation simulation{platform};
      for (std::size_t t = 0; t < work.tasks().size(); ++t) {
        std::vector<TaskId> after;
        for (const auto& d : work.dependencies())
          if (d.after == static_cast<TaskId>(t)) after.push_back(d.before);
        simulation.add(work.tasks()[t], after);
      }
      simulation.run(clock);
      for (std::size_t t = 0; t < work.tasks().size(); ++t) {
        const Span span = simulation.span(static_cast<TaskId>(t));
        ASSERT_EQ(span.start, expected.tasks[t].start) << "seed " << seed << " task " << t;
        ASSERT_EQ(span.finish, expected.tasks[t].finish) << "seed " << seed << " task " << t;
      }
    }
  }
}

TEST(Simulation, AddingWhatBecomesReadyGivesTheBytesOfARun) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random{seed};
    const Platform platform = random_platform(random, {});
    const TaskGraph work =
        random_work(random, platform, 0);  // ids, and so the order on devices, would differ
    const Trace expected = run_bare(platform, work);
    for (const Clock clock : {Clock::simgrid, Clock::bare}) {
      Simulation simulation{platform};
      const AddedWhenReady added{simulation, work};
      simulation.run(clock);
      for (std::size_t t = 0; t < work.tasks().size(); ++t) {
        const Span span = simulation.span(added.ids[t]);
        ASSERT_EQ(span.start, expected.tasks[t].start) << "seed " << seed << " task " << t;
        ASSERT_EQ(span.finish, expected.tasks[t].finish) << "seed " << seed << " task " << t;
      }
    }
  }
}

/// What each request waits on average, in service times.
double mean_wait(double load, int requests, Clock clock, unsigned seed) {
  const Platform platform = one_device_and_link();
  Simulation simulation{platform, Ended::forgotten};
  std::mt19937_64 random{seed};
  std::exponential_distribution between{load};
  double waited = 0, arrival = 0;
  int came = 0;
  std::function<void()> arrive = [&] {
    const double came_at = simulation.now().in(s);
    const TaskId request = simulation.add(kernel(1 * s));
    simulation.when_ended(request,
                          [&, request, came_at] { waited += simulation.span(request).start.in(s)-came_at; });
    if (++came < requests) simulation.at(Seconds{arrival += between(random)}, arrive);
  };
  simulation.at(Seconds{arrival}, arrive);
  simulation.run(clock);
  return waited / requests;
}

TEST(Simulation, RequestsOfAPoissonStreamWaitAsPollaczekAndKhinchineSay) {
  // M/D/1: load / (2 (1 - load)) service times, here 1/2 and 2; 3 standard deviations of the mean of so many,
  // seen over 20 seeds, are 3 % and 8 %.
  EXPECT_NEAR(mean_wait(0.5, 100'000, Clock::bare, 1), 0.5, 0.03 * 0.5);
  EXPECT_NEAR(mean_wait(0.8, 100'000, Clock::bare, 1), 2, 0.08 * 2);
  EXPECT_EQ(mean_wait(0.8, 5'000, Clock::simgrid, 1), mean_wait(0.8, 5'000, Clock::bare, 1));
}

TEST(Simulation, WhatHappensAtOneDateHappensInTheOrderInWhichItWasAsked) {
  const Platform platform = one_device_and_link();
  for (const Clock clock : {Clock::simgrid, Clock::bare}) {
    Simulation simulation{platform};
    std::string told;
    const auto say = [&](char what) { return [&told, what] { told += what; }; };
    simulation.at(2 * s, say('d'));
    simulation.at(1 * s, say('b'));
    simulation.at(1 * s, [&] {
      say('c')();
      simulation.at(simulation.now(), say('e'));
      simulation.at(0 * s, say('f'));  // has passed: now
    });
    const TaskId task = simulation.add(kernel(1 * s));
    simulation.when_ended(task, say('a'));
    simulation.run(clock);
    EXPECT_EQ(told, "abcefd");
  }
}

TEST(Simulation, WhatIsAddedAtAnInstantCompetesAtThatInstant) {
  const Platform platform = one_device_and_link();
  Simulation simulation{platform};
  const TaskId first = simulation.add(kernel(1 * s));
  const TaskId gate = simulation.add(nothing, {first});
  TaskId chosen = -1;
  simulation.at(0 * s, [&] { chosen = simulation.add(kernel(1 * s), {gate}); });
  const TaskId other_gate = simulation.add(nothing, {first});
  simulation.when_ended(other_gate, [&] { simulation.add(kernel(5 * s)); });
  simulation.run();
  EXPECT_NEAR(simulation.span(chosen).start.in(s), 1, 1e-11);  // the lower id
  EXPECT_NEAR(simulation.now().in(s), 7, 1e-11);
}

TEST(Simulation, ATaskAfterOneThatHasEndedBeginsNow) {
  const Platform platform = one_device_and_link();
  Simulation simulation{platform};
  const TaskId early = simulation.add(message(1 * GB));
  TaskId late = -1;
  bool called = false;
  simulation.at(3 * s, [&] {
    late = simulation.add(message(1 * GB), {early});
    simulation.when_ended(early, [&] { called = simulation.now() == 3 * s; });
  });
  simulation.run();
  EXPECT_TRUE(called);
  EXPECT_EQ(simulation.span(late).start, 3 * s);
  EXPECT_NEAR(simulation.span(late).finish.in(s), 4 + 1e-6, 1e-12);
}

TEST(Simulation, RunsGoOnWhereTheLastOneStopped) {
  const Platform platform = one_device_and_link();
  Simulation simulation{platform};
  simulation.at(1 * s, [&] { simulation.stop(); });
  const TaskId task = simulation.add(kernel(2 * s));
  simulation.run();
  EXPECT_EQ(simulation.now(), 1 * s);
  EXPECT_FALSE(simulation.has_ended(task));
  const TaskId more = simulation.add(message(1 * GB));
  simulation.run(Clock::bare);
  EXPECT_EQ(simulation.span(more).start, 1 * s);
  EXPECT_NEAR(simulation.span(task).finish.in(s), 2, 1e-11);
}

TEST(Simulation, WhatACallThrowsReachesWhoRunsIt) {
  const Platform platform = one_device_and_link();
  for (const Clock clock : {Clock::simgrid, Clock::bare}) {
    Simulation simulation{platform};
    simulation.at(1 * s, [] { throw std::range_error{"at one second"}; });
    EXPECT_THROW(simulation.run(clock), std::range_error);
    Simulation next{platform};
    const TaskId task = next.add(kernel(1 * s));
    next.run(clock);
    EXPECT_TRUE(next.has_ended(task));
  }
}

TEST(Simulation, RefusesWhatMakesNoSense) {
  const Platform platform = one_device_and_link();
  Simulation simulation{platform};
  EXPECT_THROW(simulation.add(kernel(1 * s, 7)), std::logic_error);
  EXPECT_THROW(simulation.add(message(-1 * B)), std::logic_error);
  EXPECT_THROW(simulation.add(nothing, {3}), std::logic_error);
  EXPECT_THROW(simulation.at(Seconds{std::nan("")}, [] {}), std::logic_error);
  const TaskId task = simulation.add(kernel(1 * s));
  EXPECT_THROW(static_cast<void>(simulation.span(task)), std::logic_error);  // it has not ended
  simulation.at(0 * s, [&] { simulation.run(Clock::bare); });
  EXPECT_THROW(simulation.run(), std::logic_error);
}

double resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

TEST(Simulation, ALongRunThatForgetsNeedsTheMemoryOfWhatIsUnderWay) {
  const Platform platform = one_device_and_link();
  Simulation simulation{platform, Ended::forgotten};
  const TaskId longest = simulation.add(message(1e6 * GB));  // holds one block, not all that came after it
  int left = 400'000;
  double after_some = 0;
  std::function<void()> next = [&] {
    if (--left == 390'000) after_some = resident_bytes();
    if (left > 0) simulation.when_ended(simulation.add(kernel(1 * ms)), next);
  };
  simulation.at(0 * s, next);
  simulation.run(Clock::bare);
  EXPECT_TRUE(simulation.has_ended(longest));
  EXPECT_LT(resident_bytes() - after_some, 1e6);  // kept, these would be 20 MB
}

}  // namespace
}  // namespace superpod
