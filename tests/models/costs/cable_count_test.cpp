/// Links and switches as counted for a bill: those of the wiring, and those of published networks.
#include "models/costs/cable_count.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/models/small_fabrics.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double rounding = 1e-9;  // relative: sums of a few products

System system_of(const topology::Fabric& fabric) {
  System system;
  system.levels = fabric.levels;
  system.networks = fabric.networks;
  return system;
}

double efficiency(const topology::Network& network) {
  return std::visit([](const auto& its) { return its.efficiency.value; }, network);
}

TEST(CableStages, HaveTheBandwidthOfTheWiring) {
  // Each cable of a stage is two directed links of the wiring, which counts payload.
  for (const auto& [name, fabric] : small_fabrics()) {
    const topology::Wiring wiring{fabric};
    double wired = 0, counted = 0;
    for (const auto& family : wiring.link_families())
      wired += wiring.members(family) * family.bandwidth.in(B / s) /
               efficiency(fabric.networks[static_cast<std::size_t>(family.network)]);
    for (const CableStage& stage : cable_stages(system_of(fabric)))
      counted += 2 * stage.links * stage.bandwidth.in(B / s);
    EXPECT_NEAR(counted, wired, rounding * wired) << name;
  }
}

TEST(CableStages, OfOneLinkWithTheBandwidthOfItsCableAreOneCable) {
  const CableStage mesh{"mesh", 0, 28, 56 * GB / s};
  EXPECT_EQ(cables(mesh, 56 * GB / s), 28);
  EXPECT_EQ(cables(mesh, 100 * GB / s), 28);  // nobody shares a cable between links of a mesh
  EXPECT_EQ(cables(mesh, 50 * GB / s), 56);
  const CableStage trunk{"clos", 1, 384, 392 * GB / s, true};
  EXPECT_EQ(cables(trunk, 56 * GB / s), 2688);
  EXPECT_EQ(cables(trunk, 100 * GB / s), std::ceil(384 * 3.92));
}

/// A fat tree of 64-port switches of 400 Gb/s: each tier joins what 32 times as many NPUs send.
System fat_tree(std::vector<topology::Level> levels, std::vector<topology::Tier> tiers, bool rails) {
  System system;
  system.levels = std::move(levels);
  topology::Clos clos;
  clos.name = "fat tree";
  for (const topology::Level& level : system.levels) clos.levels.push_back(level.name);
  if (rails) clos.levels.pop_back();
  clos.bandwidth = 50 * GB / s;
  clos.tiers = std::move(tiers);
  clos.rails = rails;
  if (rails) system.networks.push_back(topology::FullMesh{"node", {system.levels.back().name}, {GB / s}, {}});
  system.networks.push_back(clos);
  return system;
}

double switches_of(const System& system) {
  double count = 0;
  for (const SwitchTier& tier : switch_tiers(system)) count += switches(tier, 64 * 50 * GB / s);
  return count;
}

double links_between_switches(const System& system) {
  double count = 0;
  for (const CableStage& stage : cable_stages(system))
    if (stage.network == "fat tree" && stage.stage > 0) count += cables(stage, 50 * GB / s);
  return count;
}

// "Insights into DeepSeek-V3", arXiv 2505.09343, table 3: endpoints, switches, links between switches.
TEST(FatTrees, HaveTheSwitchesAndLinksOfThePublishedComparison) {
  const System two_layers = fat_tree({{"leaf", 64}, {"node", 32}}, {{"leaf", 1.0}}, false);
  EXPECT_EQ(switches_of(two_layers), 96);
  EXPECT_EQ(links_between_switches(two_layers), 2048);

  const System planes = fat_tree({{"leaf", 64}, {"node", 32}, {"gpu", 8}}, {{"leaf", 1.0}}, true);
  EXPECT_EQ(switches_of(planes), 768);
  EXPECT_EQ(links_between_switches(planes), 16384);

  const System three_layers =
      fat_tree({{"pod", 64}, {"leaf", 32}, {"node", 32}}, {{"leaf", 1.0}, {"pod", 1.0}}, false);
  EXPECT_EQ(switches_of(three_layers), 5120);
  EXPECT_EQ(links_between_switches(three_layers), 131072);
}

TEST(FatTrees, OversubscribedNeedFewerSwitchesAbove) {
  const System even = fat_tree({{"leaf", 64}, {"node", 48}}, {{"leaf", 1.0}}, false);
  const System thin = fat_tree({{"leaf", 64}, {"node", 48}}, {{"leaf", 3.0}}, false);
  EXPECT_EQ(links_between_switches(thin) * 3, links_between_switches(even));
  EXPECT_EQ(switches_of(thin), 64 + 16);  // 48 ports down and 16 up; 64 * 16 / 64 above
}

TEST(Dragonflies, HaveALinkForEachPairOfGroupsAndOfRouters) {
  System system;
  system.levels = {{"group", 9}, {"router", 4}, {"npu", 2}};
  system.networks = {topology::Dragonfly{
      "dragonfly", {"group", "router", "npu"}, {25 * GB / s}, {25 * GB / s}, {25 * GB / s}, {}}};
  const auto stages = cable_stages(system);
  ASSERT_EQ(stages.size(), 3U);
  EXPECT_EQ(stages[0].links, 72);
  EXPECT_EQ(stages[1].links, 9 * 6);
  EXPECT_EQ(stages[2].links, 36);
  // Ports of a router: 2 NPUs, 3 other routers, 2 * 36 / 36 global links.
  EXPECT_EQ(switches(switch_tiers(system).front(), 7 * 25 * GB / s), 36);
}

}  // namespace
}  // namespace superpod::models
