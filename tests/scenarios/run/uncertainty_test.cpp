// From the keys `reliability` and `uncertainty` of a scenario to the answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scenarios/asked/uncertain_inputs.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/text/source_file.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;
using analysis::Result;

const std::string training =
    "name: x\nsystem: small_pod\n"
    "workload: {kind: training, model: small_llm, batch: 64, parallel: {tensor: 2, pipeline: 4},\n"
    "           precision: {gemm: bf16}}\n";

ScenarioFile read(const std::string& keys) {
  Mistakes mistakes;
  const auto source = std::make_shared<const Source>(Source{"x.yaml", training + keys});
  const Library library{{fs::path{SUPERPOD_ROOT} / "tests" / "scenarios" / "library"}};
  auto file = read_scenario(source, library, {}, mistakes);
  require_none(mistakes);
  return *file;
}

Result run_of(const std::string& keys) { return simulate(read(keys), models::Detail::folded).result; }

double value(const Result& result, const std::string& key) { return result.figure(key)->value; }

std::vector<std::string> words(const Result& result, const std::string& table, const std::string& column) {
  return std::get<std::vector<std::string>>(result.table(table)->column(column)->values);
}
std::vector<double> numbers(const Result& result, const std::string& table, const std::string& column) {
  return std::get<std::vector<double>>(result.table(table)->column(column)->values);
}

std::vector<std::string> paths(const std::vector<models::UncertainInput>& inputs) {
  std::vector<std::string> all;
  for (const auto& input : inputs) all.push_back(input.path);
  return all;
}

double swing(const Result& result, const std::string& input) {
  const auto inputs = words(result, "tornado", "input");
  const auto at = std::ranges::find(inputs, input);
  return at == inputs.end()
             ? 0
             : numbers(result, "tornado", "swing")[static_cast<std::size_t>(at - inputs.begin())];
}

TEST(ReliabilityOfAScenario, IsGoodputAndWhatItIsLostTo) {
  const Result result = run_of("reliability: {tokens: 1e12}\n");
  const double goodput = value(result, "goodput");
  EXPECT_GT(goodput, 0);
  EXPECT_LT(goodput, 1);
  EXPECT_NEAR(value(result, "effective_tokens_per_s"), goodput * value(result, "tokens_per_s"), 1e-6);
  EXPECT_NEAR(value(result, "time_to_train_s"), 1e12 / value(result, "effective_tokens_per_s"), 1e-3);
  double lost = 0, of_components = 0;
  const auto kinds = words(result, "reliability", "kind");
  const auto shares = numbers(result, "reliability", "share");
  for (std::size_t p = 0; p < kinds.size(); ++p) (kinds[p] == "loss" ? lost : of_components) += shares[p];
  EXPECT_NEAR(1 - lost, goodput, 1e-9);
  EXPECT_LT(of_components, lost);
  EXPECT_EQ(result.table("tornado"), nullptr);
}

TEST(ReliabilityOfAScenario, WithoutTokensIsThatOf30Days) {
  const Result result = run_of("reliability: {}\n");
  EXPECT_EQ(result.figure("time_to_train_s"), nullptr);
  const auto parts = words(result, "reliability", "part");
  const auto npus = static_cast<std::size_t>(std::ranges::find(parts, "NPUs") - parts.begin());
  EXPECT_NEAR(numbers(result, "reliability", "events")[npus] * numbers(result, "reliability", "mtbf_s")[npus],
              30 * 86400.0, 1e-3);
}

TEST(UncertaintyOfAScenario, InputsAreWhatTimesDependOn) {
  const auto inputs = paths(system_inputs(read("").scenario.system.value, {}));
  const auto has = [&](const char* path) { return std::ranges::count(inputs, path) == 1; };
  EXPECT_TRUE(has("system.chip.peak"));
  EXPECT_TRUE(has("system.chip.memory_bandwidth"));
  EXPECT_TRUE(has("system.networks.spine.bandwidth"));
  EXPECT_TRUE(has("system.networks.mesh.latency"));
  EXPECT_FALSE(has("system.chip.memory"));
  EXPECT_FALSE(has("system.networks.spine.efficiency")) << "bandwidth stands for it";
}

TEST(UncertaintyOfAScenario, WhatIsNoInputOfAStepChangesNoStep) {
  const ScenarioFile file = read("");
  models::System other = file.scenario.system.value;
  std::vector<models::UncertainInput> unused;
  for (auto& input : uncertain_inputs(other, "system", {}))
    if (std::ranges::count(paths(system_inputs(other, {})), input.path) == 0) unused.push_back(input);
  ASSERT_FALSE(unused.empty());  // the capacity of the memory
  ScenarioFile off = file;
  off.scenario.system.value = with_factors(other, unused, models::Factors(unused.size(), 1.3));
  EXPECT_EQ(value(simulate(off, models::Detail::folded).result, "step_time_s"),
            value(simulate(file, models::Detail::folded).result, "step_time_s"));
}

