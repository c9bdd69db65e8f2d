// From the key `faults` of a scenario to the answer. What is wrong with faults is in wrong/faults_*.yaml.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/json.hpp"
#include "scenarios/answers/summary.hpp"
#include "scenarios/asked/explain.hpp"
#include "scenarios/asked/reachable.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/text/source_file.hpp"
#include "tests/scenarios/command_line.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path root = fs::path{SUPERPOD_ROOT} / "tests" / "scenarios";

const std::string training =
    "name: x\nsystem: small_pod\n"
    "workload: {kind: training, model: small_llm, batch: 64, parallel: {tensor: 2, pipeline: 4},\n"
    "           precision: {gemm: bf16}}\n";
const std::string all_to_all =
    "name: x\nsystem: small_pod\nworkload: {kind: collective, operation: all_to_all, size: 64 MB}\n";

ScenarioFile file_of(const std::string& text) {
  Mistakes mistakes;
  const auto source = std::make_shared<const Source>(Source{"x.yaml", text});
  auto file = read_scenario(source, Library{{root / "library"}}, {}, mistakes);
  require_none(mistakes);
  return std::move(*file);
}

analysis::Result run_of(const std::string& text, models::Detail detail = models::Detail::folded) {
  return simulate(file_of(text), detail).result;
}

double figure(const analysis::Result& result, const std::string& key) { return result.figure(key)->value; }

TEST(FaultsOfAScenario, AreCountedInTheAnswer) {
  const std::string text = all_to_all +
                           "faults:\n"
                           "  links:\n"
                           "    - {network: mesh, from: [1, 2], to: [1, 3]}\n"
                           "    - {network: spine, count: 3, cables: 1}\n"
                           "  planes: []\n";
  const auto json = nlohmann::json::parse(analysis::json(run_of(text)));
  EXPECT_EQ(json.at("faults").at("dead_links"), 2);
  EXPECT_EQ(json.at("faults").at("degraded_links"), 6);
  EXPECT_EQ(json.at("faults").at("slow_npus"), 0);
  EXPECT_EQ(json.at("faults").at("other_chip_npus"), 0);
  EXPECT_GE(json.at("faults").at("slowdown"), 1 - 1e-9);
}

TEST(FaultsOfAScenario, LeaveAnAnswerWithoutThemAsItWas) {
  EXPECT_EQ(run_of(all_to_all).figure("faults.slowdown"), nullptr);
  EXPECT_EQ(run_of(all_to_all).table("faults"), nullptr);
}

TEST(FaultsOfAScenario, AreListedWithTheRandomOnesByTheirAddress) {
  const std::string text = all_to_all + "seed: 3\nfaults: {links: [{network: mesh, count: 2, share: 0.5}]}\n";
  const auto result = run_of(text);
  const auto& where = std::get<std::vector<std::string>>(result.table("faults")->column("where")->values);
  ASSERT_EQ(where.size(), 4U);
  const std::string explained = explain(file_of(text), Library{{root / "library"}});
  for (const std::string& link : where) {
    EXPECT_TRUE(link.starts_with("mesh [")) << link;
    EXPECT_NE(explained.find(link), std::string::npos) << explained;
  }
  EXPECT_NE(explained.find("50.0 % left"), std::string::npos);
  EXPECT_NE(explained.find("faults.links.0.count"), std::string::npos) << "and the parameter itself";
}

TEST(FaultsOfAScenario, CostWhatTheSlowdownSays) {
  const std::string faults =
      "faults: {links: [{network: spine, from: [1, 2], share: 0.25}], planes: [{network: spine}]}\n";
  const auto with = run_of(all_to_all + faults), without = run_of(all_to_all);
  EXPECT_NEAR(figure(with, "faults.slowdown"), figure(with, "time_s") / figure(without, "time_s"), 1e-12);
  EXPECT_GT(figure(with, "faults.slowdown"), 2) << "an NPU sends through an eighth of its bandwidth";
  EXPECT_NE(with.verdict.find("Without faults it would take"), std::string::npos);
  EXPECT_NE(summary(with).find("\nFaults\n"), std::string::npos) << summary(with);
}

TEST(FaultsOfAScenario, FoldAsTheyRunInFull) {
  const std::string faults =
      "seed: 11\nfaults:\n"
      "  links: [{network: mesh, count: 2}, {network: spine, count: 3, share: 0.7}]\n"
      "  switches: [{network: spine, at: [], planes: [1]}]\n";
  for (const std::string& work : {all_to_all, training}) {
    const std::string key = work == training ? "step_time_s" : "time_s";
    const double folded = figure(run_of(work + faults), key);
    EXPECT_NEAR(folded, figure(run_of(work + faults, models::Detail::full), key), 1e-9 * folded) << key;
  }
}

