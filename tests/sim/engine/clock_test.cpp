// One process and one SimGrid for any number of runs; and the same runs without it.
#include "sim/engine/clock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include "sim/engine/engine.hpp"
#include "tests/sim/engine/random_platform.hpp"

namespace superpod {
namespace {

using namespace unit;

struct Job {
  Platform platform;
  TaskGraph work;
};

Job random_job(unsigned seed) {
  Random random{seed};
  Job job{random_platform(random, {}), {}};
  job.platform.devices.push_back({0, "more"});
  job.work = random_work(random, job.platform, 4);
  return job;
}

/// Four ranks in a ring pass something on three times.
Job small_collective() {
  Job job;
  const LabelId label = job.work.label("send", "test");
  for (int r = 0; r < 4; ++r) {
    job.platform.links.push_back({"link", 1, 100 * GB / s});
    job.platform.routes.push_back({0, 0, 1, 1 * us, {{r, 1}}});
  }
  for (int step = 0; step < 3; ++step)
    for (int r = 0; r < 4; ++r) {
      const TaskId move = job.work.move(r, 1 * MB, label);
      if (step > 0) job.work.depend(move, move - 4);
    }
  return job;
}

void expect_same_bytes(const Trace& one, const Trace& other) {
  EXPECT_EQ(one.makespan, other.makespan);
  ASSERT_EQ(one.tasks.size(), other.tasks.size());
  for (std::size_t t = 0; t < one.tasks.size(); ++t) {
    ASSERT_EQ(one.tasks[t].start, other.tasks[t].start) << "task " << t;
    ASSERT_EQ(one.tasks[t].finish, other.tasks[t].finish) << "task " << t;
  }
}

TEST(Clock, BothGiveTheSameBytesAfterAnyNumberOfRuns) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Job job = random_job(seed);
    expect_same_bytes(run(job.platform, job.work), run_bare(job.platform, job.work));
  }
}

TEST(Clock, ManyThreadsMayRunAtOnce) {
  constexpr unsigned jobs = 40;
  std::vector<Trace> expected(jobs);
  for (unsigned seed = 0; seed < jobs; ++seed) {
    const Job job = random_job(seed);
    expected[seed] = run_bare(job.platform, job.work);
  }
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, on_simgrids = t % 2 == 0] {
      for (unsigned seed = 0; seed < jobs; ++seed) {
        const Job job = random_job(seed);
        expect_same_bytes(on_simgrids ? run(job.platform, job.work) : run_bare(job.platform, job.work),
                          expected[seed]);
      }
    });
}

double resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

TEST(Clock, ThousandsOfRunsNeedTheMemoryOfOne) {
  const Job job = small_collective();
  for (int i = 0; i < 200; ++i) run(job.platform, job.work);
  const double before = resident_bytes();
  for (int i = 0; i < 5000; ++i) run(job.platform, job.work);
  EXPECT_LT(resident_bytes() - before, 0.5e6);  // 100 bytes that each left behind
}

TEST(Clock, ARunStartsNoProcess) {
  const Job job = small_collective();
  run(job.platform, job.work);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

void own_handler(int) {}

TEST(Clock, SignalsStayTheProgramsOwn) {
  const auto before = std::signal(SIGINT, own_handler);
  const Job job = small_collective();
  run(job.platform, job.work);
  EXPECT_EQ(std::signal(SIGINT, before), own_handler);
}

/// Throws when so much time has passed.
class Fails : public Driven {
 public:
  double wait() override { return 1; }
  void pass(double seconds) override {
    if ((passed_ += seconds) == 3) throw std::range_error{"three seconds"};
  }

 private:
  double passed_ = 0;
};

TEST(Clock, WhatARunThrowsReachesItsCallerAndTheNextRunIsAsEver) {
  const Job job = small_collective();
  const Trace expected = run_bare(job.platform, job.work);
  for (const Clock clock : {Clock::simgrid, Clock::bare}) {
    Fails fails;
    EXPECT_THROW(drive(fails, clock), std::range_error);
    expect_same_bytes(run(job.platform, job.work), expected);
  }
}

/// Begins a run of its own while it is driven.
class Nested : public Driven {
 public:
  double wait() override { return ran_ ? std::numeric_limits<double>::infinity() : 0; }
  void pass(double) override {
    ran_ = true;
    const Job job = small_collective();
    expect_same_bytes(run_bare(job.platform, job.work), run_bare(job.platform, job.work));
    EXPECT_THROW(run(job.platform, job.work), std::logic_error);
  }

 private:
  bool ran_ = false;
};

TEST(Clock, ARunWithinARunIsBareOrAnError) {
  Nested nested;
  drive(nested, Clock::simgrid);
  const Job job = small_collective();
  expect_same_bytes(run(job.platform, job.work), run_bare(job.platform, job.work));
}

TEST(Clock, ProgressIsToldNowAndThenAndGrows) {
  Job job;  // long enough to be told of: some hundred thousand tasks
  job.platform = small_collective().platform;
  const LabelId label = job.work.label("send", "test");
  for (int t = 0; t < 300'000; ++t) {
    const TaskId move = job.work.move(t % 4, 1 * MB, label);
    if (t >= 4) job.work.depend(move, t - 4);
  }
  std::vector<double> told;
  run(job.platform, job.work, [&](double share) { told.push_back(share); });
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_GE(told[i], i == 0 ? 0 : told[i - 1]);
    EXPECT_LE(told[i], 1);
  }
  EXPECT_LT(told.size(), 300'000U / 256);
}

}  // namespace
}  // namespace superpod
