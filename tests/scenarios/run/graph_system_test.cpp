// Systems whose fabric is read from a file.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "scenarios/asked/explain.hpp"
#include "scenarios/asked/reachable.hpp"
#include "scenarios/asked/step_plan.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/run/verify.hpp"
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

const std::string all_reduce =
    "workload: {kind: collective, operation: all_reduce, algorithm: direct, size: 1 GB}\n";
const std::string training =
    "workload: {kind: training, model: {base: llama3_8b, layers: 4}, batch: 16, precision: {gemm: bf16},\n"
    "           parallel: {tensor: 2, pipeline: 2}}\n";

std::string scenario_on(const std::string& graph, const std::string& work) {
  return "name: x\nsystem: {name: x, chip: h100_sxm, endpoint_latency: 1 us, graph: {file: " + graph +
         "}}\n" + work;
}

ScenarioFile read_beside(const std::string& graph, const std::string& text,
                         const std::string& work = all_reduce) {
  const fs::path folder = testing::TempDir();
  std::ofstream{folder / graph} << text;
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path file = folder / ("on_a_graph_" + test + ".yaml");
  std::ofstream{file} << scenario_on(graph, work);
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

constexpr int meshed = 8;

/// Each NPU cabled to each, as somebody would write it.
std::string graphml_of_a_mesh() {
  std::string text =
      "<graphml><key id='kind' for='node' attr.name='kind' attr.type='string'><default>npu</default></key>"
      "<key id='b' for='edge' attr.name='bandwidth' attr.type='string'><default>50 GB/s</default></key>"
      "<key id='l' for='edge' attr.name='latency' attr.type='string'><default>500 ns</default></key>"
      "<graph edgedefault='undirected'>";
  for (int n = 0; n < meshed; ++n) text += "<node id='n" + std::to_string(n) + "'/>";
  for (int n = 0; n < meshed; ++n)
    for (int other = 0; other < n; ++other)
      text += "<edge source='n" + std::to_string(n) + "' target='n" + std::to_string(other) + "'/>";
  return text + "</graph></graphml>";
}

TEST(GraphSystem, TrainsAsTheSameFabricWithALevelInEveryFormat) {
  const topology::FullMesh mesh{"mesh", {"npu"}, {50 * unit::GB / unit::s}, {0.5 * unit::us}, {1.0}};
  const topology::Wiring wiring{{{{"npu", meshed}}, {mesh}, {1 * unit::us}}};
  ScenarioFile on_a_level = read_beside("a.dot", dot(wiring), training);
  on_a_level.cabling.reset();
  on_a_level.scenario.system.value.networks = {mesh};
  const double expected = figure(simulate(on_a_level, models::Detail::folded), "step_time_s");
  for (const auto& [name, text] :
       {std::pair{"own.dot", dot(wiring)}, std::pair{"own.xml", simgrid_xml(wiring)},
        std::pair{"own.graphml", graphml_of_a_mesh()}}) {
    SCOPED_TRACE(name);
    ScenarioFile file = read_beside(name, text, training);
    if (std::string_view{name} == "own.xml")
      file.scenario.system.value.endpoint_latency = {};  // a link of the file
    const Verification ways = verify(file);
    EXPECT_TRUE(ways.agrees()) << ways.text();
    EXPECT_NEAR(ways.ways.front().time.in(unit::s), expected, folded_equals_full * expected);
  }
}

TEST(GraphSystem, SaysOfATrainingWhatItKnowsAndWhatItDoesNot) {
  const ScenarioFile file = read_beside("own.graphml", graphml_of_a_mesh(),
                                        training +
                                            "reliability: {tokens: 1e12}\n"
                                            "uncertainty: {samples: 20}\n"
                                            "faults: {jitter: {spread: 0.02, samples: 3}}\n"
                                            "prices: {npu: 30 kUSD, cable: 100 USD}\n");
  const Simulated simulated = simulate(file, models::Detail::folded);
  EXPECT_EQ(figure(simulated, "npus"), meshed);
  EXPECT_EQ(figure(simulated, "power_w"), meshed * 700.0);
  EXPECT_EQ(figure(simulated, "purchase_cost"), meshed * 30e3);
  for (const char* known : {"step_time_s", "goodput", "time_to_train_s"})
    EXPECT_TRUE(simulated.result.figure(known)->interval) << known;
  EXPECT_GT(figure(simulated, "jitter.slowdown"), 1);
  for (const char* not_told : {"cables", "optical_modules", "cabinets"}) {
    EXPECT_GT(figure(simulated, (std::string{"not_known."} + not_told).c_str()), 0) << not_told;
    EXPECT_EQ(simulated.result.figure(not_told), nullptr);
  }
  EXPECT_EQ(simulated.result.table("network"), nullptr) << "a graph has no levels to draw";
}

const std::string ring_of_four =
    "graph { node [kind=npu]; edge [bandwidth=\"50 GB/s\" latency=\"1 us\"]; a -- b; b -- c; c -- d; d -- a "
    "}";

TEST(GraphSystem, GoesAroundWhatIsDeadAndSaysWhatItCosts) {
  const std::string faults = "faults: {links: [{between: [c, b]}], npus: [{name: d, speed: 0.5}]}\n";
  const ScenarioFile file = read_beside("ring.dot", ring_of_four, training + faults);
  const Simulated simulated = simulate(file, models::Detail::folded);
  EXPECT_TRUE(verify(file).agrees());
  EXPECT_EQ(figure(simulated, "faults.dead_links"), 2);
  EXPECT_EQ(figure(simulated, "faults.slow_npus"), 1);
  EXPECT_GT(figure(simulated, "faults.slowdown"), 1.2);
  EXPECT_THAT(simulated.result.verdict, HasSubstr("Without faults it would take"));
  EXPECT_THAT(explain(file, Library::standard()), HasSubstr("b -> c  dead"));
}

TEST(GraphSystem, ACollectiveGoesAroundWhatIsDeadToo) {
  const std::string faults = "faults: {links: [{between: [a, b], share: 0.5}], switches: []}\n";
  const Simulated simulated =
      simulate(read_beside("ring.dot", ring_of_four, all_reduce + faults), models::Detail::folded);
  EXPECT_EQ(figure(simulated, "faults.degraded_links"), 2);
  EXPECT_GT(figure(simulated, "faults.slowdown"), 1.5);
}

TEST(GraphSystem, WhatCutsNpusOffIsAMistakeAtItsPlace) {
  for (const std::string& work : {training, all_reduce}) {
    const std::string faults =
        "faults:\n  links:\n    - {between: [a, b]}\n    - {between: [d, a], one_way: true}\n"
        "    - {between: [a, d]}\n";
    const ScenarioFile file = read_beside("ring.dot", ring_of_four, work + faults);
    Mistakes mistakes;
    check_ways(file, mistakes);
    EXPECT_THAT(text(mistakes), HasSubstr("    - {between: [d, a], one_way: true}"));
    EXPECT_THAT(text(mistakes),
                HasSubstr("there is no way from 'b' to 'a' without the link from 'd' to 'a'"));
    EXPECT_THROW(simulate(file, models::Detail::folded), ScenarioError);
  }
}

TEST(GraphSystem, OfRoutesHasNpusButNoLinksToBreak) {
  const topology::FullMesh mesh{"mesh", {"npu"}, {50 * unit::GB / unit::s}, {0.5 * unit::us}, {1.0}};
  const std::string xml = simgrid_xml(topology::Wiring{{{{"npu", 4}}, {mesh}, {}}});
  const ScenarioFile whole = read_beside("routes.xml", xml, training);
  const std::string name = whole.cabling->nodes.front().name;
  const ScenarioFile slow =
      read_beside("routes.xml", xml, training + "faults: {npus: [{name: '" + name + "', speed: 0.5}]}\n");
  EXPECT_GT(figure(simulate(slow, models::Detail::folded), "faults.slowdown"), 1.2);
  try {
    read_beside("routes.xml", xml, training + "faults: {links: [{count: 1}]}\n");
    FAIL() << "its links have no ends";
  } catch (const ScenarioError& error) {
    EXPECT_THAT(error.what(), HasSubstr("this file tells routes, not which nodes its links join"));
  }
}

TEST(GraphSystem, LaysATrainingWhereNpusAreNear) {
  const std::string pairs =
      "graph { node [kind=npu]; n1; n2; n3; n4; s [kind=switch]\n"
      "edge [latency=\"1 us\" bandwidth=\"50 GB/s\"]; n1 -- n3; n2 -- n4\n"
      "edge [latency=\"1 us\" bandwidth=\"5 GB/s\"]; n1 -- s; n2 -- s; n3 -- s; n4 -- s }";
  ScenarioFile file = read_beside("pairs.dot", pairs, training);
  EXPECT_THAT(places_on_graph(file), testing::ElementsAre(0, 2, 1, 3));
  const double near = figure(simulate(file, models::Detail::folded), "step_time_s");
  file.scenario.system.value.graph->order = models::GraphOrder::file;
  EXPECT_THAT(places_on_graph(file), testing::ElementsAre(0, 1, 2, 3));
  EXPECT_LT(1.5 * near, figure(simulate(file, models::Detail::folded), "step_time_s"))
      << "tensor ranks talk most: they belong on the fast cables";
}

}  // namespace
}  // namespace superpod::scenarios
