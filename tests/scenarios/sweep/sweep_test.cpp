// What a sweep file says: which points it makes, and what is wrong with it before anything runs.
#include "scenarios/sweep/sweep.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "scenarios/sweep/settings_columns.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const std::string base = R"(name: s
scenario: {name: c, system: cloudmatrix384, workload: {kind: collective, operation: all_reduce, size: 1 GiB}}
)";

class SweepText : public testing::Test {
 protected:
  std::optional<SweepFile> read(const std::string& text) {
    path_ = fs::path{testing::TempDir()} /
            (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".yaml");
    std::ofstream{path_} << text;
    mistakes_ = {};
    return read_sweep(path_, Library::standard(), mistakes_);
  }
  [[nodiscard]] std::string said() const { return scenarios::text(mistakes_); }
  void TearDown() override { fs::remove(path_); }

  Mistakes mistakes_;
  fs::path path_;
};

std::vector<std::string> values_at(const SweepFile& file, std::int64_t point) {
  std::vector<std::string> values;
  for (const Setting* setting : file.settings_of(point)) values.push_back(setting->value.text);
  return values;
}

using Words = std::vector<std::string>;

TEST_F(SweepText, AxesMakeEveryCombinationTheLastFastest) {
  const auto file = read(
      base + "axes: {workload.operation: [all_reduce, all_gather], workload.size: [1 MiB, 2 MiB, 1 GiB]}");
  ASSERT_TRUE(file) << said();
  EXPECT_EQ(file->points(), 6);
  EXPECT_EQ(values_at(*file, 0), (Words{"all_reduce", "1 MiB"}));
  EXPECT_EQ(values_at(*file, 1), (Words{"all_reduce", "2 MiB"}));
  EXPECT_EQ(values_at(*file, 5), (Words{"all_gather", "1 GiB"}));
}

TEST_F(SweepText, ZippedValuesAndPointsGoRowByRow) {
  const auto file =
      read(base + R"(zipped: {system: [cloudmatrix384, ubmesh_pod], workload.size: [1 MiB, 2 MiB]}
points: [{workload.operation: all_gather}, {workload.operation: all_reduce, workload.algorithm: ring}]
axes: {seed: [1, 2, 3]})");
  ASSERT_TRUE(file) << said();
  EXPECT_EQ(file->points(), 2 * 2 * 3);
  EXPECT_EQ(values_at(*file, 0), (Words{"all_gather", "cloudmatrix384", "1 MiB", "1"}));
  EXPECT_EQ(values_at(*file, 11), (Words{"all_reduce", "ring", "ubmesh_pod", "2 MiB", "3"}));
}

TEST_F(SweepText, RangesHaveBothEndsAndWholeNumbersStayWhole) {
  const auto file = read(base + R"(axes:
  workload.size: {from: 1 MiB, to: 1 GiB, steps: 11, scale: log}
  seed: {from: 0, to: 8, steps: 5})");
  ASSERT_TRUE(file) << said();
  const auto columns = settings_columns(*file);
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[0].unit, "B");
  const auto& sizes = std::get<std::vector<double>>(columns[0].values);
  for (std::size_t i = 0; i < 11; ++i)
    EXPECT_EQ(sizes[5 * i], 0x1p20 * static_cast<double>(1 << i));  // doubling
  const auto& seeds = std::get<std::vector<std::int64_t>>(columns[1].values);
  EXPECT_EQ(std::vector(seeds.begin(), seeds.begin() + 5), (std::vector<std::int64_t>{0, 2, 4, 6, 8}));
}

TEST_F(SweepText, APointChangesTheScenarioWhereItsPathsSay) {
  const auto file = read(base + "axes: {workload.size: [3 MiB], system.networks.UB plane.latency: [1 us]}");
  Mistakes none;
  ASSERT_TRUE(file) << said();
  const Node tree = file->scenario_of(0, none);
  EXPECT_EQ(tree.find("workload")->find("size")->text, "3 MiB");
  EXPECT_EQ(tree.find("workload")->find("operation")->text, "all_reduce");
}

