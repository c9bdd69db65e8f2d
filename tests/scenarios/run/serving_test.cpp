#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/asked/explain.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/simulate.hpp"

namespace superpod::scenarios {
namespace {

const std::filesystem::path seeds = std::filesystem::path{SUPERPOD_ROOT} / "tests" / "scenarios" / "extremes";

ScenarioFile asked(const std::string& seed, const std::vector<std::string>& settings = {}) {
  return read_scenario(seeds / seed, Library::standard(), settings);
}

analysis::Result answer(const std::string& seed, const std::vector<std::string>& settings = {},
                        models::Detail detail = models::Detail::folded) {
  return simulate(asked(seed, settings), detail).result;
}

double value(const analysis::Result& result, const std::string& key) {
  const analysis::Figure* figure = result.figure(key);
  if (!figure) throw std::logic_error{"no figure " + key};
  return figure->value;
}

TEST(Serving, FoldedEqualsFull) {
  for (const char* seed : {"serving_poisson.yaml", "serving_closed_loop.yaml", "serving_bursts.yaml",
                           "serving_ramp.yaml", "serving_trace.yaml", "serving_apart.yaml"}) {
    const analysis::Result folded = answer(seed), full = answer(seed, {}, models::Detail::full);
    ASSERT_EQ(folded.figures.size(), full.figures.size());
    for (std::size_t i = 0; i < folded.figures.size(); ++i) {
      const double exact = full.figures[i].value;
      const bool in_bins = full.figures[i].key.find(".p") != std::string::npos;  // the same bin, or the next
      EXPECT_NEAR(folded.figures[i].value, exact, (in_bins ? 0.003 : 1e-9) * std::abs(exact) + 1e-12)
          << seed << ": " << folded.figures[i].key;
    }
  }
}

TEST(Serving, TimesOfPartsAddUpToTheRun) {
  const Simulated run = simulate(asked("serving_poisson.yaml"), models::Detail::folded);
  double sum = 0;
  for (const analysis::Figure& figure : run.result.figures)
    if (figure.key.starts_with("breakdown_s.")) sum += figure.value;
  EXPECT_NEAR(sum, run.trace.makespan.in(unit::s), 1e-9 * sum);
}

TEST(Serving, IntervalsHoldTheAnswer) {
  for (const analysis::Figure& figure : answer("serving_closed_loop.yaml").figures) {
    if (!figure.interval) continue;
    EXPECT_LE(figure.interval->first, figure.value) << figure.key;
    EXPECT_GE(figure.interval->second, figure.value) << figure.key;
  }
  const analysis::Result result = answer("serving_closed_loop.yaml");
  ASSERT_TRUE(result.figure("tpot_s.mean")->interval);
  EXPECT_LT(result.figure("tpot_s.mean")->interval->first, result.figure("tpot_s.mean")->interval->second);
}

TEST(Serving, OfNarrowerWeightsAndCacheIsNotSlowerAndHasMoreRoom) {
  const analysis::Result wide = answer("serving_closed_loop.yaml", {"workload.precision.kv_cache=bf16"});
  const analysis::Result narrow = answer("serving_closed_loop.yaml", {"workload.precision.kv_cache=fp8"});
  EXPECT_GT(value(narrow, "kv_tokens"), 1.5 * value(wide, "kv_tokens"));
}

TEST(Serving, KeepsItsLevelUnderLessLoadIfItDoesUnderMore) {
  double attainment = 1;
  for (const char* rate : {"50 1/s", "200 1/s", "400 1/s", "1600 1/s"}) {
    const analysis::Result result =
        answer("serving_poisson.yaml",
               {std::string{"workload.requests.load.rate="} + rate, "workload.requests.stop.requests=2000",
                "workload.requests.stop.time=100 s", "workload.slo.ttft=30 ms"});
    EXPECT_LE(value(result, "slo_attainment"), attainment + 0.01) << rate;
    attainment = value(result, "slo_attainment");
  }
  EXPECT_LT(attainment, 0.5);
}

TEST(Serving, SaysWhatRequestsWaitFor) {
  const auto verdict = [](const std::vector<std::string>& settings) {
    std::vector<std::string> all = settings;
    all.insert(all.end(), {"workload.requests.load.rate=2000 1/s", "workload.requests.stop.requests=1000"});
    return answer("serving_poisson.yaml", all).verdict;
  };
  EXPECT_NE(verdict({"workload.deployment.cache_tokens=640"}).find("room in the cache: 640 tokens"),
            std::string::npos);
  EXPECT_NE(verdict({"workload.deployment.engine.max_running=2"}).find("one of the 2 places"),
            std::string::npos);
}

TEST(Serving, ExplainsItsCacheAsEnginesPrintIt) {
  const std::string said = explain(asked("serving_poisson.yaml"), Library::standard());
  EXPECT_NE(said.find("cache size: 20000 tokens in 1250 blocks"), std::string::npos) << said;
  EXPECT_NE(said.find("attention_decode"), std::string::npos);
  EXPECT_NE(said.find("workload.deployment.engine.token_budget"), std::string::npos);
}

}  // namespace
}  // namespace superpod::scenarios
