#include "topology/fabric/members.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/topology/fabrics.hpp"
#include "topology/fabric/node_links.hpp"
#include "topology/routing/faults.hpp"

namespace superpod::topology {
namespace {

using namespace fabrics;

std::vector<Fabric> all_fabrics() {
  std::vector<Fabric> all{full_mesh({3, 4}),
                          torus({3, 4}),
                          one_switch(5),
                          clos({2, 3, 4}),
                          dragonfly(5, 2, 2),
                          switched_mesh({2, 3}, 2),
                          mesh_and_clos({2, 3, 4}),
                          mesh_and_clos({2, 3, 4}, true)};
  RandomFabrics random{7};
  for (int i = 0; i < 20; ++i) all.push_back(random());
  return all;
}

TEST(Members, EachLinkHasOneNumber) {
  for (const Fabric& fabric : all_fabrics()) {
    const Wiring wiring{fabric};
    for (int network = 0; network < static_cast<int>(fabric.networks.size()); ++network) {
      double members = 0;
      for (const LinkFamily& family : wiring.link_families())
        if (family.network == network) members += wiring.members(family);
      const std::int64_t links = links_in(wiring, network);
      EXPECT_EQ(static_cast<double>(links), members);
      std::set<LinkKey> seen;
      for (std::int64_t number = 0; number < links; ++number) {
        const LinkKey link = link_numbered(wiring, network, number);
        seen.insert(link);
        EXPECT_NE(wiring.ends(link).first, wiring.ends(link).second) << name_of(wiring, link);
      }
      EXPECT_EQ(static_cast<std::int64_t>(seen.size()), links);
      EXPECT_THROW(link_numbered(wiring, network, links), std::out_of_range);
    }
  }
}

TEST(Members, ALinkIsFoundAgainByTheEndsThatItIsNamedBy) {
  for (const Fabric& fabric : all_fabrics()) {
    const Wiring wiring{fabric};
    std::map<std::string, int> called;  // switches that join one NPU each are called like it
    for (int network = 0; network < static_cast<int>(fabric.networks.size()); ++network)
      for (std::int64_t number = 0; number < links_in(wiring, network); ++number)
        ++called[name_of(wiring, link_numbered(wiring, network, number))];
    for (int network = 0; network < static_cast<int>(fabric.networks.size()); ++network)
      for (std::int64_t number = 0; number < links_in(wiring, network); ++number) {
        const LinkKey link = link_numbered(wiring, network, number);
        if (called[name_of(wiring, link)] > 1) continue;
        const auto [from, to] = named_ends(wiring, link);
        const std::string& name = name_of(fabric.networks[static_cast<std::size_t>(network)]);
        const HardwareFaults cut{{{name, from, to, {}, {}, true}}, {}};
        ASSERT_TRUE(flaws(wiring, cut).empty()) << flaws(wiring, cut).front().message;
        std::set<LinkKey> dead;
        for (const Degraded& lost : degraded(wiring, cut)) dead.insert(lost.link);
        EXPECT_TRUE(dead.contains(link)) << name_of(wiring, link);
        EXPECT_LE(dead.size(), 2U) << "a ring of two has two links between the same ends";
      }
  }
}

TEST(Members, SwitchesAreThoseOfUnits) {
  const Wiring two_tiers{clos({2, 3, 4})};
  std::set<NodeKey> seen;
  for (std::int64_t number = 0; number < switches_in(two_tiers, 0); ++number)
    seen.insert(switch_numbered(two_tiers, 0, number));
  EXPECT_EQ(static_cast<std::int64_t>(seen.size()), switches_in(two_tiers, 0));
  for (const NodeKey& node : seen) EXPECT_NE(node.at[0], absent) << "the top is no unit's";
  EXPECT_EQ(switches_in(Wiring{one_switch(5)}, 0), 1) << "but where there is no other it is drawn";
  EXPECT_EQ(switches_in(Wiring{full_mesh({3, 4})}, 0), 0);
}

TEST(Members, NamesAreTheAddressesThatScenariosUse) {
  const Wiring wiring{full_mesh({3, 4})};
  EXPECT_EQ(name_of(wiring, link_numbered(wiring, 0, 0)),
            name_of(wiring.fabric().networks[0]) + " [0, 0] to [1, 0]");
  const Address unit_2{2, absent};
  EXPECT_EQ(address_text(wiring, unit_2), "[2]");
  EXPECT_EQ(address_text(wiring, {absent, 3}), "[] rail [3]");
}

}  // namespace
}  // namespace superpod::topology
