#include "models/serving/engine/instance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "models/random/random.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// Straight lines; those of decoding bend every `bend` tokens, up and down in turn.
class LineCosts final : public IterationCosts {
 public:
  Seconds iteration{1e-3}, token{1e-6}, output{2e-6}, cached{1e-8}, pair{1e-10}, host{0};
  double bend = std::numeric_limits<double>::infinity();

  const IterationParts& of_tokens(int most, int all) override {
    parts_.products = iteration + most * token;
    parts_.experts = all * 0.5 * token;
    return parts_;
  }
  Seconds of_outputs(int outputs) override { return outputs * output; }
  AttentionLine of_decoding(int, double seen) override {
    if (std::isinf(bend)) return {seen * cached, cached, bend};
    const double piece = std::floor(seen / bend), bent = std::fmod(piece, 2);
    const double before = std::floor(piece / 2) * 3 + bent;  // slopes 1 and 2 in turn
    return {(before * bend + (1 + bent) * (seen - piece * bend)) * cached, (1 + bent) * cached,
            (piece + 1) * bend};
  }
  Seconds of_prefill(int tokens, int seen) override {
    return (tokens * static_cast<double>(seen) + 0.5 * tokens * tokens) * pair;
  }
  Seconds on_host(int requests, int) override { return host + requests * 1e-5 * unit::s; }

 private:
  IterationParts parts_;
};

struct Ask {
  Seconds arrival;
  int input, output;
  bool cached = false;
};
struct Dates {
  Seconds admitted{-1}, first{-1}, finished{-1};
};

std::vector<Dates> served(Instance& instance, const std::vector<Ask>& asks) {
  std::vector<Dates> dates(asks.size());
  std::size_t next = 0;
  const Seconds never{std::numeric_limits<double>::infinity()};
  for (;;) {
    const Seconds arrival = next < asks.size() ? asks[next].arrival : never;
    if (instance.end() == never && arrival == never) return dates;
    Seconds now = arrival;
    if (instance.end() < arrival) {
      now = instance.end();
      for (const RequestEvent& event : instance.finish()) {
        Dates& its = dates[event.id];
        if (event.kind == RequestEvent::Kind::admitted) its.admitted = event.date;
        if (event.kind == RequestEvent::Kind::first_token) its.first = event.date;
        if (event.kind == RequestEvent::Kind::finished) its.finished = event.date;
      }
    } else {
      const Ask& ask = asks[next];
      instance.submit({static_cast<std::uint32_t>(next++), ask.input, ask.output, ask.cached, now}, now);
    }
    instance.begin(now);
  }
}

TEST(Instance, OfOneRequestTakesTheSumOfItsIterations) {
  LineCosts costs;
  ServingEngine rules;
  rules.token_budget = 100;
  Instance instance{{rules, costs, 1000}};
  const auto dates = served(instance, {{Seconds{2}, 250, 4}});
  const auto prompt = [&](int tokens, int seen) {
    return costs.of_tokens(tokens, tokens).total() + costs.of_prefill(tokens, seen);
  };
  const Seconds first = prompt(100, 0) + prompt(100, 100) + prompt(50, 200) + costs.of_outputs(1);
  Seconds decoding;
  for (const int seen : {250, 251, 252})
    decoding += costs.of_tokens(1, 1).total() + costs.of_outputs(1) + costs.of_decoding(1, seen).time;
  EXPECT_NEAR(dates[0].first.in(unit::s), 2 + first.in(unit::s), 1e-12);
  EXPECT_NEAR(dates[0].finished.in(unit::s), (Seconds{2} + first + decoding).in(unit::s), 1e-12);
  EXPECT_EQ(instance.totals().iterations, 6);
  EXPECT_EQ(instance.totals().output_tokens, 4);
}

struct Case {
  ServingEngine rules;
  LineCosts costs;
  std::int64_t blocks;
  int ranks;
  std::vector<Ask> asks;
};

Case random_case(std::uint64_t seed) {
  Random random{seed};
  const auto among = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  Case its;
  its.rules.order = random.uniform() < 0.5 ? BatchOrder::mixed : BatchOrder::prefill_first;
  its.rules.token_budget = among(16, 300);
  its.rules.max_running = among(1, 16);
  its.rules.block_tokens = among(1, 20);
  its.rules.lag_iterations = among(0, 2);
  its.rules.chunked_prefill = random.uniform() < 0.7;
  its.rules.reserve_share = std::vector{0.0, 0.3, 1.0}[index(among(0, 2))];
  its.rules.host.overlapped = random.uniform() < 0.7;
  if (random.uniform() < 0.5) its.rules.graph_batches = {1, 2, 4, 8, 16};
  if (random.uniform() < 0.5) its.costs.bend = among(10, 2000);
  its.costs.cached = std::pow(10, -9 + 3 * random.uniform()) * unit::s;
  its.costs.host = random.uniform() * 3e-3 * unit::s;
  its.ranks = random.uniform() < 0.5 ? 1 : among(2, 5);
  Seconds date;
  int longest = 1;
  for (int i = among(1, 60); i > 0; --i) {
    date += -std::log(1 - random.uniform()) * 0.03 * unit::s;
    its.asks.push_back({date, among(1, 400), among(2, 300), random.uniform() < 0.1});
    longest = std::max(longest, its.asks.back().input + its.asks.back().output);
  }
  its.blocks = (longest / its.rules.block_tokens.value + 1) * among(1, 6);
  return its;
}

/// Stretches are sums of as many terms as there are iterations: rounding differs.
constexpr double rounding = 1e-9;

