#include "analysis/time_by_cause.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>

#include "tests/analysis/hand_made.hpp"

namespace superpod::analysis {
namespace {

using hand_made::World;

/// Seconds by cause of one rank, without the causes that took no time.
std::map<std::string, double> of_rank(const TimeByCause& times, std::size_t rank) {
  std::map<std::string, double> by_cause;
  for (std::size_t c = 0; c < times.causes.size(); ++c)
    if (const double t = times.ranks[rank][c].in(unit::s); t != 0) by_cause[times.causes[c]] = t;
  return by_cause;
}

TimeByCause split(World& world) {
  world.trace = hand_made::in_order(world.platform, world.work);
  return time_by_cause(world.platform, world.work, world.trace);
}

using Split = std::map<std::string, double>;

/// Two ranks (routes 0: 0->0, 1: 0->1, 2: 1->0, 3: 1->1; compute streams 0 and 2) and labels.
struct TwoRanks : testing::Test {
  World world{hand_made::two_stream_ranks(2), {}, {}};
  TaskGraph& work = world.work;
  LabelId compute = work.label("gemm", "compute"), send = work.label("send", "pipeline send"),
          reduce = work.label("reduce", "all-reduce");
};

TEST(TimeByCause, AddsUpToTheMakespanForEveryRank) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const World world = hand_made::at_random(seed);
    const TimeByCause times = time_by_cause(world.platform, world.work, world.trace);
    for (std::size_t r = 0; r < times.ranks.size(); ++r) {
      Seconds sum;
      for (const Seconds time : times.ranks[r]) {
        EXPECT_GE(time, Seconds{}) << "seed " << seed;
        sum += time;
      }
      EXPECT_EQ(sum, world.trace.makespan)
          << "seed " << seed << ", rank " << r;  // quarters of a second: exact
    }
  }
}

TEST(TimeByCause, MeanIsWeightedWithTheRanksOfEachClass) {
  const World world = hand_made::at_random(7, 3);  // of 1, 2 and 3 ranks
  const TimeByCause times = time_by_cause(world.platform, world.work, world.trace);
  for (std::size_t c = 0; c < times.causes.size(); ++c)
    EXPECT_NEAR(times.mean[c].in(unit::s),
                (times.ranks[0][c] + 2 * times.ranks[1][c] + 3 * times.ranks[2][c]).in(unit::s) / 6, 1e-12);
}

TEST_F(TwoRanks, WaitingForTheFirstStageIsBubbleAndItsSendIsExposed) {
  const TaskId first = work.occupy(0, 2 * unit::s, compute);
  const TaskId sent = work.move(1, 1 * unit::B, send);
  const TaskId second = work.occupy(2, 3 * unit::s, compute);
  work.depend(sent, first);
  work.depend(second, sent);
  const TimeByCause times = split(world);
  EXPECT_EQ(of_rank(times, 1), (Split{{"bubble", 2}, {"pipeline send", 1}, {"compute", 3}}));
  // Rank 0 is done when its own send is; the last 3 s it has nothing to do.
  EXPECT_EQ(of_rank(times, 0), (Split{{"compute", 2}, {"pipeline send", 1}, {"bubble", 3}}));
  EXPECT_EQ(times.busy, (std::vector{2 * unit::s, 3 * unit::s}));
}

TEST_F(TwoRanks, CommunicationBehindABusyStreamCountsNowhere) {
  work.move(0, 3 * unit::B, reduce);
  work.occupy(0, 4 * unit::s, compute);
  EXPECT_EQ(of_rank(split(world), 0), (Split{{"compute", 4}}));
}

TEST_F(TwoRanks, OnlyThePartOfAMoveThatOutlastsComputeIsExposed) {
  const TaskId reduced = work.move(0, 4 * unit::B, reduce);
  work.occupy(0, 3 * unit::s, compute);
  work.depend(work.occupy(0, 1 * unit::s, compute), reduced);
  EXPECT_EQ(of_rank(split(world), 0), (Split{{"compute", 4}, {"all-reduce", 1}}));
}

TEST_F(TwoRanks, AMoveAtTheEndOfTheStepIsExposed) {
  const TaskId last = work.occupy(0, 3 * unit::s, compute);
  work.depend(work.move(0, 2 * unit::B, reduce), last);
  EXPECT_EQ(of_rank(split(world), 0), (Split{{"compute", 3}, {"all-reduce", 2}}));
}

TEST_F(TwoRanks, ATaskOnAnotherStreamOfTheSameRankIsExposed) {
  const TaskId copy = work.occupy(1, 2 * unit::s, reduce);
  work.depend(work.occupy(0, 1 * unit::s, compute), copy);
  EXPECT_EQ(of_rank(split(world), 0), (Split{{"compute", 1}, {"all-reduce", 2}}));
}

TEST_F(TwoRanks, WaitingWhileAnotherRanksDeviceIsBusyWithSomethingElseIsBubble) {
  work.occupy(2, 5 * unit::s, compute);                             // rank 1 has something else to do first,
  const TaskId theirs = work.occupy(2, 1 * unit::s, compute);       // before it does what rank 0 waits for
  const TaskId between_others = work.move(3, 2 * unit::B, reduce);  // rank 1 to rank 1
  const TaskId join = work.join();
  work.depend(between_others, theirs);
  work.depend(join, between_others);
  work.depend(work.occupy(0, 1 * unit::s, compute), join);
  EXPECT_EQ(of_rank(split(world), 0), (Split{{"bubble", 8}, {"compute", 1}}));
}

TEST_F(TwoRanks, OfARankWithoutDevicesOnlyItsMovesCount) {
  world.platform.devices.resize(2);
  const TaskId first = work.occupy(0, 1 * unit::s, compute);
  work.depend(work.move(1, 2 * unit::B, send), first);
  EXPECT_EQ(of_rank(split(world), 1), (Split{{"bubble", 1}, {"pipeline send", 2}}));
}

TEST(TimeByCause, OfNoTasksIsNothing) {
  World world{hand_made::two_stream_ranks(2), {}, {}};
  EXPECT_EQ(of_rank(split(world), 0), Split{});
}

TEST(TimeByCause, ATraceOfOtherWorkIsOurMistake) {
  World world = hand_made::at_random(1);
  world.trace.tasks.pop_back();
  EXPECT_THROW((void)time_by_cause(world.platform, world.work, world.trace), std::logic_error);
}

TEST(TimeByCause,
     AMillionTasksInOneChainAreWalkedOnce) {  // a walk that began anew at each gap would take hours
  World world{hand_made::two_stream_ranks(2), {}, {}};
  const LabelId compute = world.work.label("gemm", "compute"),
                send = world.work.label("send", "pipeline send");
  TaskId last = -1;
  for (int i = 0; i < 250'000; ++i)
    for (const TaskId id :
         {world.work.occupy(0, 1 * unit::s, compute), world.work.move(1, 1 * unit::B, send),
          world.work.occupy(2, 1 * unit::s, compute), world.work.move(2, 1 * unit::B, send)}) {
      if (last >= 0) world.work.depend(id, last);
      last = id;
    }
  const TimeByCause times = split(world);
  EXPECT_EQ(of_rank(times, 0),
            (Split{{"bubble", 250'000}, {"compute", 250'000}, {"pipeline send", 500'000}}));
}

}  // namespace
}  // namespace superpod::analysis
