#include "scenarios/run/simulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "analysis/chrome_trace.hpp"
#include "analysis/json.hpp"
#include "analysis/page/page.hpp"
#include "analysis/results_file.hpp"
#include "scenarios/answers/summary.hpp"
#include "sim/engine/engine.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path root = SUPERPOD_ROOT;
constexpr double unchanged = 1e-9;  // relative: golden figures; other compilers sum in other orders

std::vector<fs::path> runnable_scenarios() {
  std::vector<fs::path> all;
  for (const auto& folder : {root / "scenarios", root / "scenarios/peers"})
    for (const auto& file : fs::directory_iterator{folder})
      if (file.path().extension() == ".yaml") all.push_back(file.path());
  std::ranges::sort(all);
  return all;
}

Simulated simulated(const fs::path& path, models::Detail detail = models::Detail::folded) {
  return simulate(read_scenario(path, Library::standard()), detail);
}

std::string bytes_of(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream{path, std::ios::binary}.rdbuf();
  return bytes.str();
}

TEST(RunnableScenarios, AreADozen) { EXPECT_GE(runnable_scenarios().size(), 12U); }

class EachScenario : public testing::TestWithParam<fs::path> {};

/// Every number of the golden file, by its path in the object.
void expect_unchanged(const nlohmann::json& golden, const nlohmann::json& now, const std::string& path) {
  if (golden.is_object()) {
    for (const auto& [key, value] : golden.items()) {
      ASSERT_TRUE(now.contains(key)) << path << "." << key;
      expect_unchanged(value, now.at(key), path + "." + key);
    }
  } else if (golden.is_array()) {
    ASSERT_EQ(golden.size(), now.size()) << path;
    for (std::size_t i = 0; i < golden.size(); ++i)
      expect_unchanged(golden[i], now[i], path + "[" + std::to_string(i) + "]");
  } else if (golden.is_number()) {
    EXPECT_NEAR(now.get<double>(), golden.get<double>(), unchanged * std::abs(golden.get<double>())) << path;
  } else {
    EXPECT_EQ(golden, now) << path;
  }
}

// Refreshed by tests/golden/refresh only, in a commit of its own.
TEST_P(EachScenario, GivesTheGoldenFiguresAndTheSameBytesWithoutSimGrid) {
  const fs::path golden = root / "tests" / "golden" / (GetParam().stem().string() + ".json");
  ASSERT_TRUE(fs::exists(golden)) << "run tests/golden/refresh";
  const Simulated done = simulated(GetParam());
  expect_unchanged(nlohmann::json::parse(std::ifstream{golden}),
                   nlohmann::json::parse(analysis::json(done.result)), GetParam().stem().string());
  const Trace bare = run_bare(done.plan.platform, done.plan.work);
  for (std::size_t t = 0; t < bare.tasks.size(); ++t) {
    ASSERT_EQ(bare.tasks[t].start, done.trace.tasks[t].start) << "task " << t;
    ASSERT_EQ(bare.tasks[t].finish, done.trace.tasks[t].finish) << "task " << t;
  }
}

/// The time of an instance of each pool is the run.
void expect_pools_add_up(const Simulated& done) {
  const auto& times = std::get<std::vector<double>>(done.result.table("breakdown")->column("time")->values);
  const double run =
      done.trace.makespan.in(unit::s) * static_cast<double>(done.result.table("pools")->rows());
  EXPECT_NEAR(std::accumulate(times.begin(), times.end(), 0.0), run, 1e-9 * run);
}