TEST(Instance, JumpsAreStepsTakenTogether) {
  double preemptions = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE(seed);
    Case its = random_case(seed);
    Instance jumps{{its.rules, its.costs, its.blocks, its.ranks, Stepping::jumps}};
    Instance steps{{its.rules, its.costs, its.blocks, its.ranks, Stepping::each}};
    const auto fast = served(jumps, its.asks), slow = served(steps, its.asks);
    for (std::size_t i = 0; i < fast.size(); ++i) {
      const double scale = slow[i].finished.in(unit::s);
      ASSERT_NEAR(fast[i].admitted.in(unit::s), slow[i].admitted.in(unit::s), rounding * scale) << i;
      ASSERT_NEAR(fast[i].first.in(unit::s), slow[i].first.in(unit::s), rounding * scale) << i;
      ASSERT_NEAR(fast[i].finished.in(unit::s), scale, rounding * scale) << i;
    }
    const InstanceTotals &a = jumps.totals(), &b = steps.totals();
    EXPECT_EQ(a.iterations, b.iterations);
    EXPECT_EQ(a.output_tokens, b.output_tokens);
    EXPECT_EQ(a.preemptions, b.preemptions);
    EXPECT_NEAR(a.busy / b.busy, 1, rounding);
    EXPECT_NEAR(a.parts.total() / b.parts.total(), 1, rounding);
    EXPECT_NEAR(a.parts.attention / b.parts.attention, 1, rounding);
    EXPECT_NEAR(a.request_time / b.request_time, 1, rounding);
    EXPECT_NEAR(a.cache_time / b.cache_time, 1, rounding);
    EXPECT_NEAR(a.token_gaps.mean() / b.token_gaps.mean(), 1, rounding);
    EXPECT_NEAR(a.token_gaps.count(), b.token_gaps.count(), 1e-6);
    preemptions += static_cast<double>(a.preemptions);
  }
  EXPECT_GT(preemptions, 100);  // the cases are hard enough
}

TEST(Instance, KeepsItsBooks) {
  for (std::uint64_t seed = 1000; seed < 1200; ++seed) {
    SCOPED_TRACE(seed);
    Case its = random_case(seed);
    Instance instance{{its.rules, its.costs, its.blocks, its.ranks}};
    const auto dates = served(instance, its.asks);
    std::int64_t tokens = 0, gaps = 0;
    Seconds in_engine;
    for (std::size_t i = 0; i < dates.size(); ++i) {
      EXPECT_GE(dates[i].admitted, its.asks[i].arrival);
      EXPECT_GT(dates[i].finished, dates[i].admitted);
      tokens += its.asks[i].output - (its.asks[i].cached ? 1 : 0);
      gaps += its.asks[i].output - 1;
      in_engine += dates[i].finished - dates[i].admitted;
    }
    EXPECT_EQ(instance.totals().output_tokens, tokens);
    if (instance.totals().preemptions == 0) {
      EXPECT_EQ(instance.totals().token_gaps.count(), gaps);
    }
    EXPECT_EQ(instance.free_blocks(), its.blocks * its.ranks);
    EXPECT_EQ(instance.running() + instance.waiting(), 0);
    EXPECT_NEAR(instance.totals().parts.total() / instance.totals().busy, 1, rounding);
    // Little's law, where nobody was sent back to wait
    if (instance.totals().preemptions == 0) {
      EXPECT_NEAR(in_engine / instance.totals().request_time, 1, rounding);
    }
  }
}

TEST(Instance, ThatKeepsRoomForAllTokensEvictsNobody) {
  for (std::uint64_t seed = 2000; seed < 2200; ++seed) {
    SCOPED_TRACE(seed);
    Case its = random_case(seed);
    its.rules.reserve_share = 1.0;
    Instance instance{{its.rules, its.costs, its.blocks, its.ranks}};
    served(instance, its.asks);
    EXPECT_EQ(instance.totals().preemptions, 0);
  }
}

/// Requests of one token that take D each, one at a time: Pollaczek-Khinchine, W = rho D / (2 (1 - rho)).
TEST(Instance, WithOneRequestAtATimeIsAnMD1Queue) {
  LineCosts costs;
  ServingEngine rules;
  rules.max_running = 1;
  Instance instance{{rules, costs, 100}};
  const Seconds service = costs.of_tokens(10, 10).total() + costs.of_prefill(10, 0) + costs.of_outputs(1);
  const double rho = 0.7;
  Random random{7};
  std::vector<Ask> asks;
  Seconds date;
  for (int i = 0; i < 200000; ++i) {
    date += -std::log(1 - random.uniform()) / rho * service;
    asks.push_back({date, 10, 1});
  }
  const auto dates = served(instance, asks);
  Seconds wait;
  for (std::size_t i = 0; i < asks.size(); ++i) wait += dates[i].finished - asks[i].arrival - service;
  const double mean = wait / service / static_cast<double>(asks.size());
  EXPECT_NEAR(mean, rho / (2 * (1 - rho)), 0.03);  // some three standard errors
}

TEST(Instance, RefusesWhatNeverFits) {
  LineCosts costs;
  const ServingEngine rules;
  Instance instance{{rules, costs, 10}};
  EXPECT_THROW(instance.submit({0, 160, 2}, Seconds{}), std::invalid_argument);
  EXPECT_NO_THROW(instance.submit({0, 160, 1}, Seconds{}));
  EXPECT_THROW(instance.submit({1, 1, 0}, Seconds{}), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models
