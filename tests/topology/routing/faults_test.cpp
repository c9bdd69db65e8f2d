/// Which links a broken cable, switch or plane takes down, and by how much.
#include "topology/routing/faults.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "sim/values/index.hpp"
#include "tests/topology/fabrics.hpp"
#include "topology/fabric/node_links.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::topology {
namespace {

using ::testing::HasSubstr;

constexpr double rounding = 1e-12;  // relative

Address at(const std::vector<int>& digits) { return unit(digits); }

using Shares = std::map<LinkKey, double>;

Shares shares(const Wiring& wiring, const HardwareFaults& faults) {
  Shares result;
  for (const auto& [link, share] : degraded(wiring, faults)) EXPECT_TRUE(result.emplace(link, share).second);
  return result;
}

/// Calls visit(wiring, its graph) for fabrics of all kinds.
template <class Visit>
void for_fabrics(Visit&& visit) {
  std::vector<Fabric> all{fabrics::dragonfly(4, 3, 2), fabrics::dragonfly(9, 4, 1), fabrics::torus({2, 3}),
                          fabrics::clos({2, 3, 4}, 2), fabrics::mesh_and_clos({3, 2, 2}, true)};
  for (unsigned seed = 0; seed < 60; ++seed) all.push_back(fabrics::RandomFabrics{seed}());
  for (const Fabric& fabric : all) {
    const Wiring wiring{fabric};
    visit(wiring, graph(wiring));
  }
}

TEST(NodeLinks, OfAllNodesAreThoseOfTheGraph) {
  for_fabrics([](const Wiring& wiring, const Graph& whole) {
    std::set<LinkKey> expected, found;
    for (const Graph::Link& link : whole.links) expected.insert(link.key);
    for (const Graph::Node& node : whole.nodes)
      for (int f = 0; f < static_cast<int>(wiring.link_families().size()); ++f)
        if (wiring.link_families()[index(f)].from == node.key.family)
          for_links_from(wiring, f, node.key, [&](const LinkKey& link) {
            EXPECT_EQ(wiring.ends(link).first, node.key);
            if (wiring.ends(link).second != node.key) {
              EXPECT_TRUE(found.insert(link).second);
            }
          });
    EXPECT_EQ(found, expected);
  });
}

TEST(NodeLinks, LeadBackBetweenTheSameNodes) {
  for_fabrics([](const Wiring& wiring, const Graph& whole) {
    std::set<LinkKey> all;
    for (const Graph::Link& link : whole.links) all.insert(link.key);
    for (const LinkKey& link : all) {
      const LinkKey back = reverse(wiring, link);
      const auto [from, to] = wiring.ends(link);
      ASSERT_TRUE(all.contains(back));
      ASSERT_EQ(wiring.ends(back), std::pair(to, from));
      ASSERT_EQ(reverse(wiring, back), link);
    }
  });
}

std::string name_of(const Fabric& fabric, int network) {
  return std::visit([](const auto& n) { return n.name; }, fabric.networks[index(network)]);
}

/// Cutting the cable between the ends of a link cuts it and the way back, and nothing between other nodes.
TEST(CableFaults, ArePutOnTheLinksBetweenTheirEnds) {
  for_fabrics([](const Wiring& wiring, const Graph& whole) {
    for (std::size_t i = 0; i < whole.links.size(); i += 1 + whole.links.size() / 40) {
      const LinkKey link = whole.links[i].key;
      const auto [from, to] = wiring.ends(link);
      CableFault fault{
          .network = name_of(wiring.fabric(), wiring.link_families()[index(link.family)].network),
          .from = from.at,
          .to = to.at,
          .share = 0.25};
      if (from.at == to.at) continue;  // a switch for each NPU has its address: named by one end, as below
      for (const bool one_way : {false, true}) {
        fault.one_way = one_way;
        const Shares found = shares(wiring, {.cables = {fault}});
        EXPECT_TRUE(found.contains(link));
        EXPECT_EQ(found.contains(reverse(wiring, link)), !one_way || wiring.ends(link).first == to);
        for (const auto& [hit, share] : found) {
          EXPECT_EQ(share, 0.25);
          const auto [a, b] = wiring.ends(hit);
          EXPECT_TRUE((a.at == from.at && b.at == to.at) || (!one_way && a.at == to.at && b.at == from.at));
        }
      }
    }
  });
}

TEST(CableFaults, OfOneEndAreOnTheLinkToTheSwitchAbove) {
  const Wiring wiring{fabrics::clos({2, 3, 4}, 2)};
  for (const std::vector<int>& end : {std::vector{1, 2, 3}, std::vector{1, 2}, std::vector{1}}) {
    const Shares both = shares(wiring, {.cables = {{.network = "clos", .from = at(end)}}});
    ASSERT_EQ(both.size(), 2U);
    const Shares up = shares(wiring, {.cables = {{.network = "clos", .from = at(end), .one_way = true}}});
    const Shares down = shares(wiring, {.cables = {{.network = "clos", .to = at(end), .one_way = true}}});
    ASSERT_EQ(up.size(), 1U);
    ASSERT_EQ(down.size(), 1U);
    EXPECT_EQ(wiring.ends(up.begin()->first).first.at, at(end));
    EXPECT_EQ(wiring.ends(down.begin()->first).second.at, at(end));
    EXPECT_EQ(both.begin()->second, 0);
  }
}

TEST(CableFaults, TakeTheShareOfTheirCables) {
  // A unit of 4 NPUs with 2 planes, oversubscribed by 2: 4 cables up.
  const Wiring wiring{fabrics::clos({3, 4}, 2)};
  for (int lost = 0; lost <= 4; ++lost) {
    const Shares found = shares(wiring, {.cables = {{.network = "clos", .from = at({1}), .cables = lost}}});
    ASSERT_EQ(found.size(), lost == 0 ? 0U : 2U);
    for (const auto& [link, share] : found) EXPECT_EQ(share, 1 - lost / 4.0);
  }
}

TEST(CableFaults, OfOneLinkAddUpAndNeverTakeMoreThanThereIs) {
  const Wiring wiring{fabrics::clos({3, 4}, 2)};
  const CableFault two{.network = "clos", .from = at({1}), .cables = 2};
  const CableFault half{.network = "clos", .from = at({1}), .share = 0.5};
  EXPECT_EQ(shares(wiring, {.cables = {two, half}}).begin()->second, 0.25);
  EXPECT_EQ(shares(wiring, {.cables = {half, half}}).begin()->second, 0.25);
  EXPECT_EQ(shares(wiring, {.cables = {two, two}}).begin()->second, 0);
  EXPECT_EQ(shares(wiring, {.cables = {two, two, two}}).begin()->second, 0);
}

TEST(CableFaults, BetweenGroupsOfADragonflyAreOnTheirGlobalLink) {
  const Wiring wiring{fabrics::dragonfly(9, 4, 2)};
  for (int from = 0; from < 9; ++from)
    for (int to = 0; to < 9; ++to) {
      if (from == to) continue;
      const Shares found =
          shares(wiring, {.cables = {{.network = "dragonfly", .from = at({from}), .to = at({to})}}});
      ASSERT_EQ(found.size(), 2U);
      for (const auto& [link, share] : found) {
        const auto [a, b] = wiring.ends(link);
        EXPECT_TRUE((a.at[0] == from && b.at[0] == to) || (a.at[0] == to && b.at[0] == from));
      }
    }
}

TEST(SwitchFaults, TakeTheirPlanesFromAllLinksOfTheSwitchAndFromNoOther) {
  for_fabrics([](const Wiring& wiring, const Graph& whole) {
    const std::size_t step = 1 + (whole.nodes.size() - index(whole.npus)) / 8;
    for (std::size_t i = index(whole.npus); i < whole.nodes.size(); i += step) {
      const Graph::Node& node = whole.nodes[i];
      const NodeFamily& family = wiring.node_families()[index(node.key.family)];
      const auto* clos = std::get_if<Clos>(&wiring.fabric().networks[index(family.network)]);
      SwitchFault fault{.network = name_of(wiring.fabric(), family.network), .at = node.key.at};
      for (int lost = 0; lost <= (clos ? clos->planes : 0); ++lost) {
        const Shares found = shares(wiring, {.switches = {fault}});
        for (const Graph::Link& link : whole.links) {
          const auto [from, to] = wiring.ends(link.key);
          ASSERT_EQ(found.contains(link.key), from == node.key || to == node.key);
          if (!found.contains(link.key)) continue;
          const double expected = lost == 0 ? 0 : 1 - 1.0 * lost / clos->planes;
          ASSERT_NEAR(found.at(link.key), expected, rounding);
          ASSERT_EQ(found.at(link.key) == 0, lost == 0 || lost == clos->planes);
        }
        fault.planes.push_back(lost);
      }
    }
  });
}

TEST(SwitchFaults, OfOnePlaneAtBothEndsOfALinkCountOnce) {
  Fabric fabric = fabrics::clos({3, 4}, 2);
  std::get<Clos>(fabric.networks.front()).planes = 4;
  const Wiring wiring{fabric};
  const SwitchFault below{.network = "clos", .at = at({1}), .planes = {1}};
  for (const int plane : {1, 2}) {
    const SwitchFault top{.network = "clos", .at = nowhere, .planes = {plane}};
    const Shares found = shares(wiring, {.switches = {below, top}});
    const LinkKey up =
        shares(wiring, {.cables = {{.network = "clos", .from = at({1}), .one_way = true}}}).begin()->first;
    EXPECT_EQ(found.at(up), plane == 1 ? 0.75 : 0.5);
  }
}

TEST(SwitchFaults, OnRailsWithoutInnerDigitsAreThoseOfAllRails) {
  Fabric fabric = fabrics::mesh_and_clos({3, 2, 4}, true);
  std::get<Clos>(fabric.networks[1]).tiers = {{"l0", 1}};
  const Wiring wiring{fabric};
  const Shares all = shares(wiring, {.switches = {{.network = "clos", .at = at({2})}}});
  Shares each;
  for (int rail = 0; rail < 4; ++rail)
    each.merge(shares(wiring, {.switches = {{.network = "clos", .at = at({2, absent, rail})}}}));
  EXPECT_EQ(all, each);
  EXPECT_EQ(all.size(), 4U * 2 * (2 + 1));  // each rail: up and down, two NPUs below and the top above
}

TEST(PlaneFaults, AreTheSameAsTheirSwitchesEverywhere) {
  for_fabrics([](const Wiring& wiring, const Graph& whole) {
    for (std::size_t n = 0; n < wiring.fabric().networks.size(); ++n) {
      const auto* clos = std::get_if<Clos>(&wiring.fabric().networks[n]);
      if (!clos || clos->planes == 1) continue;
      HardwareFaults faults;
      for (const Graph::Node& node : whole.nodes)
        if (wiring.node_families()[index(node.key.family)].network == static_cast<int>(n))
          faults.switches.push_back({.network = clos->name, .at = node.key.at, .planes = {0}});
      const Shares found = shares(wiring, faults);
      const std::vector<PlaneFault> plane{{.network = clos->name}};
      const Wiring left{without(wiring.fabric(), plane)};
      for (const Graph::Link& link : whole.links) {
        const BytesPerSecond before = wiring.link_families()[index(link.key.family)].bandwidth;
        const BytesPerSecond after = left.link_families()[index(link.key.family)].bandwidth;
        ASSERT_NEAR(after / before, found.contains(link.key) ? found.at(link.key) : 1, rounding);
      }
      for (int level = 0; level < wiring.levels(); ++level)
        ASSERT_EQ(left.symmetry(level), wiring.symmetry(level));
    }
  });
}

struct Mistake {
  HardwareFaults faults;
  std::string key, message;
};

TEST(Faults, ThatCannotBeAreFlawsThatSayWhy) {
  const Wiring wiring{fabrics::mesh_and_clos({3, 4})};
  const std::vector<Mistake> mistakes{
      {{.cables = {{.network = "nvlink", .from = at({0, 0})}}},
       "cables.0.network",
       "no network is called 'nvlink'"},
      {{.cables = {{.network = "mesh"}}}, "cables.0", "a cable has two ends"},
      {{.cables = {{.network = "mesh", .from = at({0, 0}), .to = at({0, 4})}}},
       "cables.0.to",
       "there is no l1 4"},
      {{.cables = {{.network = "mesh", .from = at({0, 0}), .to = at({1, 0})}}},
       "cables.0.to",
       "'mesh' has no link from l0 0, l1 0 to l0 1, l1 0"},
      {{.cables = {{.network = "mesh", .from = at({0, 0})}}}, "cables.0.from", "'mesh' has no link up"},
      {{.cables = {{.network = "clos", .from = at({0, 0}), .share = 1.5}}},
       "cables.0.share",
       "between 0 and 1"},
      {{.cables = {{.network = "clos", .from = at({0, 0}), .cables = 2}}}, "cables.0.cables", "not 2 cables"},
      {{.switches = {{.network = "clos", .at = at({0})}}},
       "switches.0.at",
       "'clos' has no switch of its own at l0 0"},
      {{.switches = {{.network = "clos", .at = nowhere, .planes = {1}}}}, "switches.0.planes", "no plane 1"},
      {{.switches = {{.network = "mesh", .at = at({0}), .planes = {0}}}},
       "switches.0.planes",
       "'mesh' has no planes"}};
  for (const Mistake& mistake : mistakes) {
    const auto found = flaws(wiring, mistake.faults);
    ASSERT_EQ(found.size(), 1U) << mistake.message;
    EXPECT_EQ(found.front().key, mistake.key);
    EXPECT_THAT(found.front().message, HasSubstr(mistake.message));
    EXPECT_FALSE(found.front().help.empty());
    EXPECT_THROW((void)degraded(wiring, mistake.faults), std::invalid_argument);
  }
}

TEST(PlaneFaults, ThatLeaveNoPlaneAreAFlaw) {
  const Fabric fabric = fabrics::clos({3, 4});  // two planes
  const PlaneFault one{.network = "clos"};
  EXPECT_TRUE(flaws(fabric, std::vector{one}).empty());
  EXPECT_EQ(flaws(fabric, std::vector{one, one}).front().key, "planes.1.planes");
  EXPECT_THROW((void)without(fabric, std::vector{one, one}), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::topology
