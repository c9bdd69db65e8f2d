#include "models/serving/handover.hpp"

#include <gtest/gtest.h>

#include "models/serving/fleet.hpp"
#include "tests/models/small_steps.hpp"

namespace superpod::models {
namespace {

using namespace unit;

/// A millisecond an iteration, and a microsecond for each of its tokens.
class PlainCosts final : public IterationCosts {
 public:
  const IterationParts& of_tokens(int most, int) override {
    parts_.products = ms + most * us;
    return parts_;
  }
  Seconds of_outputs(int) override { return {}; }
  AttentionLine of_decoding(int, double) override { return {{}, {}, 1e18}; }
  Seconds of_prefill(int, int) override { return {}; }
  Seconds on_host(int, int) override { return {}; }

 private:
  IterationParts parts_;
};

Requests asked(const RequestLoad& load, std::int64_t count, const Lengths& output = FixedLength{20}) {
  return {.source = SyntheticRequests{UniformLength{100, 300}, output},
          .load = load,
          .stop = {.requests = count, .time = {}},
          .warm_up = 0};
}

struct Site {
  topology::Wiring wiring{fabric_named("single switch 64")};
  HandoverRoutes routes{wiring, {0, 4, 1, 1}, {4, 2, 1, 1}};
  ServingEngine rules{};
  PlainCosts costs{};
  Bytes token = 100 * kB;
  bool layerwise = false;

  [[nodiscard]] FleetRun run(const Requests& requests, Stepping stepping = Stepping::jumps) {
    const Fleet prefill{rules, costs, 4000, 1, 4, Router::round_robin, stepping};
    const Fleet decode{rules, costs, 4000, 1, 2, Router::round_robin, stepping};
    const Handover handover{decode, routes, [&](int tokens) { return tokens * token; }, 10, layerwise};
    return serve(prefill, handover, {requests, {}, 5, {}, {}}, Clock::bare);
  }
  [[nodiscard]] FleetRun prompts_alone(Requests requests) {
    std::get<SyntheticRequests>(requests.source).output_tokens = FixedLength{1};
    const Fleet prefill{rules, costs, 4000, 1, 4, Router::round_robin};
    return serve(prefill, {requests, {}, 5, {}, {}}, Clock::bare);
  }
};

TEST(Handover, OfOneRequestTakesTheWayAndItsBytes) {
  Site site;
  const FleetRun run = site.run(asked(PoissonLoad{1 * Hz}, 1));
  const ServedRequest& its = run.first.front();
  // One switch: endpoint 0.7 us and two hops of 0.3 us, then 400 GB/s
  const Seconds way = 1.3 * us + its.request.input_tokens * site.token / (400 * GB / s);
  EXPECT_NEAR((its.handed_over - its.first_token) / way, 1, 1e-9);
  const Seconds decoding = 19 * (ms + us);
  EXPECT_NEAR((its.finished - its.handed_over) / decoding, 1, 1e-9);
}

TEST(Handover, LayerByLayerLeavesTheLastLayer) {
  Site site{.layerwise = true};
  const FleetRun run = site.run(asked(PoissonLoad{1 * Hz}, 1));
  const ServedRequest& its = run.first.front();
  const Seconds way = 1.3 * us + its.request.input_tokens * site.token / 10 / (400 * GB / s);
  EXPECT_NEAR((its.handed_over - its.first_token) / way, 1, 1e-9);
}

TEST(Handover, LeavesFirstTokensAsTheyAreWithoutAnswers) {
  Site site;
  const Requests requests = asked(PoissonLoad{150 * Hz}, 1000);
  const FleetRun apart = site.run(requests), alone = site.prompts_alone(requests);
  EXPECT_EQ(apart.measures.ttft.mean(), alone.measures.ttft.mean());
  EXPECT_EQ(apart.measures.requests, 1000);
  EXPECT_EQ(apart.totals.output_tokens, 1000);
  EXPECT_EQ(apart.decode->output_tokens, 19 * 1000);
  EXPECT_EQ(apart.decode->token_gaps.count(), 19 * 1000);
}

/// Without bytes the pools are two queues, one after the other.
TEST(Handover, OfNothingIsTwoQueues) {
  Site site{.token = {}};
  const FleetRun run = site.run(asked(PoissonLoad{150 * Hz}, 500));
  EXPECT_NEAR(run.measures.handover.mean().in(us), 1.3, 1e-6);
  Site slow{.token = 100 * MB};
  EXPECT_GT(slow.run(asked(PoissonLoad{150 * Hz}, 500)).measures.handover.mean(),
            run.measures.handover.mean());
}

/// Two that come at once share the port of the one that writes their answers.
TEST(Handover, SharesTheLinksOfTheFabric) {
  Site site{.token = 10 * MB};
  const Requests together = asked(ClosedLoad{4}, 4);  // two for each that writes
  const FleetRun run = site.run(together);
  Seconds longest;
  for (const ServedRequest& its : run.first) longest = std::max(longest, its.handed_over - its.first_token);
  const Seconds alone = 1.3 * us + 300 * site.token / (400 * GB / s);  // of the longest prompt
  EXPECT_GT(longest, alone);
}

TEST(Handover, JumpsAsItSteps) {
  Site site;
  const Requests requests = asked(PoissonLoad{200 * Hz}, 1000, UniformLength{1, 60});
  const FleetRun jumps = site.run(requests), steps = site.run(requests, Stepping::each);
  EXPECT_NEAR(jumps.measures.e2e.mean() / steps.measures.e2e.mean(), 1, 1e-9);
  EXPECT_NEAR(jumps.makespan / steps.makespan, 1, 1e-9);
  EXPECT_EQ(jumps.decode->iterations, steps.decode->iterations);
}

TEST(Handover, OfManyRanksHasTheirPortsTogether) {
  const topology::Wiring wiring{fabric_named("rail-optimised 2x4x8")};
  // Groups of 4 of the 8 GPUs of a node: each flow has rails of its own
  const HandoverRoutes four{wiring, {0, 1, 2, 4}, {8, 1, 2, 4}};
  const HandoverRoutes one{wiring, {0, 1, 8, 1}, {8, 1, 8, 1}};
  EXPECT_EQ(four.platform().routes[0].flows, 4);
  EXPECT_NEAR(four.idle_rate(four.route(0, 0)) / one.idle_rate(one.route(0, 0)), 1, 1e-12);
  EXPECT_EQ(four.platform().routes.size(), 4U);
}

}  // namespace
}  // namespace superpod::models
