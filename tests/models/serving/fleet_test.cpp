#include "models/serving/fleet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace superpod::models {
namespace {

using namespace unit;

/// An engine that takes a millisecond an iteration, and a microsecond for each of its tokens.
class PlainCosts final : public IterationCosts {
 public:
  const IterationParts& of_tokens(int most, int) override {
    parts_.products = ms + most * us;
    return parts_;
  }
  Seconds of_outputs(int) override { return {}; }
  AttentionLine of_decoding(int, double seen) override { return {seen * 10 * ns, 10 * ns, 1e18}; }
  Seconds of_prefill(int, int) override { return {}; }
  Seconds on_host(int, int) override { return {}; }

 private:
  IterationParts parts_;
};

Requests asked(const RequestLoad& load, std::int64_t count) {
  return {.source = SyntheticRequests{UniformLength{100, 300}, UniformLength{20, 60}},
          .load = load,
          .stop = {.requests = count, .time = {}},
          .warm_up = 0};
}

struct Site {
  ServingEngine rules{};
  PlainCosts costs{};
  int instances = 4;
  Router router = Router::round_robin;
  std::optional<ServiceLevel> slo{};

  FleetRun run(const Requests& requests, Clock clock = Clock::bare, Stepping stepping = Stepping::jumps) {
    const Fleet fleet{rules, costs, 4000, 1, instances, router, stepping};
    return serve(fleet, {requests, {}, 5, {}, slo}, clock);
  }
};

std::uint64_t bits(Seconds time) { return std::bit_cast<std::uint64_t>(time.in(s)); }

TEST(Fleet, HasTheSameBytesOnBothClocks) {
  for (const auto& [word, router] : words(Router{})) {
    Site site{.router = router};
    const Requests requests = asked(PoissonLoad{120 * Hz}, 500);
    const FleetRun a = site.run(requests, Clock::simgrid), b = site.run(requests, Clock::bare);
    ASSERT_EQ(a.first.size(), 500) << word;
    for (std::size_t i = 0; i < a.first.size(); ++i) {
      EXPECT_EQ(bits(a.first[i].first_token), bits(b.first[i].first_token));
      EXPECT_EQ(bits(a.first[i].finished), bits(b.first[i].finished));
      EXPECT_EQ(a.first[i].instance, b.first[i].instance);
    }
  }
}

TEST(Fleet, JumpsAsItSteps) {
  for (const auto& [word, router] : words(Router{})) {
    Site site{.router = router};
    const Requests requests = asked(PoissonLoad{150 * Hz}, 800);
    const FleetRun jumps = site.run(requests), steps = site.run(requests, Clock::bare, Stepping::each);
    EXPECT_NEAR(jumps.measures.ttft.mean() / steps.measures.ttft.mean(), 1, 1e-9) << word;
    EXPECT_NEAR(jumps.measures.e2e.mean() / steps.measures.e2e.mean(), 1, 1e-9) << word;
    EXPECT_NEAR(jumps.makespan / steps.makespan, 1, 1e-9) << word;
    EXPECT_EQ(jumps.totals.iterations, steps.totals.iterations) << word;
  }
}

TEST(Fleet, ServesEachRequestOnce) {
  Site site{.router = Router::power_of_two};
  const FleetRun run = site.run(asked(GammaLoad{200 * Hz, 3}, 2000));
  EXPECT_EQ(run.measures.requests, 2000);
  EXPECT_EQ(run.totals.output_tokens, run.measures.output_tokens);
  EXPECT_EQ(run.totals.prompt_tokens, run.measures.input_tokens);
  EXPECT_EQ(run.totals.admitted, 2000);
  EXPECT_EQ(run.totals.token_gaps.count(), run.measures.output_tokens - 2000);
  for (const ServedRequest& its : run.first) {
    EXPECT_LE(its.request.arrival, its.admitted);
    EXPECT_LT(its.admitted, its.first_token);
    EXPECT_LT(its.first_token, its.finished);
  }
}

/// Requests in the system = rate * time in it, whatever happens inside.
TEST(Fleet, ObeysLittlesLaw) {
  Site site;
  site.rules.max_running = 8;
  const FleetRun run = site.run(asked(PoissonLoad{300 * Hz}, 3000));
  Seconds in_engines;
  for (const ServedRequest& its : run.first) in_engines += its.finished - its.admitted;
  EXPECT_NEAR(in_engines / run.totals.request_time, 1, 1e-9);
}

TEST(Fleet, TakesRequestsInOneAfterTheOther) {
  Site site{.instances = 1}, slow{.instances = 1};
  slow.rules.host.admission.value = 40 * ms;
  slow.rules.host.prompt_token.value = 100 * us;
  const Requests requests = asked(ClosedLoad{4}, 4);  // all at once, and none after them
  const FleetRun at_once = site.run(requests), in_turn = slow.run(requests);
  ASSERT_EQ(in_turn.first.size(), 4);
  std::vector<ServedRequest> all = in_turn.first;
  std::ranges::sort(all, {}, [](const ServedRequest& its) { return its.admitted; });
  Seconds taken_in;  // an idle engine admits at once what comes: it works on none for longer than 40 ms
  for (const ServedRequest& its : all) {
    taken_in += 40 * ms + its.request.input_tokens * 100 * us;
    EXPECT_GE(its.admitted, taken_in * (1 - 1e-12));
    EXPECT_LT(its.admitted, taken_in + 3 * ms);  // an iteration was in flight
  }
  EXPECT_LT(at_once.makespan, in_turn.makespan);
}

TEST(Fleet, ShowsFirstTokensWithThoseThatLeaveTogether) {
  Site site{.instances = 1}, grouped{.instances = 1};
  grouped.rules.stream_interval.value = 10;
  const Requests requests = asked(ClosedLoad{1}, 20);
  const FleetRun each = site.run(requests), tens = grouped.run(requests);
  ASSERT_EQ(each.first.size(), tens.first.size());
  for (std::size_t i = 0; i < each.first.size(); ++i) {
    const ServedRequest &a = each.first[i], &b = tens.first[i];
    EXPECT_EQ(a.finished, b.finished);
    EXPECT_NEAR((b.first_token - a.first_token) / (9 * a.tpot()), 1, 1e-9);
  }
  grouped.rules.stream_interval.value = 1000;  // longer than any answer: it comes as a whole
  for (const ServedRequest& its : grouped.run(requests).first)
    EXPECT_NEAR(its.first_token / its.finished, 1, 1e-12);
}

TEST(Fleet, OfAClosedLoopKeepsItsRequestsInFlight) {
  Site site{.instances = 1};
  const FleetRun run = site.run(asked(ClosedLoad{16}, 160));
  EXPECT_EQ(run.measures.requests, 160);
  EXPECT_EQ(run.totals.most_running, 16);
  int at_start = 0;
  for (const ServedRequest& its : run.first) at_start += its.request.arrival == Seconds{} ? 1 : 0;
  EXPECT_EQ(at_start, 16);
  // C = throughput * E2E while all are in flight; the end, where they run out, is a tenth of the run
  const double in_flight = 160 * run.measures.e2e.mean() / run.measures.duration();
  EXPECT_GT(in_flight, 13);
  EXPECT_LE(in_flight, 16);
}

TEST(Fleet, IsNeverFasterUnderMoreLoad) {
  Site site;
  Seconds ttft, e2e;
  for (const double rate : {10, 50, 100, 200, 400}) {
    const FleetRun run = site.run(asked(PoissonLoad{rate * Hz}, 4000));
    EXPECT_GE(run.measures.ttft.mean(), ttft) << rate;
    EXPECT_GE(run.measures.e2e.mean(), e2e) << rate;
    ttft = run.measures.ttft.mean(), e2e = run.measures.e2e.mean();
  }
}

TEST(Fleet, OfTwiceTheInstancesServesTwiceTheLoadAsWell) {
  Site small{.instances = 4, .router = Router::random}, large{.instances = 8, .router = Router::random};
  const FleetRun a = small.run(asked(PoissonLoad{200 * Hz}, 20000));
  const FleetRun b = large.run(asked(PoissonLoad{400 * Hz}, 40000));
  constexpr double chance = 0.03;  // some three standard errors of these means
  EXPECT_NEAR(b.measures.ttft.mean() / a.measures.ttft.mean(), 1, chance);
  EXPECT_NEAR(b.measures.tpot.mean() / a.measures.tpot.mean(), 1, chance);
  EXPECT_NEAR(b.measures.e2e.quantile(0.9) / a.measures.e2e.quantile(0.9), 1, chance);
}

TEST(Fleet, CountsWhatKeepsItsServiceLevelAfterTheWarmUp) {
  Site site;
  Requests requests = asked(PoissonLoad{100 * Hz}, 1000);
  requests.warm_up = 100;
  const FleetRun all = site.run(requests);
  EXPECT_EQ(all.measures.requests, 900);
  EXPECT_EQ(all.measures.kept, 900);
  site.slo = ServiceLevel{.ttft = all.measures.ttft.quantile(0.5)};
  const FleetRun half = site.run(requests);
  EXPECT_NEAR(half.measures.kept, 450, 10);
}

}  // namespace
}  // namespace superpod::models
