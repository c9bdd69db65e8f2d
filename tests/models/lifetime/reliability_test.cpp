#include "models/lifetime/reliability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/random/jitter.hpp"
#include "models/random/random.hpp"

namespace superpod::models {
namespace {

constexpr Seconds hour = 3600 * unit::s, minute = 60 * unit::s, day = 24 * hour;
constexpr double exact = 1e-12;

/// Only the network fails, as often as this; it is one part, whose repair takes so long.
Reliability only_network(Seconds mtbf, Seconds repair) {
  constexpr Seconds never{1e30};
  Reliability network;
  network.npu_mtbf = network.host_mtbf = network.software_mtbf = never;
  network.network_mtbf = mtbf;
  network.npus_per_host = 1;
  network.repair = repair;
  return network;
}

/// Time until the next of many failures.
class Failures {
 public:
  Failures(Seconds mtbf, std::uint64_t seed) : mtbf_{mtbf}, stream_{stream(seed, 0)} {}
  Seconds next() { return -std::log(random_number(stream_, drawn_++)) * mtbf_; }

 private:
  Seconds mtbf_;
  std::uint64_t stream_, drawn_ = 0;
};

/// What happens, one failure after the other.
struct Played {
  Seconds elapsed, rework, recovery;
};
Played played(const Interruptions& of, int intervals, std::uint64_t seed) {
  Failures failures{of.mtbf, seed};
  Played run;
  Seconds good = failures.next();  // until the next failure
  for (int done = 0; done < intervals;) {
    const Seconds needed = of.interval + of.checkpoint;
    if (good >= needed) {
      good -= needed, run.elapsed += needed, ++done;
      continue;
    }
    run.elapsed += good, run.rework += good;
    for (good = failures.next(); good < of.recovery; good = failures.next())
      run.elapsed += good, run.recovery += good;
    good -= of.recovery, run.elapsed += of.recovery, run.recovery += of.recovery;
  }
  return run;
}

TEST(Reliability, MetasInterruptionsComeFromItsParts) {
  const TrainingCluster llama{16'384, 4 * unit::GB, 0};
  const FailureRates rates = failure_rates({}, llama);
  const double rounded = 1e-3;  // defaults have four digits
  EXPECT_NEAR(rates.total().in(unit::Hz) * (54 * day).in(unit::s), 419, 419 * rounded);
  EXPECT_NEAR(1 / rates.total().in(unit::Hz) / 3600, 3.09, 0.005);  // h; arXiv 2407.21783, 54 * 24 / 419
  EXPECT_NEAR(rates.npus / rates.total(), 0.587, rounded);
  EXPECT_NEAR(rates.network.in(unit::Hz) * (54 * day).in(unit::s), 35, 35 * rounded);
}

TEST(Reliability, MetaTrainsMoreThan90PercentOfTheTime) {
  // The largest state that one of its NPUs writes is 4 GB (arXiv 2407.21783, section 3.3.1).
  const Goodput meta = goodput({}, {16'384, 4 * unit::GB, 0});
  EXPECT_GT(meta.share(), 0.90);
  EXPECT_LT(meta.share(), 0.95);
}

TEST(Reliability, MegaScaleTrainsMoreThan90PercentOfTheTime) {
  // Over 100 restarts in several weeks (3 at least); detected within 10 min, and caught up, with what was
  // lost, within 15 (arXiv 2402.15627, section 6.2): rework is part of that time, and checkpoints take none.
  const Seconds mtbf = 21.0 / 100 * day;
  EXPECT_GT(lost_shares({mtbf, {}, 1 * unit::s, 25 * minute}).goodput, 0.90);
}

TEST(Reliability, AvailabilityIsThatOfUbMesh) {
  // arXiv 2503.20377: MTBF 98.5 h (UB-Mesh) and 13.8 h (Clos) of 8,192 NPUs; repaired in 75 min, or 13 min.
  const auto available = [](Seconds mtbf, Seconds repair) {
    return 1 - waiting_share(1, 0, unavailability(only_network(mtbf, repair), {.npus = 1}));
  };
  const double as_printed = 1e-3;
  EXPECT_NEAR(available(98.5 * hour, 75 * minute), 0.988, as_printed);
  EXPECT_NEAR(available(13.8 * hour, 75 * minute), 0.916, as_printed);
  EXPECT_NEAR(available(98.5 * hour, 13 * minute), 0.9978, as_printed / 10);
}

TEST(Reliability, GoodputFallsWithNpusAndRisesWithMtbf) {
  double before = 1;
  for (double npus = 8; npus < 2e6; npus *= 2) {
    const double share = goodput({}, {npus, 4 * unit::GB, 0}).share();
    EXPECT_LT(share, before);
    EXPECT_GT(share, 0);
    before = share;
  }
  Reliability better;
  for (int i = 0; i < 20; ++i) {
    const double with = goodput(better, {1e5, 4 * unit::GB, 0}).share();
    better.npu_mtbf.value *= 1.5;
    EXPECT_GT(goodput(better, {1e5, 4 * unit::GB, 0}).share(), with);
  }
}

TEST(Reliability, OpticalModulesCountWhereTheirMtbfIsGiven) {
  Reliability optical;
  EXPECT_EQ(failure_rates(optical, {1024, {}, 4096}).optical_modules, Hertz{});
  optical.optical_module_mtbf = 1e6 * hour;
  EXPECT_NEAR(failure_rates(optical, {1024, {}, 4096}).optical_modules.in(unit::Hz), 4096 / 3.6e9, exact);
}

TEST(Reliability, WithoutFailuresNothingIsLost) {
  Reliability perfect = only_network(Seconds{1e30}, day);
  const Goodput all = goodput(perfect, {1e6, 4 * unit::GB, 0});
  EXPECT_NEAR(all.share(), 1, 1e-9);
  EXPECT_EQ(all.spares, 0);
  EXPECT_NEAR(expected_time(day, {Seconds{1e30}, 10 * unit::s, hour, minute}) / day, 1 + 10.0 / 3600, exact);
}

TEST(Reliability, SharesAddUpToTheExactTime) {
  for (const Seconds mtbf : {0.1 * hour, 3 * hour, 1000 * hour})
    for (const double waiting : {0.0, 0.2}) {
      const Interruptions of{mtbf, 20 * unit::s, 10 * minute, 5 * minute};
      const LostShares lost = lost_shares(of, waiting);
      EXPECT_NEAR(lost.goodput, (1 - waiting) * (day / expected_time(day, of)), 1e-9);
      EXPECT_GT(lost.checkpoints, 0);
      EXPECT_GT(lost.rework, 0);
      EXPECT_GT(lost.recovery, 0);
    }
}

TEST(Reliability, BestIntervalIsAMinimumOfTheExactTime) {
  for (const Seconds checkpoint : {0.1 * unit::s, 10 * unit::s, minute, hour})
    for (const Seconds mtbf : {5 * minute, 3 * hour, 1000 * hour}) {
      const Seconds best = best_interval(checkpoint, mtbf);
      const auto time = [&](double of_best) {
        return expected_time(day, {mtbf, checkpoint, of_best * best, 10 * minute}).in(unit::s);
      };
      for (const double off : {0.5, 0.9, 1.1, 2.0}) EXPECT_GT(time(off), time(1));
    }
}

TEST(Reliability, DalysIntervalsAreThoseOfHisPaper) {
  // The examples of its figures 3, 4 and 5: 5 min a checkpoint.
  EXPECT_NEAR(daly_interval(5 * minute, 24 * hour) / minute, 117, 0.5);
  EXPECT_NEAR(daly_interval(5 * minute, 6 * hour) / minute, 57, 0.5);
  EXPECT_NEAR(daly_interval(5 * minute, 15 * minute) / minute, 9.1, 0.05);
  EXPECT_EQ(daly_interval(hour, 10 * minute), 10 * minute);
}

TEST(Reliability, DalyIsNearerToTheOptimumThanYoungAndBothMeetItWhereCheckpointsAreShort) {
  for (const double ratio : {1e-6, 1e-4, 1e-2, 0.1, 0.5}) {
    const Seconds checkpoint = ratio * hour;
    const double best = best_interval(checkpoint, hour) / hour;
    const double young = young_interval(checkpoint, hour) / hour,
                 daly = daly_interval(checkpoint, hour) / hour;
    EXPECT_LT(std::abs(daly / best - 1), std::abs(young / best - 1));
    EXPECT_LT(std::abs(daly / best - 1), 0.01);
    EXPECT_LT(std::abs(young / best - 1), 1.5 * std::sqrt(ratio));
  }
}

TEST(Reliability, CheckpointsThatTakeNoTimeCostNothing) {
  Reliability instant;
  instant.checkpoint = Seconds{};
  const Goodput found = goodput(instant, {16'384, {}, 0});
  EXPECT_EQ(found.lost.checkpoints, 0);
  EXPECT_LT(found.lost.rework, 1e-5);
}

TEST(Reliability, ACheckpointWaitsForTheEndOfAStep) {
  const TrainingCluster large{1e6, 1 * unit::GB, 0, 5 * minute};
  EXPECT_EQ(goodput({}, large).interruptions.interval, 5 * minute);
}

TEST(Reliability, WhatIsGivenIsTaken) {
  Reliability given;
  given.checkpoint = 3 * unit::s;
  given.checkpoint_interval = 7 * minute;
  given.spares = 2;
  const Goodput found = goodput(given, {1024, 4 * unit::GB, 0});
  EXPECT_EQ(found.interruptions.checkpoint, 3 * unit::s);
  EXPECT_EQ(found.interruptions.interval, 7 * minute);
  EXPECT_EQ(found.spares, 2);
  EXPECT_EQ(found.hosts, 128);
  EXPECT_NEAR(checkpoint_time({}, {1, 4 * unit::GB, 0}).in(unit::s), 4000.0 / 427, exact * 10);
}

TEST(Reliability, ThePlayedRunTakesTheExpectedTime) {
  // Failures one by one: at 60,000 intervals the mean is sure to some 0.5 %, shares of the elapsed time
  // likewise.
  constexpr double sure = 0.015;
  constexpr int intervals = 60'000;
  for (const Interruptions& of : {Interruptions{3 * hour, 10 * unit::s, 10 * minute, 10 * minute},
                                  Interruptions{20 * minute, minute, 5 * minute, 10 * minute}}) {
    const Played run = played(of, intervals, 7);
    const LostShares lost = lost_shares(of);
    EXPECT_NEAR(run.elapsed / expected_time(intervals * of.interval, of), 1, sure);
    EXPECT_NEAR(run.rework / run.elapsed, lost.rework, sure * lost.rework);
    EXPECT_NEAR(run.recovery / run.elapsed, lost.recovery, sure * lost.recovery);
    EXPECT_NEAR(intervals * of.checkpoint / run.elapsed, lost.checkpoints, sure * lost.checkpoints);
  }
}

TEST(Reliability, WaitingIsTheTailOfTheBinomialDistribution) {
  for (const double q : {0.01, 0.3, 0.9})
    for (int spares = 0; spares <= 6; ++spares) {
      const int n = 5 + spares;
      double tail = 0;
      for (int away = spares + 1; away <= n; ++away)
        tail += std::round(std::exp(std::lgamma(n + 1) - std::lgamma(away + 1) - std::lgamma(n - away + 1))) *
                std::pow(q, away) * std::pow(1 - q, n - away);
      EXPECT_NEAR(waiting_share(5, spares, q), tail, 1e-12);
    }
}

TEST(Reliability, SparesAreTheFewestThatKeepWaitingWithinTheBound) {
  for (const double hosts : {1.0, 100.0, 131'072.0})
    for (const double q : {1e-4, 0.003, 0.05})
      for (const double bound : {1e-6, 1e-3, 0.1}) {
        const int spares = spares_for(hosts, q, bound);
        EXPECT_LE(waiting_share(hosts, spares, q), bound);
        if (spares > 0) {
          EXPECT_GT(waiting_share(hosts, spares - 1, q), bound);
        }
      }
}

TEST(Reliability, PlayedHostsWaitAsLongAsTheTailSays) {
  // 20 hosts and 1 spare; each works for a random time of mean 100, then is away for exactly 5: repairs need
  // not be random.
  constexpr int units = 21, changes = 20'000;
  const double q = 5.0 / 105;
  std::vector<double> until(units);  // of each, the date of its next change
  std::vector<bool> away(units, false);
  const std::uint64_t numbers = stream(3, 1);
  std::uint64_t drawn = 0;
  const auto works = [&] { return -100 * std::log(random_number(numbers, drawn++)); };
  for (double& date : until) date = works();
  double now = 0, waiting = 0;
  int out = 0;
  for (int change = 0; change < units * changes; ++change) {
    const auto first = std::min_element(until.begin(), until.end());
    if (out > 1) waiting += *first - now;
    now = *first;
    const auto who = static_cast<std::size_t>(first - until.begin());
    away[who] = !away[who];
    out += away[who] ? 1 : -1;
    *first = now + (away[who] ? 5 : works());
  }
  const double expected = waiting_share(20, 1, q);
  EXPECT_NEAR(waiting / now, expected, 0.02 * expected);
}

TEST(Reliability, SharesAddUpWhereRecoveriesTakeMuchLongerThanFailuresDo) {
  for (const double recovery : {1e2, 1e4, 1e9})
    for (const double interval : {1.0, 1e4, 1e9}) {
      const LostShares lost = lost_shares({Seconds{1}, Seconds{1e3}, Seconds{interval}, Seconds{recovery}});
      const double all = lost.checkpoints + lost.rework + lost.recovery + lost.waiting + lost.goodput;
      EXPECT_NEAR(all, 1, 1e-9) << recovery << " " << interval;
      EXPECT_GE(lost.goodput, 0);
    }
}

TEST(Reliability, NoNumberOfSparesMakesUpForHostsThatAreAlwaysAway) {
  EXPECT_EQ(spares_for(16, 1 - 1e-12, 1e-3), 1 << 30);  // and does not look for ever
  Reliability poor;
  poor.npu_mtbf = Seconds{1};
  poor.repair = 100'000 * day;
  const auto found = flaws(poor, {.npus = 1024});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key, "repair");
}

TEST(Reliability, ATrainingThatNeverGetsOnIsAFlawOfWhatTakesLongest) {
  EXPECT_TRUE(flaws({}, {.npus = 1e6}).empty());
  Reliability slow;
  slow.recovery = Seconds{1e9};
  ASSERT_EQ(flaws(slow, {.npus = 1024}).size(), 1U);
  EXPECT_EQ(flaws(slow, {.npus = 1024})[0].key, "recovery");
  Reliability rare;
  rare.checkpoint_interval = Seconds{1e9};
  ASSERT_EQ(flaws(rare, {.npus = 1024}).size(), 1U);
  EXPECT_EQ(flaws(rare, {.npus = 1024})[0].key, "checkpoint_interval");
}

TEST(Reliability, TimeToTrainIsThatOfItsStepsOverTheGoodput) {
  EXPECT_EQ(time_to_train(1000, 5 * unit::s, 0.5), 10'000 * unit::s);
}

}  // namespace
}  // namespace superpod::models
