// Faults of a graph, whose parts go by their names.
#include "models/faults/damaged_cabling.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/cablings.hpp"

namespace superpod::models {
namespace {

using topology::Cabling;

constexpr double exact = 1e-12;  // relative

LinkFault link_between(const std::string& from, const std::string& to) {
  LinkFault fault;
  fault.between = {{from, to}};
  return fault;
}

/// Two NPUs below a switch, one of them by two cables.
Cabling three_cables() {
  Cabling cabling;
  const int a = cablings::add_node(cabling, true), b = cablings::add_node(cabling, true),
            s = cablings::add_node(cabling, false);
  cablings::join(cabling, a, s);
  cablings::join(cabling, b, s);
  cablings::join(cabling, b, s);
  return cabling;  // npu0, npu1, switch2
}

TEST(DamagedCabling, WithoutFaultsIsTheGraph) {
  const Cabling cabling = three_cables();
  const DamagedCabling damage = damaged({}, cabling, 0);
  EXPECT_EQ(damage.left.links.size(), cabling.links.size());
  EXPECT_EQ(damage.speed, (std::vector<double>{1, 1}));
  EXPECT_FALSE(first_cut(damage, cabling));
}

TEST(DamagedCabling, SharesOfOneLinkMultiply) {
  Faults faults;
  faults.links = {link_between("npu0", "switch2"), link_between("switch2", "npu0")};
  faults.links[0].share = 0.5;
  faults.links[1].share = 0.4;
  faults.links[1].one_way = true;
  const Cabling cabling = three_cables();
  const DamagedCabling damage = damaged(faults, cabling, 0);
  const auto left = [&](std::size_t link) {
    return damage.left.links[link].bandwidth / cabling.links[link].bandwidth;
  };
  EXPECT_NEAR(left(0), 0.5, exact);
  EXPECT_NEAR(left(1), 0.2, exact) << "one way: from the switch down";
  EXPECT_EQ(left(2), 1);
}

TEST(DamagedCabling, CablesThatAreLostAreNotThereAnyMore) {
  Faults faults;
  faults.links = {link_between("npu1", "switch2")};
  faults.links[0].cables = 1;
  const Cabling cabling = three_cables();
  EXPECT_EQ(damaged(faults, cabling, 0).left.links.size(), cabling.links.size() - 2) << "both ways";
  EXPECT_FALSE(first_cut(damaged(faults, cabling, 0), cabling));
  faults.links[0].cables = 2;
  EXPECT_TRUE(first_cut(damaged(faults, cabling, 0), cabling));
  faults.links[0].cables = 3;
  EXPECT_EQ(flaws(faults, cabling, 0).front().key, "links.0.cables");
}

TEST(DamagedCabling, ADeadSwitchTakesItsLinksAndSaysWhomItCutsOff) {
  Faults faults;
  faults.links = {link_between("npu1", "switch2")};
  faults.links[0].share = 0.5;
  faults.switches.resize(1);
  faults.switches[0].name = "switch2";
  const Cabling cabling = three_cables();
  const DamagedCabling damage = damaged(faults, cabling, 0);
  EXPECT_TRUE(damage.left.links.empty());
  const auto cut = first_cut(damage, cabling);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->key, "switches.0") << "the weak link cuts nobody off";
  EXPECT_EQ(cut->message, "there is no way from 'npu0' to 'npu1' without switch 'switch2'");
}

TEST(DamagedCabling, DrawsNoPartTwiceAndNoneThatIsNamed) {
  const Cabling cabling = cablings::fat_tree(4);
  const std::vector<int> npus = topology::npus_of(cabling);
  Faults faults;
  faults.npus.resize(2);
  faults.npus[0].name = cabling.nodes[static_cast<std::size_t>(npus[3])].name;
  faults.npus[0].speed = 0.5;
  faults.npus[1].count = 15;
  faults.npus[1].speed = 0.9;
  std::vector<double> speeds = damaged(faults, cabling, 5).speed;
  EXPECT_EQ(speeds[3], 0.5);
  EXPECT_EQ(std::ranges::count(speeds, 0.9), 15);
  faults.npus[1].count = 16;
  EXPECT_EQ(flaws(faults, cabling, 5).front().key, "npus.1.count");

  faults = {};
  LinkFault some;
  some.count = 10;
  some.share = 0.5;
  faults.links = {some, some};
  const DamagedCabling damage = damaged(faults, cabling, 1), other = damaged(faults, cabling, 2);
  EXPECT_EQ(std::ranges::count(damage.share, 0.5), 40) << "of 96 directed links, none twice";
  EXPECT_NE(damage.share, other.share) << "another seed";
  EXPECT_EQ(damage.share, damaged(faults, cabling, 1).share);
}

}  // namespace
}  // namespace superpod::models
