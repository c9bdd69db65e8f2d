// From the key `faults.jitter` of a scenario to the answer.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analysis/json.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/text/source_file.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const std::string training =
    "name: x\nsystem: small_pod\n"
    "workload: {kind: training, model: small_llm, batch: 64, parallel: {tensor: 2, pipeline: 4},\n"
    "           precision: {gemm: bf16}}\n";

analysis::Result run_of(const std::string& faults) {
  Mistakes mistakes;
  const auto source = std::make_shared<const Source>(Source{"x.yaml", training + faults});
  const Library library{{fs::path{SUPERPOD_ROOT} / "tests" / "scenarios" / "library"}};
  const auto file = read_scenario(source, library, {}, mistakes);
  require_none(mistakes);
  return simulate(*file, models::Detail::folded).result;
}

TEST(JitterOfAScenario, IsAFigureWithAnInterval) {
  const auto result =
      run_of("seed: 7\nfaults: {jitter: {distribution: lognormal, spread: 0.05, samples: 8}}\n");
  const auto json = nlohmann::json::parse(analysis::json(result));
  const auto& jitter = json.at("jitter");
  const double plain = json.at("step_time_s"), mean = jitter.at("step_time_s");
  const auto& interval = jitter.at("step_time_s_interval");
  EXPECT_GT(mean, plain);
  EXPECT_LT(interval[0].get<double>(), mean);
  EXPECT_GT(interval[1].get<double>(), mean);
  EXPECT_GT(jitter.at("standard_error_s").get<double>(), 0);
  EXPECT_NEAR(jitter.at("slowdown").get<double>(), mean / plain, 1e-9);
  EXPECT_NEAR(jitter.at("slowdown_interval")[1].get<double>(), interval[1].get<double>() / plain, 1e-9);
  ASSERT_NE(result.table("jitter"), nullptr);
  EXPECT_EQ(result.table("jitter")->rows(), 8U);
  EXPECT_NE(result.verdict.find("speeds differ by 5.0 % (lognormal"), std::string::npos) << result.verdict;
}

TEST(JitterOfAScenario, LeavesTheRestOfTheAnswerAsItWas) {
  const auto with = run_of("faults: {jitter: {spread: 0.02, samples: 2}}\n"), without = run_of("");
  for (const auto& figure : without.figures)
    EXPECT_EQ(with.figure(figure.key)->value, figure.value) << figure.key;
  EXPECT_EQ(without.figure("jitter.step_time_s"), nullptr);
  EXPECT_EQ(without.table("jitter"), nullptr);
  EXPECT_EQ(with.figure("faults.slowdown"), nullptr) << "jitter is no fault of some part";
}

TEST(JitterOfAScenario, IsDrawnByItsSeed) {
  const std::string jitter = "faults: {jitter: {samples: 2}}\n";
  const auto mean = [&](const std::string& seed) {
    return run_of(seed + jitter).figure("jitter.step_time_s")->value;
  };
  EXPECT_EQ(mean("seed: 1\n"), mean("seed: 1\n"));
  EXPECT_NE(mean("seed: 1\n"), mean("seed: 2\n"));
}

}  // namespace
}  // namespace superpod::scenarios