TEST_P(EachScenario, AddsUp) {
  const Simulated done = simulated(GetParam());
  const auto* step = done.result.figure("step_time_s");
  if (done.result.kind == "serving") return expect_pools_add_up(done);
  if (step == nullptr) {
    EXPECT_GT(done.result.figure("time_s")->value, 0);
    return;
  }
  for (const char* name : {"breakdown", "phases", "critical_path"}) {
    double sum = 0;
    for (const double time : std::get<std::vector<double>>(done.result.table(name)->column("time")->values))
      sum += time;
    EXPECT_NEAR(sum, step->value, 1e-9 * step->value) << name;
  }
  double memory = 0;
  for (const char* part : {"weights", "gradients", "optimizer", "activations", "buffers"})
    memory += done.result.figure(std::string{"memory_bytes."} + part)->value;
  EXPECT_NEAR(memory, done.result.figure("memory_bytes.total")->value, 1e-9 * memory);
  EXPECT_NEAR(done.result.figure("tokens_per_s_per_npu")->value * done.result.figure("npus")->value,
              done.result.figure("tokens_per_s")->value, 1e-9 * done.result.figure("tokens_per_s")->value);
}

std::string name_of(const testing::TestParamInfo<fs::path>& one) { return one.param.stem().string(); }

INSTANTIATE_TEST_SUITE_P(Scenarios, EachScenario, testing::ValuesIn(runnable_scenarios()), name_of);

TEST(Outputs, AreTheSameBytesInTwoRuns) {
  const fs::path scenario = root / "scenarios" / "qwen3_235b_pretraining_on_cloudmatrix384.yaml";
  const fs::path folder = fs::path{testing::TempDir()} / "superpod_outputs";
  fs::create_directories(folder);
  std::vector<std::vector<std::string>> runs;
  for (int run = 0; run < 2; ++run) {
    const Simulated done = simulated(scenario);
    const fs::path results = folder / "out.h5";
    const fs::path trace = folder / "out.json";
    analysis::write(done.result, results);
    analysis::write_chrome_trace(done.plan.platform, done.plan.work, done.trace, trace);
    runs.push_back({bytes_of(results), bytes_of(trace), analysis::page(done.result),
                    analysis::json(done.result), summary(done.result)});
  }
  for (std::size_t output = 0; output < runs[0].size(); ++output) {
    EXPECT_FALSE(runs[0][output].empty());
    EXPECT_TRUE(runs[0][output] == runs[1][output]) << "output " << output;
  }
  fs::remove_all(folder);
}

TEST(Outputs, PageFromTheResultsFileIsThatOfTheRun) {
  const Simulated done = simulated(root / "scenarios" / "deepseek_v3_pretraining_on_atlas_950.yaml");
  const fs::path results = fs::path{testing::TempDir()} / "superpod_page.h5";
  analysis::write(done.result, results);
  EXPECT_TRUE(analysis::page(analysis::read(results)) == analysis::page(done.result));
  fs::remove(results);
}

TEST(Outputs, SummaryNamesWhatAPlannerAsksFor) {
  const std::string text =
      summary(simulated(root / "scenarios" / "deepseek_v3_pretraining_on_atlas_950.yaml").result);
  for (const char* words : {"step time", "tokens per s per NPU", "MFU", "Where the step goes", "bubble",
                            "Memory of the fullest NPU", "Inputs:"})
    EXPECT_NE(text.find(words), std::string::npos) << words;
}

TEST(Outputs, ValidationNamesWhatTheKernelsRestOn) {
  const auto result = simulated(root / "scenarios" / "deepseek_v3_pretraining_on_2048_h800.yaml").result;
  const analysis::Table& validation = *result.table("validation");
  double all = 0;
  for (const double share : std::get<std::vector<double>>(validation.column("share")->values)) all += share;
  EXPECT_NEAR(all, 1, 1e-9);
  const auto& of = std::get<std::vector<std::string>>(validation.column("of")->values);
  EXPECT_NE(std::ranges::find(of, "h800_sxm_kernels"), of.end()) << "the chip itself was measured";
}

TEST(Engines, FoldedAndFullAgreeOnAScenario) {
  const fs::path scenario = root / "scenarios" / "all_to_all_on_cloudmatrix384.yaml";
  const ScenarioFile file =
      read_scenario(scenario, Library::standard(), std::vector<std::string>{"system.levels.node.count=8"});
  const double full = simulate(file, models::Detail::full).result.figure("time_s")->value;
  EXPECT_NEAR(simulate(file, models::Detail::folded).result.figure("time_s")->value, full, 1e-9 * full);
}

}  // namespace
}  // namespace superpod::scenarios