TEST(UncertaintyOfAScenario, AnInputHasTheWorstGradeOfWhatItStandsFor) {
  models::System system = read("").scenario.system.value;
  auto& clos = std::get<topology::Clos>(system.networks[1]);
  clos.bandwidth.grade = Grade::measured;
  clos.efficiency = {0.8, Grade::published, "somebody"};
  const auto grade = [&] {
    for (const auto& input : system_inputs(system, {}))
      if (input.path == "system.networks.spine.bandwidth") return input.grade;
    return Grade::assumed;
  };
  EXPECT_EQ(grade(), Grade::published);
  clos.efficiency.grade = Grade::measured;
  EXPECT_EQ(grade(), Grade::measured);
}

TEST(UncertaintyOfAScenario, FactorsReachTheFigures) {
  const models::System system = read("").scenario.system.value;
  const auto inputs = system_inputs(system, {});
  models::Factors factors(inputs.size(), 1);
  const auto at = std::ranges::find(inputs, "system.networks.spine.bandwidth", &models::UncertainInput::path);
  factors[static_cast<std::size_t>(at - inputs.begin())] = 0.5;
  const models::System off = with_factors(system, inputs, factors);
  EXPECT_EQ(std::get<topology::Clos>(off.networks[1]).bandwidth.value,
            0.5 * std::get<topology::Clos>(system.networks[1]).bandwidth.value);
  EXPECT_EQ(std::get<topology::FullMesh>(off.networks[0]).bandwidth.value,
            std::get<topology::FullMesh>(system.networks[0]).bandwidth.value);
}

TEST(UncertaintyOfAScenario, GivesIntervalsAroundTheAnswer) {
  const Result result = run_of("reliability: {tokens: 1e12}\nuncertainty: {samples: 400, checks: 4}\n");
  for (const char* key : {"step_time_s", "tokens_per_s", "tokens_per_s_per_npu", "mfu", "goodput",
                          "effective_tokens_per_s", "time_to_train_s"}) {
    const analysis::Figure& figure = *result.figure(key);
    ASSERT_TRUE(figure.interval) << key;
    EXPECT_LT(figure.interval->first, figure.value) << key;
    EXPECT_GT(figure.interval->second, figure.value) << key;
  }
  const auto& step = *result.figure("step_time_s")->interval;
  EXPECT_NEAR(result.figure("tokens_per_s")->interval->second,
              value(result, "tokens_per_s") * value(result, "step_time_s") / step.first, 1e-3);
  EXPECT_EQ(result.table("samples")->rows(), 400U);
  EXPECT_LT(value(result, "uncertainty.largest_error"), 0.1);
  EXPECT_GT(value(result, "uncertainty.largest_error"), 0);
  EXPECT_EQ(words(result, "tornado", "of").front(), "time_to_train_s");
  const auto swings = numbers(result, "tornado", "swing");
  EXPECT_TRUE(std::ranges::is_sorted(swings, std::ranges::greater{}));
  EXPECT_NE(result.verdict.find("With 90 %"), std::string::npos);
}

TEST(UncertaintyOfAScenario, TheTornadoIsWhatTheStepDoes) {
  const Result result = run_of("uncertainty: {samples: 20, checks: 0, inputs: {system.chip.peak: 0.25}}\n");
  ASSERT_GT(swing(result, "system.chip.peak"), 0);
  const auto inputs = words(result, "tornado", "input");
  const auto at = static_cast<std::size_t>(std::ranges::find(inputs, "system.chip.peak") - inputs.begin());
  ScenarioFile faster = read("");
  faster.scenario.system.value.chip.value.peak.bf16->value *= 1.25;
  const double rounding = 1e-9;
  EXPECT_NEAR(numbers(result, "tornado", "result_high")[at],
              value(simulate(faster, models::Detail::folded).result, "step_time_s"), rounding);
}

TEST(UncertaintyOfAScenario, IsTheSameTwiceAndAnotherWithAnotherSeed) {
  const std::string keys = "uncertainty: {samples: 50, checks: 1}\n";
  const Result once = run_of(keys), again = run_of(keys), other = run_of("seed: 5\n" + keys);
  EXPECT_EQ(numbers(once, "samples", "step_time_s"), numbers(again, "samples", "step_time_s"));
  EXPECT_NE(numbers(once, "samples", "step_time_s"), numbers(other, "samples", "step_time_s"));
  EXPECT_EQ(numbers(once, "tornado", "swing"), numbers(other, "tornado", "swing"));
}

TEST(UncertaintyOfAScenario, BetterGradesGiveNarrowerIntervals) {
  double before = 1e9;
  for (const Grade grade : {Grade::assumed, Grade::published, Grade::measured}) {
    ScenarioFile file = read("uncertainty: {samples: 200, checks: 0}\n");
    models::Chip& chip = file.scenario.system.value.chip.value;
    chip.peak.bf16->grade = chip.peak.fp8->grade = chip.matrix_efficiency.grade = grade;
    const Result result = simulate(file, models::Detail::folded).result;
    const auto [low, high] = *result.figure("step_time_s")->interval;
    EXPECT_LT(high - low, before);
    before = high - low;
  }
}

TEST(UncertaintyOfAScenario, WhatIsCertainHasNoInterval) {
  const Result result = run_of("uncertainty: {measured: 0, published: 0, derived: 0, assumed: 0}\n");
  const auto [low, high] = *result.figure("step_time_s")->interval;
  EXPECT_EQ(low, high);
  EXPECT_EQ(result.table("tornado")->rows(), 0U);
}

}  // namespace
}  // namespace superpod::scenarios
