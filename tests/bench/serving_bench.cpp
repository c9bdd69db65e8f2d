// Simulated requests a second: one engine (target: 1 million a core), a pool of 320 ranks that share experts
// (1 million), and an hour of many engines. Costs are straight lines, so that only engines and clocks count.
#include <benchmark/benchmark.h>

#include "models/serving/fleet.hpp"

namespace superpod::bench {
namespace {

using namespace models;
using namespace unit;

/// About what a model of 8 G parameters takes on a GPU of 3 TB/s.
class LineCosts final : public IterationCosts {
 public:
  const IterationParts& of_tokens(int most, int) override {
    parts_.products = 5 * ms + most * 20 * us;
    return parts_;
  }
  Seconds of_outputs(int outputs) override { return outputs * us; }
  AttentionLine of_decoding(int, double seen) override { return {seen * 40 * ns, 40 * ns, 1e18}; }
  Seconds of_prefill(int tokens, int seen) override {
    return static_cast<double>(tokens) * (tokens / 2.0 + seen) * 0.01 * ns;
  }
  Seconds on_host(int, int) override { return {}; }

 private:
  IterationParts parts_;
};

struct Case {
  double rate;  ///< requests a second
  int output_tokens = 211, ranks = 1, instances = 1;
  Router router = Router::round_robin;
};

/// Prompts as in Azure's conversations of 2023 (mean 1,155 tokens in, 211 out).
void serve_requests(benchmark::State& state, const Case& of, Clock clock, Stepping stepping) {
  const Requests requests{
      .source = SyntheticRequests{UniformLength{300, 2010}, FixedLength{of.output_tokens}},
      .load = PoissonLoad{of.rate * Hz},
      .stop = {.requests = state.range(0), .time = {}},
      .warm_up = 0};
  LineCosts costs;
  ServingEngine rules;
  rules.max_running = 512;
  const Fleet fleet{rules, costs, 40000, of.ranks, of.instances, of.router, stepping};
  for (auto _ : state) benchmark::DoNotOptimize(serve(fleet, {requests, {}, 1, {}, {}}, clock));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

constexpr Case one{.rate = 8};
constexpr Case long_answers{.rate = 2, .output_tokens = 1700};
constexpr Case pool{.rate = 1500, .ranks = 320};
constexpr Case many{.rate = 8000, .instances = 1000};
constexpr Case many_by_load{.rate = 8000, .instances = 1000, .router = Router::power_of_two};

BENCHMARK_CAPTURE(serve_requests, one, one, Clock::bare, Stepping::jumps)->Arg(100'000);
BENCHMARK_CAPTURE(serve_requests, one_on_simgrid, one, Clock::simgrid, Stepping::jumps)->Arg(100'000);
BENCHMARK_CAPTURE(serve_requests, one_stepwise, one, Clock::bare, Stepping::each)->Arg(100'000);
BENCHMARK_CAPTURE(serve_requests, long_answers, long_answers, Clock::bare, Stepping::jumps)->Arg(100'000);
BENCHMARK_CAPTURE(serve_requests, pool_of_320, pool, Clock::bare, Stepping::jumps)->Arg(100'000);
BENCHMARK_CAPTURE(serve_requests, many, many, Clock::bare, Stepping::jumps)->Arg(500'000);
BENCHMARK_CAPTURE(serve_requests, many_by_load, many_by_load, Clock::bare, Stepping::jumps)->Arg(500'000);

}  // namespace
}  // namespace superpod::bench
