#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/faults/damaged_system.hpp"
#include "tests/models/small_fabrics.hpp"
#include "tests/models/small_models.hpp"
#include "topology/fabric/node_links.hpp"

namespace superpod::models {
namespace {

System system_of(const topology::Fabric& fabric) {
  System system;
  system.name = "small";
  system.chip.value = small_chip();
  system.levels = fabric.levels;
  system.networks = fabric.networks;
  system.endpoint_latency = fabric.endpoint_latency;
  return system;
}

System small_system(const std::string& name) {
  const auto all = small_fabrics();
  return system_of(std::ranges::find(all, name, &NamedFabric::name)->fabric);
}

Asymmetry drawn(const Faults& faults, const System& system, std::int64_t seed) {
  EXPECT_TRUE(flaws(faults, system, seed).empty()) << flaws(faults, system, seed).front().message;
  const topology::Wiring wiring{fabric(faults, system)};
  return asymmetry(faults, wiring, seed);
}

std::set<topology::LinkKey> links_of(const Asymmetry& asymmetry) {
  std::set<topology::LinkKey> links;
  for (const auto& degraded : asymmetry.links) links.insert(degraded.link);
  return links;
}

using Digits = std::optional<std::vector<int>>;

LinkFault link(const std::string& network, const Digits& from, const Digits& to = {}) {
  LinkFault fault;
  fault.network = network, fault.from = from, fault.to = to;
  return fault;
}

LinkFault some_links(const std::string& network, int count) {
  LinkFault fault;
  fault.network = network, fault.count = count;
  return fault;
}

Faults random_links(const std::string& network, int count) {
  Faults faults;
  faults.links = {some_links(network, count)};
  return faults;
}

/// Of plane 0.
SwitchFault switches(const std::string& network, const Digits& at, const Digits& rail = {}) {
  SwitchFault fault;
  fault.network = network, fault.at = at, fault.rail = rail, fault.planes = {{0}};
  return fault;
}

const std::string meshed = "board mesh in pod Clos 8x8";

TEST(RandomLinks, AreAsManyPairsAsAskedFor) {
  const System system = small_system(meshed);
  const topology::Wiring wiring{system.fabric()};
  for (const int count : {1, 10, 8 * 28}) {  // 8 boards of 8 * 7 / 2 links
    const auto links = links_of(drawn(random_links("board mesh", count), system, 1));
    EXPECT_EQ(links.size(), 2U * static_cast<unsigned>(count));
    for (const auto& link : links) EXPECT_TRUE(links.contains(topology::reverse(wiring, link)));
  }
}

TEST(RandomLinks, OneWayAreSingle) {
  Faults faults = random_links("board mesh", 100);
  faults.links[0].one_way = true;
  EXPECT_EQ(drawn(faults, small_system(meshed), 1).links.size(), 100U);
}

TEST(RandomLinks, FollowFromTheSeedAlone) {
  const System system = small_system(meshed);
  Faults faults = random_links("board mesh", 10);
  const auto links = links_of(drawn(faults, system, 7));
  EXPECT_EQ(links_of(drawn(faults, system, 7)), links);
  EXPECT_NE(links_of(drawn(faults, system, 8)), links);
  faults.npus.push_back({.at = {}, .count = 3, .speed = 0.5});
  EXPECT_EQ(links_of(drawn(faults, system, 7)), links) << "other faults do not move them";
}

TEST(RandomLinks, AreNoneThatIsNamedOrDrawnBefore) {
  Faults faults = random_links("board mesh", 8 * 28 - 2);
  faults.links.push_back(some_links("board mesh", 1));
  faults.links.push_back(link("board mesh", {{3, 1}}, {{3, 4}}));
  EXPECT_EQ(drawn(faults, small_system(meshed), 1).links.size(), 2U * 8 * 28);
  faults.links[1].count = 2;
  const auto found = flaws(faults, small_system(meshed), 1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key, "links.1.count");
}

TEST(RandomLinks, OfEveryNetworkCanBeDrawn) {
  for (const auto& [name, fabric] : small_fabrics()) {
    const System system = system_of(fabric);
    for (const auto& network : fabric.networks) {
      const std::string its_name = std::visit([](const auto& n) { return n.name; }, network);
      Faults faults = random_links(its_name, 4);
      faults.links[0].share = 0.25;
      const Asymmetry found = drawn(faults, system, 3);
      EXPECT_EQ(found.links.size(), 8U) << name;
      for (const auto& degraded : found.links) EXPECT_EQ(degraded.share, 0.25);
    }
  }
}

TEST(LostCables, LeaveTheShareOfTheOthers) {
  Faults faults;
  faults.links = {link("pod clos", {{2, 5}})};
  faults.links[0].cables = 2;  // of 6
  const Asymmetry found = drawn(faults, small_system(meshed), 0);
  ASSERT_EQ(found.links.size(), 2U);
  for (const auto& degraded : found.links) EXPECT_DOUBLE_EQ(degraded.share, 4.0 / 6);
}

TEST(RandomSwitches, AreDifferentUnits) {
  Faults faults;
  faults.switches = {switches("rails", {})};
  faults.switches[0].count = 16;  // 2 units of 8 rails
  const Asymmetry found = drawn(faults, small_system("rail-optimised 2x4x8"), 5);
  const topology::Wiring wiring{small_system("rail-optimised 2x4x8").fabric()};
  double links = 0;
  for (const auto& family : wiring.link_families())
    if (family.name.starts_with("rails")) links += wiring.members(family);
  EXPECT_EQ(static_cast<double>(found.links.size()), links)
      << "all leaf switches: each link has one end there";
}

TEST(SwitchesOnRails, AreNamedByTheirPosition) {
  const System system = small_system("rail-optimised 2x4x8");
  Faults one, all;
  one.switches = {switches("rails", {{1}}, {{5}})};
  all.switches = {switches("rails", {{1}})};
  EXPECT_EQ(drawn(one, system, 0).links.size(), 2U * (4 + 1));  // 4 nodes below, 1 link up; both ways
  EXPECT_EQ(drawn(all, system, 0).links.size(), 8U * 2U * (4 + 1));
}

TEST(DeadPlanes, LeaveAFabricWithLessBandwidth) {
  Faults faults;
  faults.planes.push_back({.network = "pod clos", .count = 2});
  const System system = small_system(meshed);
  EXPECT_TRUE(drawn(faults, system, 0).none());
  const topology::Fabric without = fabric(faults, system);
  const auto& left = std::get<topology::Clos>(without.networks[1]);
  const auto& whole = std::get<topology::Clos>(system.networks[1]);
  EXPECT_EQ(left.planes, 4);
  EXPECT_NEAR(left.bandwidth.value / whole.bandwidth.value, 4.0 / 6, 1e-15);
}

TEST(SlowNpus, AreDrawnFromAMillionWithoutLookingAtEach) {
  System system = small_system(meshed);
  system.levels = {{"pod", 4096}, {"board", 4096}, {"slot", 64}};  // 2^30
  system.networks = {topology::Clos{
      "switch", {"pod", "board", "slot"}, {unit::GB / unit::s}, {unit::us}, {1.0}, 1, {}, false}};
  Faults faults;
  faults.npus.push_back({.at = {}, .count = 1000, .speed = 0.5});
  faults.npus.push_back({.at = {{7, 1}}, .count = {}, .speed = 0.9});
  const Asymmetry found = drawn(faults, system, 9);
  ASSERT_EQ(found.npus.size(), 1001U);
  std::set<topology::Address> seen;
  int slow_unit = 0;
  for (const auto& [at, speed] : found.npus) {
    EXPECT_TRUE(seen.insert(at).second);
    if (speed == 0.9) {
      ++slow_unit;
      EXPECT_EQ(at, (topology::Address{7, 1, topology::absent}));
    } else {
      EXPECT_FALSE(at[0] == 7 && at[1] == 1) << "named already";
      for (int level = 0; level < 3; ++level)
        EXPECT_LT(at[static_cast<std::size_t>(level)], system.levels[static_cast<std::size_t>(level)].count);
    }
  }
  EXPECT_EQ(slow_unit, 1);
}

TEST(OtherChips, GoToTheirUnits) {
  Faults faults;
  Chip chip = small_chip();
  chip.name = "other";
  faults.chips.push_back({.units = {1, 6}, .chip = {"", chip}});
  const Asymmetry found = drawn(faults, small_system(meshed), 0);
  ASSERT_EQ(found.chips.size(), 1U);
  EXPECT_EQ(found.chips[0].units, (std::vector{1, 6}));
  EXPECT_EQ(found.chips[0].chip.name, "other");
}

TEST(NoFaults, AreNoAsymmetry) {
  EXPECT_TRUE(Faults{}.none());
  EXPECT_TRUE(drawn(Faults{}, small_system(meshed), 3).none());
}

}  // namespace
}  // namespace superpod::models
