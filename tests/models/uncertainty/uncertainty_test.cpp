#include "models/uncertainty/uncertainty.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace superpod::models {
namespace {

constexpr double exact = 1e-12;

UncertainInput input(const std::string& path, double low, double high) {
  UncertainInput made;
  made.path = path, made.low = low, made.high = high;
  return made;
}

const std::vector<UncertainInput> three{input("a", 0.8, 1.3), input("b", 0.5, 1.1), input("c", 0.9, 1.2)};

Completion nothing_to_add() {
  return [](const Factors&, const std::vector<double>& figures) { return figures; };
}

TEST(Uncertainty, NinetyPercentLieBetweenLowAndHigh) {
  const UncertainInput f = input("a", 0.8, 1.3);
  EXPECT_NEAR(factor(f, 0.05), 0.8, 1e-9);
  EXPECT_NEAR(factor(f, 0.5), 1, 1e-9);
  EXPECT_NEAR(factor(f, 0.95), 1.3, 1e-9);
  UncertainInput flat = f;
  flat.distribution = Distribution::uniform;
  EXPECT_NEAR(factor(flat, 0.25), 0.925, exact);
}

TEST(Uncertainty, AFactorDoesNotPassItsLimit) {
  UncertainInput share = input("efficiency", 0.8, 1.3);
  share.most = 1.05;
  EXPECT_EQ(factor(share, 0.999), 1.05);
  EXPECT_LT(factor(share, 0.3), 1);
}

TEST(Uncertainty, EachStratumHasOneSample) {
  constexpr int samples = 64;
  const auto all = latin_hypercube(three, samples, 11);
  ASSERT_EQ(all.size(), samples);
  for (std::size_t i = 0; i < three.size(); ++i) {
    std::vector<double> factors;
    for (const Factors& one : all) factors.push_back(one[i]);
    std::ranges::sort(factors);
    for (int s = 0; s < samples; ++s) {
      const auto at = static_cast<std::size_t>(s);
      if (s > 0) {
        EXPECT_GE(factors[at], factor(three[i], static_cast<double>(s) / samples));
      }
      if (s + 1 < samples) {
        EXPECT_LE(factors[at], factor(three[i], static_cast<double>(s + 1) / samples));
      }
    }
  }
}

TEST(Uncertainty, SamplesOfAnInputDependOnItsPathAndTheSeedAlone) {
  const auto all = latin_hypercube(three, 50, 3), same = latin_hypercube(three, 50, 3);
  EXPECT_EQ(all, same);
  const auto alone = latin_hypercube({three[2]}, 50, 3), other = latin_hypercube({three[2]}, 50, 4);
  std::vector<double> of_all, of_alone, of_other;
  for (std::size_t s = 0; s < all.size(); ++s)
    of_all.push_back(all[s][2]), of_alone.push_back(alone[s][0]), of_other.push_back(other[s][0]);
  EXPECT_EQ(of_all, of_alone);
  EXPECT_NE(of_alone, of_other);
}

TEST(Uncertainty, ASeedGivesTheSameNumbersOnEveryMachine) {
  const auto samples = latin_hypercube({input("system.networks.UBoE.bandwidth", 0.5, 2)}, 4, 1);
  const double rounding = 1e-9;  // of exp and log
  std::vector<double> found;
  for (const Factors& one : samples) found.push_back(one[0]);
  EXPECT_NEAR(found[0], 1.7619606865277044, rounding);
  EXPECT_NEAR(found[1], 1.3023895607283065, rounding);
  EXPECT_NEAR(found[2], 0.76745898535234602, rounding);
  EXPECT_NEAR(found[3], 0.57790099241518311, rounding);
}

TEST(Uncertainty, EvaluationsDoNotDependOnTheNumberOfThreads) {
  const auto samples = latin_hypercube(three, 200, 5);
  const Evaluation product = [](const Factors& f) { return std::vector{f[0] * f[1] / f[2], f[1]}; };
  const auto one = evaluate(product, samples, 1);
  for (const int threads : {2, 3, 8}) EXPECT_EQ(evaluate(product, samples, threads), one);
  EXPECT_EQ(one_at_a_time(three, product, 4).high, one_at_a_time(three, product, 1).high);
}

TEST(Uncertainty, WhatAnEvaluationThrowsIsThrown) {
  const Evaluation fails = [](const Factors&) -> std::vector<double> { throw std::invalid_argument{"no"}; };
  EXPECT_THROW(evaluate(fails, std::vector<Factors>(9, Factors{1}), 3), std::invalid_argument);
}

TEST(Uncertainty, TheTornadoOfALinearFunctionIsExact) {
  // y = 2 a + 5 b + 0 c: a swings by 2 (1.3 - 0.8) = 1, b by 5 (1.1 - 0.5) = 3, c does nothing.
  const Evaluation linear = [](const Factors& f) { return std::vector{2 * f[0] + 5 * f[1]}; };
  const auto bars = tornado(one_at_a_time(three, linear), 0);
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_EQ(bars[0].input, 1U);
  EXPECT_NEAR(bars[0].low, 2 + 2.5, exact);
  EXPECT_NEAR(bars[0].high, 2 + 5.5, exact);
  EXPECT_NEAR(bars[0].swing, 3, exact);
  EXPECT_EQ(bars[1].input, 0U);
  EXPECT_NEAR(bars[1].swing, 1, exact);
}

TEST(Uncertainty, AnInputThatCostsInBothDirectionsSwings) {
  const Evaluation valley = [](const Factors& f) { return std::vector{1 + std::abs(std::log(f[0]))}; };
  const auto bars = tornado(one_at_a_time({input("a", 0.5, 2)}, valley), 0);
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_NEAR(bars[0].swing, std::log(2), exact);
}

TEST(Uncertainty, TheSurrogateIsExactForPowerLaws) {
  const Evaluation power = [](const Factors& f) {
    return std::vector{3 * std::pow(f[0], -0.7) * f[1] * f[1], std::sqrt(f[2])};
  };
  const OneAtATime runs = one_at_a_time(three, power);
  for (const Factors& factors : latin_hypercube(three, 100, 9)) {
    const auto first_order = surrogate(three, runs, factors), full = power(factors);
    for (std::size_t f = 0; f < full.size(); ++f) EXPECT_NEAR(first_order[f], full[f], exact * full[f]);
  }
}

TEST(Uncertainty, TheSurrogateBendsWhereAnInputBeginsToBind) {
  const Evaluation roof = [](const Factors& f) { return std::vector{std::max(1.0, 1 / f[0])}; };
  const std::vector one{input("bandwidth", 0.5, 2)};
  const OneAtATime runs = one_at_a_time(one, roof);
  for (const double f : {0.6, 0.9, 1.0, 1.5, 3.0})
    EXPECT_NEAR(surrogate(one, runs, {f})[0], roof({f})[0], exact);
}

TEST(Uncertainty, OneInputsQuantilesAreItsOwn) {
  const std::vector one{input("a", 0.7, 1.6)};
  Uncertainty uncertainty;
  uncertainty.samples = 2000;
  const Evaluation inverse = [](const Factors& f) { return std::vector{10 / f[0]}; };
  const Study found = study(one, inverse, nothing_to_add(), uncertainty, 21);
  const auto [low, high] = interval(found.samples, 0, 10);
  const double stratum = 2.0 / uncertainty.samples;  // of probability
  EXPECT_GE(low, 10 / factor(one[0], 0.95 + stratum));
  EXPECT_LE(low, 10 / factor(one[0], 0.95 - stratum));
  EXPECT_GE(high, 10 / factor(one[0], 0.05 + stratum));
  EXPECT_LE(high, 10 / factor(one[0], 0.05 - stratum));
  EXPECT_LT(found.error.largest, exact);
  EXPECT_EQ(found.error.samples, uncertainty.checks);
}

TEST(Uncertainty, ChecksTellHowFarTheFirstOrderIsOff) {
  const Evaluation together = [](const Factors& f) { return std::vector{1 + f[0] * f[1]}; };
  Uncertainty uncertainty;
  uncertainty.checks = 200;
  const Study found = study({three[0], three[1]}, together, nothing_to_add(), uncertainty, 1);
  EXPECT_GT(found.error.mean, 1e-4);
  EXPECT_GE(found.error.largest, found.error.mean);
  EXPECT_LT(found.error.largest, 0.2);
}

TEST(Uncertainty, TheCompletionSeesTheFactorsInFull) {
  // What the completion computes is exact where the surrogate would not be.
  const Evaluation costly = [](const Factors& f) { return std::vector{1 / f[0]}; };
  const Completion finished = [](const Factors& f, const std::vector<double>& step) {
    return std::vector{step[0], step[0] / (1 - 0.5 * std::exp(-f[1]))};
  };
  const Study found = study({three[0], three[1]}, costly, finished, {}, 2);
  EXPECT_LT(found.error.largest, exact);
  EXPECT_NE(found.runs.low[1][1], found.runs.base[1]);
}

TEST(Uncertainty, IntervalsShrinkAsGradesImprove) {
  const Uncertainty defaults;
  double before = 1e9;
  for (const Grade grade : {Grade::assumed, Grade::derived, Grade::published, Grade::measured}) {
    const double w = width(defaults, "a", grade);
    const std::vector<UncertainInput> inputs{input("a", 1 / (1 + w), 1 + w), three[1]};
    const Study found = study(
        inputs, [](const Factors& f) { return std::vector{f[0] + 0.1 * f[1]}; }, nothing_to_add(), {}, 8);
    const auto [low, high] = interval(found.samples, 0, found.runs.base[0]);
    EXPECT_LE(high - low, before);
    before = high - low;
  }
  EXPECT_LT(defaults.measured, defaults.published);
  EXPECT_LT(defaults.derived, defaults.assumed);
}

TEST(Uncertainty, AWidthOfItsOwnGoesBeforeThatOfTheGrade) {
  Uncertainty given;
  given.inputs["a"] = 0;
  EXPECT_EQ(width(given, "a", Grade::assumed), 0);
  EXPECT_EQ(width(given, "b", Grade::assumed), given.assumed);
}

TEST(Uncertainty, QuantilesAreLinearBetweenRanks) {
  EXPECT_EQ(quantile({4, 1, 3, 2}, 0), 1);
  EXPECT_EQ(quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_NEAR(quantile({4, 1, 3, 2}, 0.5), 2.5, exact);
  EXPECT_EQ(quantile({7}, 0.3), 7);
}

}  // namespace
}  // namespace superpod::models