TEST(FaultsOfAScenario, MfuIsOverThePeakOfAllChips) {
  const std::string chips =
      "faults: {chips: [{units: [0], chip: {base: small_chip, peak: {bf16: 40 TFLOP/s}}}]}\n";
  const auto with = run_of(training + chips), without = run_of(training);
  EXPECT_EQ(figure(with, "faults.other_chip_npus"), 8);
  const auto work = [](const analysis::Result& result, double mean_peak) {
    return figure(result, "mfu") * figure(result, "step_time_s") * mean_peak;
  };
  const double same = work(without, 100);  // TFLOP/s; three boards of four have 100, one has 40
  EXPECT_NEAR(work(with, 85), same, 1e-12 * same);
}

TEST(FaultsOfAScenario, SlowAUnitAsTheySlowEachOfItsNpus) {
  std::string each = "faults:\n  npus:\n";
  for (int slot = 0; slot < 8; ++slot) each += "    - {at: [2, " + std::to_string(slot) + "], speed: 0.5}\n";
  const auto unit = run_of(training + "faults: {npus: [{at: [2], speed: 0.5}]}\n");
  EXPECT_EQ(figure(unit, "faults.slow_npus"), 8);
  EXPECT_GT(figure(unit, "faults.slowdown"), 1.1);
  const double time = figure(unit, "step_time_s");
  EXPECT_NEAR(figure(run_of(training + each), "step_time_s"), time, 1e-12 * time);
}

TEST(FaultsOfAScenario, LeaveTheIntervalAsWideInProportion) {
  const fs::path main_job = fs::path{SUPERPOD_ROOT} / "scenarios/deepseek_v3_pretraining_on_atlas_950.yaml";
  const std::vector<std::string> faults{"faults={npus: [{at: [3, 1, 2], speed: 0.7}]}"};
  const auto run = [&](const std::vector<std::string>& settings) {
    return simulate(read_scenario(main_job, Library::standard(), settings), models::Detail::folded).result;
  };
  const auto with = run(faults), without = run({});
  const auto width = [](const analysis::Result& result) {
    const auto* step = result.figure("step_time_s");
    return std::pair{step->interval->first / step->value, step->interval->second / step->value};
  };
  EXPECT_GT(figure(with, "faults.slowdown"), 1.05);
  EXPECT_NEAR(width(with).first, width(without).first, 1e-12);
  EXPECT_NEAR(width(with).second, width(without).second, 1e-12);
  EXPECT_NE(with.figure("step_time_s")->meaning.find("without faults"), std::string::npos);
}

TEST(FaultsOfAScenario, ThatCutAnNpuOffAreMistakes) {
  const ScenarioFile file = file_of(all_to_all + "faults:\n  links:\n    - {network: spine, from: [1, 2]}\n");
  Mistakes mistakes;
  check_ways(file, mistakes);
  ASSERT_EQ(mistakes.count(), 1U);
  EXPECT_TRUE(superpod::scenarios::text(mistakes).starts_with("x.yaml:5:3: error: "))
      << superpod::scenarios::text(mistakes);
  EXPECT_NE(superpod::scenarios::text(mistakes).find("board 1, slot 2"), std::string::npos);
  EXPECT_THROW(simulate(file, models::Detail::folded), ScenarioError);
}

TEST(FaultsOfAScenario, ThatLeaveAWayAreNone) {
  Mistakes mistakes;
  check_ways(file_of(all_to_all + "faults: {links: [{network: mesh, from: [1, 2], to: [1, 3]}]}\n"),
             mistakes);
  EXPECT_TRUE(mistakes.empty()) << text(mistakes);
}

TEST_F(CommandLine, FaultsThatCutAnNpuOffAreWrongInput) {
  const std::string cut = " --set 'faults={links: [{network: pod clos, from: [1, 2, 3]}]}'";
  for (const std::string verb : {"run ", "check "}) {
    const Called called = superpod(verb + scenario("all_to_all_on_atlas_950_superpod") + cut);
    EXPECT_EQ(called.exit_code, 2);
    EXPECT_NE(called.err.find("cabinet 1, board 2, slot 3"), std::string::npos) << called.err;
    EXPECT_EQ(called.out, "");
  }
}

}  // namespace
}  // namespace superpod::scenarios