TEST_F(SweepText, KeysThatNothingKnowsAreMistakesOfTheSweep) {
  EXPECT_FALSE(read(base + "axis: {seed: [1]}"));
  EXPECT_NE(said().find("sweep has no parameter 'axis'"), std::string::npos) << said();
  EXPECT_FALSE(read(base + "axes: {workload.sise: [1 MiB, 2 MiB], seed: [1, 2]}"));
  EXPECT_NE(said().find(":3:17: error: collective has no parameter 'sise'"), std::string::npos) << said();
  EXPECT_NE(said().find("did you mean 'size'"), std::string::npos) << said();
}

TEST_F(SweepText, ValuesThatNoPointCanTakeAreMistakesOfTheSweep) {
  EXPECT_FALSE(
      read(base +
           "axes: {seed: [1, 2], workload.operation: [all_reduce, all_redcue], workload.size: [1 MiB, 4]}"));
  EXPECT_EQ(mistakes_.count(), 2U) << said();
  EXPECT_NE(said().find("'all_redcue' is not one of its words"), std::string::npos) << said();
  EXPECT_NE(said().find("'4' is not a size: it has no unit"), std::string::npos) << said();
}

TEST_F(SweepText, PathsThatSomePointsCanTakeAreNot) {
  const auto file = read(R"(name: s
scenario:
  name: c
  system: cloudmatrix384
  workload: {kind: collective, operation: all_reduce, size: 1 GiB}
points:
  - {workload: {kind: training, model: llama3_8b, batch: 384, sequence_length: 4096}}
  - {workload.operation: all_gather}
axes: {workload.size: [1 MiB, 2 MiB]})");
  EXPECT_TRUE(file) << said();
}

TEST_F(SweepText, WrongRangesAndRowsAreNamed) {
  const auto says = [&](const std::string& axes, const std::string& what) {
    EXPECT_FALSE(read(base + axes)) << axes;
    EXPECT_NE(said().find(what), std::string::npos) << said();
  };
  says("axes: {workload.size: {from: 1 MiB, to: 1 GB/s, steps: 3}}", "has another unit than '1 MiB'");
  says("axes: {seed: {from: 0, to: 8, steps: 3, scale: log}}", "equal ratios need ends above zero");
  says("axes: {seed: {from: 0, to: 8, steps: 1}}", "steps must be at least 2");
  says("axes: {seed: {from: 0, to: 8, step: 2}}", "range has no parameter 'step'");
  says("axes: {seed: []}", "'seed' has no values");
  says("axes: {seed: 3}", "must be a list or a range");
  says("axes: {seed: [1], workload..size: [1 MiB]}", "is no path");
  says("zipped: {seed: [1, 2], workload.size: [1 MiB]}", "'workload.size' has 1 values, 'seed' has 2");
  says("axes: {seed: [1]}\nzipped: {seed: [2]}", "'seed' varies twice");
  says("", "nothing varies in this sweep");
}

TEST_F(SweepText, MistakesOfTheScenarioAreFoundBeforeAnythingRuns) {
  EXPECT_FALSE(read("name: s\nscenario: nowhere.yaml\naxes: {seed: [1]}"));
  EXPECT_NE(said().find("nowhere.yaml"), std::string::npos) << said();
  EXPECT_FALSE(read("name: s\nscenario: {name: c, system: cloudmatrix38}\naxes: {seed: [1, 2]}"));
  EXPECT_NE(said().find("scenario lacks 'workload'"), std::string::npos) << said();
  EXPECT_NE(said().find("did you mean 'cloudmatrix384'"), std::string::npos) << said();
}

TEST_F(SweepText, MorePointsThanAnybodyCanRunAreRefused) {
  std::string axes = "axes: {";
  for (int i = 0; i < 8; ++i) axes += "a" + std::to_string(i) + ": {from: 0, to: 999, steps: 1000}, ";
  EXPECT_FALSE(read(base + axes + "}"));
  EXPECT_NE(said().find("more than 10000000 points"), std::string::npos) << said();
}

}  // namespace
}  // namespace superpod::scenarios
