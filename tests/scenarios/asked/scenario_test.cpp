#include "scenarios/asked/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/asked/explain.hpp"

namespace superpod::scenarios {
namespace {

const std::filesystem::path root = std::filesystem::path{SUPERPOD_ROOT} / "tests" / "scenarios";

ScenarioFile good(const std::vector<std::string>& settings = {}) {
  return read_scenario(root / "good.yaml", Library{{root / "library"}}, settings);
}

Parameter parameter(const std::vector<Parameter>& all, const std::string& path) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& p) { return p.path == path; });
  return found == all.end() ? Parameter{} : *found;
}

TEST(ScenarioFile, IsReadIntoTypedValues) {
  const Scenario scenario = good().scenario;
  EXPECT_EQ(scenario.name, "all-reduce");
  EXPECT_EQ(scenario.seed, 1000);  // written 1.0e+3
  EXPECT_EQ(topology::npus(scenario.system.value.fabric()), 64);
  const auto& mesh = std::get<topology::FullMesh>(scenario.system.value.networks[0]);
  EXPECT_EQ(mesh.bandwidth.value, 50 * unit::GB / unit::s);
  const auto& spine = std::get<topology::Clos>(scenario.system.value.networks[1]);
  EXPECT_EQ(spine.bandwidth.value, 400 * unit::Gbit / unit::s);
  EXPECT_EQ(spine.planes, 2);
  const auto& work = std::get<models::CollectiveWorkload>(scenario.workload);
  EXPECT_EQ(work.operation, models::Operation::all_reduce);
  EXPECT_EQ(work.size, unit::GiB);
}

TEST(ScenarioFile, SettingsComeLast) {
  const Scenario scenario =
      good({"workload.size=2 MB", "system.networks.spine.planes=4", "system.networks.0.latency=3 us"})
          .scenario;
  EXPECT_EQ(std::get<models::CollectiveWorkload>(scenario.workload).size, 2 * unit::MB);
  EXPECT_EQ(std::get<topology::Clos>(scenario.system.value.networks[1]).planes, 4);
  EXPECT_EQ(std::get<topology::FullMesh>(scenario.system.value.networks[0]).latency.value, 3 * unit::us);
}

TEST(ScenarioFile, AWrongSettingIsAMistakeOfTheCommandLine) {
  try {
    good({"workload.sise=2 MB"});
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_TRUE(
        std::string{error.what()}.starts_with("--set:1:10: error: collective has no parameter 'sise'\n"))
        << error.what();
  }
}

TEST(Explained, EachParameterSaysWhereItWasWritten) {
  const auto all = parameters(good({"system.networks.mesh.latency=3 us"}));
  const auto ends = [&](const std::string& path, const std::string& where) {
    const Parameter p = parameter(all, path);
    EXPECT_TRUE(p.where.ends_with(where)) << path << " " << p.where;
  };
  ends("name", "good.yaml:1:7");
  ends("system.networks.spine.bandwidth", "good.yaml:6:18");
  ends("system.networks.spine.latency", "small_pod.yaml:8:78");
  ends("system.networks.mesh.latency", "--set:1:30");
  ends("system.chip.memory", "small_chip.yaml:4:17");
  ends("system.endpoint_latency", "default");
  ends("workload.kind", "good.yaml:11:9");
}

TEST(Explained, ValuesStandAsWrittenWithTheirGrade) {
  const auto all = parameters(good());
  EXPECT_EQ(parameter(all, "system.networks.spine.bandwidth").value, "400 Gb/s");
  EXPECT_EQ(parameter(all, "system.networks.spine.bandwidth").grade, "assumed");
  EXPECT_EQ(parameter(all, "system.chip.memory_bandwidth").grade, "measured");
  EXPECT_EQ(parameter(all, "system.chip.memory_bandwidth").source, "handbook");
  EXPECT_EQ(parameter(all, "system.networks.mesh.efficiency").value, "1");
  EXPECT_EQ(parameter(all, "system.networks.mesh.levels").value, "[slot]");
  EXPECT_EQ(parameter(all, "workload.size").meaning.substr(0, 6), "vector");
}

TEST(Explained, IsTheSameEachTime) {
  const Library library{{root / "library"}};
  EXPECT_EQ(explain(good(), library), explain(good(), library));
}

TEST(Places, AreFoundByNameAndByIndex) {
  const Places places = good().places;
  EXPECT_TRUE(text(places.at("system.networks.1.bandwidth")).ends_with("good.yaml:6:18"));
  EXPECT_TRUE(text(places.at("system.networks.spine.bandwidth")).ends_with("good.yaml:6:18"));
}

TEST(Places, OfWhatWasNotWrittenAreThoseAroundIt) {
  const Places places = good().places;
  EXPECT_TRUE(text(places.at("workload.over.1")).ends_with("good.yaml:11:3"));
  EXPECT_TRUE(text(places.at("nothing.like.it")).ends_with("good.yaml:1:1"));
}

}  // namespace
}  // namespace superpod::scenarios
