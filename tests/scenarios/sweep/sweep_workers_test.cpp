// Processes that run points: what dies is told, and the rest goes on.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <new>
#include <set>

#include "scenarios/sweep/outcome_message.hpp"
#include "scenarios/sweep/workers.hpp"
#include "sim/engine/engine.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::chrono::milliseconds patience{100};

/// All outcomes of points 0 to `count`, in the order in which they came.
std::vector<Outcome> run_all(Crew& crew, std::int64_t count) {
  std::vector<Outcome> all;
  for (std::int64_t next = 0; static_cast<std::int64_t>(all.size()) < count;) {
    for (; next < count && crew.room() > 0; ++next) crew.give(next);
    for (const std::string& message : crew.outcomes(patience)) all.push_back(outcome_in(message));
  }
  return all;
}

TEST(SweepWorkers, BringBackEveryPointOnce) {
  Workers workers{3, [](std::int64_t point) { return message_of(Outcome{point, Status::ok, "done", {}}); }};
  std::set<std::int64_t> points;
  for (const Outcome& outcome : run_all(workers, 500)) {
    EXPECT_EQ(outcome.message, "done");
    EXPECT_TRUE(points.insert(outcome.point).second) << outcome.point;
  }
  EXPECT_EQ(points.size(), 500U);
}

TEST(SweepWorkers, TheOneThatDiesFailsItsPointAndNoOther) {
  Workers workers{2, [](std::int64_t point) {
                    if (point % 10 == 3) std::raise(SIGKILL);
                    if (point % 10 == 7) std::_Exit(5);
                    return message_of(Outcome{point, Status::ok, {}, {}});
                  }};
  std::set<std::int64_t> points;
  for (const Outcome& outcome : run_all(workers, 40)) {
    EXPECT_TRUE(points.insert(outcome.point).second) << outcome.point;
    const std::int64_t last_digit = outcome.point % 10;
    EXPECT_EQ(outcome.status, last_digit == 3 || last_digit == 7 ? Status::failed : Status::ok)
        << outcome.point;
    EXPECT_EQ(outcome.message, last_digit == 3   ? "the process that ran it was killed by signal 9"
                               : last_digit == 7 ? "the process that ran it ended with exit code 5"
                                                 : "");
  }
  EXPECT_EQ(points.size(), 40U);
}

/// This process gets hardly more memory than it has, as long as it lives.
class MemoryLimit {
 public:
  MemoryLimit() {
    getrlimit(RLIMIT_AS, &before_);
    std::ifstream statm{"/proc/self/statm"};
    rlim_t pages = 0;
    statm >> pages;
    constexpr rlim_t more = 8 << 20;
    set({pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + more, before_.rlim_max});
  }
  ~MemoryLimit() { set(before_); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  static void set(const rlimit& limit) { setrlimit(RLIMIT_AS, &limit); }
  rlimit before_{};
};

TEST(SweepWorkers, ARunThatFindsNoMemoryFailsItsPointAndNoOther) {
  const auto work_of = [](int tasks) {
    TaskGraph work;
    for (int t = 0; t < tasks; ++t) work.join();
    return work;
  };
  const TaskGraph few = work_of(2), many = work_of(4'000'000);  // whose trace alone takes 64 MB
  Workers workers{2, [&](std::int64_t point) {
                    run({}, few);
                    if (point % 5 != 2) return message_of(Outcome{point, Status::ok, {}, {}});
                    try {
                      const MemoryLimit limit;
                      run({}, many);
                    } catch (const std::bad_alloc&) {
                      return message_of(Outcome{point, Status::failed, "out of memory", {}});
                    }
                    return message_of(Outcome{point, Status::mistake, "it had enough", {}});
                  }};
  std::set<std::int64_t> points;
  for (const Outcome& outcome : run_all(workers, 30)) {
    EXPECT_TRUE(points.insert(outcome.point).second) << outcome.point;
    EXPECT_EQ(outcome.status, outcome.point % 5 == 2 ? Status::failed : Status::ok) << outcome.point;
    EXPECT_EQ(outcome.message, outcome.point % 5 == 2 ? "out of memory" : "");
  }
  EXPECT_EQ(points.size(), 30U);
}

TEST(SweepWorkers, CarryMessagesOfAnyLength) {
  const std::string long_text(1 << 20, 'x');
  Workers workers{2, [&](std::int64_t point) {
                    return message_of(Outcome{point, Status::mistake, long_text, {}});
                  }};
  for (const Outcome& outcome : run_all(workers, 8)) EXPECT_EQ(outcome.message, long_text);
}

}  // namespace
}  // namespace superpod::scenarios
