// Systems whose fabric is read from a file.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "scenarios/asked/reachable.hpp"
#include "scenarios/run/simulate.hpp"
#include "sim/engine/engine.hpp"
#include "topology/files/export.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr double folded_equals_full = 1e-9;  // relative: what the project promises

const fs::path example = fs::path{SUPERPOD_ROOT} / "scenarios" / "all_to_all_on_two_unequal_pods.yaml";

double figure(const Simulated& of, const char* key) { return of.result.figure(key)->value; }

TEST(GraphSystem, FoldsAsFarAsItsCablesAreRegularAndSaysHowFar) {
  const ScenarioFile file = read_scenario(example, Library::standard());
  const Simulated folded = simulate(file, models::Detail::folded),
                  full = simulate(file, models::Detail::full);
  EXPECT_EQ(figure(folded, "npus"), 28);
  EXPECT_EQ(figure(full, "classes.ranks"), 28);
  EXPECT_EQ(figure(folded, "classes.ranks"), 2);
  EXPECT_THAT(folded.result.verdict, HasSubstr("28 ranks folded to 2 classes"));
  EXPECT_NEAR(figure(folded, "time_s"), figure(full, "time_s"), folded_equals_full * figure(full, "time_s"));
  EXPECT_EQ(figure(folded, "bus_bandwidth") / figure(folded, "algorithm_bandwidth"), 27.0 / 28);
}

std::string scenario_on(const std::string& graph) {
  return "name: x\nsystem: {name: x, chip: h100_sxm, endpoint_latency: 1 us, graph: {file: " + graph +
         "}}\nworkload: {kind: collective, operation: all_reduce, algorithm: direct, size: 1 GB}\n";
}

ScenarioFile read_beside(const std::string& graph, const std::string& text) {
  const fs::path folder = testing::TempDir();
  std::ofstream{folder / graph} << text;
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path file = folder / ("on_a_graph_" + test + ".yaml");
  std::ofstream{file} << scenario_on(graph);
  return read_scenario(file, Library::standard());
}

TEST(GraphSystem, DrawnByThisProgramIsAsFastAsTheFabric) {
  const topology::Fabric fabric{
      {{"npu", 6}},
      {topology::FullMesh{"mesh", {"npu"}, {50 * unit::GB / unit::s}, {0.5 * unit::us}, {1.0}}},
      {1 * unit::us}};
  const topology::Wiring wiring{fabric};
  models::CollectiveWorkload workload;
  workload.algorithm = models::Algorithm::direct;
  workload.size = 1 * unit::GB;
  const models::Work plan = models::plan(workload, wiring, models::Detail::folded);
  const double expected = run(plan.platform, plan.work).makespan.in(unit::s);
  for (const auto& [name, text] :
       {std::pair{"own.dot", dot(wiring)}, std::pair{"own.xml", simgrid_xml(wiring)}}) {
    ScenarioFile file = read_beside(name, text);
    if (std::string_view{name} == "own.xml")
      file.scenario.system.value.endpoint_latency = {};  // a link of the file
    const Simulated simulated = simulate(file, models::Detail::folded);
    EXPECT_NEAR(figure(simulated, "time_s"), expected, folded_equals_full * expected) << name;
    EXPECT_EQ(figure(simulated, "classes.ranks"), 1) << name;
  }
}

TEST(GraphSystem, WithoutAWayIsAMistakeThatNamesTheNpus) {
  const ScenarioFile file =
      read_beside("apart.dot", "graph { node [kind=npu]; edge [bandwidth=1 latency=0]; a -- b; c -- d }");
  Mistakes mistakes;
  check_ways(file, mistakes);
  EXPECT_THAT(text(mistakes), HasSubstr("there is no way from 'a' to 'c'"));
  EXPECT_THROW(simulate(file, models::Detail::folded), ScenarioError);
}

}  // namespace
}  // namespace superpod::scenarios
