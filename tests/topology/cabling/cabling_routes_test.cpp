#include "topology/cabling/cabling_routes.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "sim/values/index.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::topology {
namespace {

using namespace unit;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

void add_cable(Cabling& cabling, int a, int b, Seconds latency = 1 * us) {
  cabling.links.push_back({a, b, 1 * GB / s, latency});
  cabling.links.push_back({b, a, 1 * GB / s, latency});
}

/// `npus` NPUs, then switches.
Cabling nodes(int npus, int switches) {
  Cabling cabling;
  for (int n = 0; n < npus + switches; ++n) cabling.nodes.push_back({"n" + std::to_string(n), n < npus});
  return cabling;
}

/// Two leaves with an NPU each, joined by `spines` spines.
Cabling two_leaves(int spines) {
  Cabling cabling = nodes(2, 2 + spines);
  add_cable(cabling, 0, 2);
  add_cable(cabling, 1, 3);
  for (int spine = 0; spine < spines; ++spine) {
    add_cable(cabling, 2, 4 + spine, (1 + spine) * us);
    add_cable(cabling, 3, 4 + spine);
  }
  return cabling;
}

TEST(CablingRoutes, SpreadOverAllShortestWays) {
  const Cabling cabling = two_leaves(4);
  CablingRoutes routes{cabling};
  const CablePath path = routes.path(0, 1);
  EXPECT_EQ(path.links, 4);
  EXPECT_EQ(path.hops.size(), 2U + 2 * 4);
  EXPECT_EQ(path.latency, (1 + 4 + 1 + 1) * us);  // of the slowest way
  for (const auto& hop : path.hops) {
    const bool at_an_npu = cabling.links[index(hop.link)].from == 0 || cabling.links[index(hop.link)].to == 1;
    EXPECT_DOUBLE_EQ(hop.share, at_an_npu ? 1 : 0.25);
  }
}

TEST(CablingRoutes, ParallelCablesAreWaysOfTheirOwn) {
  Cabling cabling = nodes(2, 1);
  for (int i = 0; i < 3; ++i) add_cable(cabling, 0, 2);
  add_cable(cabling, 1, 2);
  CablingRoutes routes{cabling};
  EXPECT_EQ(routes.path(0, 1).hops.size(), 4U);
  EXPECT_DOUBLE_EQ(routes.path(0, 1).hops.back().share, 1.0 / 3);
}

TEST(CablingRoutes, NpusPassOnOnlyWhereNoSwitchesJoin) {
  Cabling cabling = nodes(3, 3);  // 0 - 1 - 2 in a row, and a longer way from 0 to 2 over three switches
  add_cable(cabling, 0, 1);
  add_cable(cabling, 1, 2);
  CablingRoutes row{cabling};
  EXPECT_EQ(row.path(0, 2).links, 2);
  add_cable(cabling, 0, 3);
  add_cable(cabling, 3, 4);
  add_cable(cabling, 4, 5);
  add_cable(cabling, 5, 2);
  CablingRoutes routes{cabling};
  EXPECT_EQ(routes.path(0, 2).links, 4);
  EXPECT_EQ(routes.path(0, 1).links, 1);
}

TEST(CablingRoutes, NameTheNpusThatNothingJoins) {
  Cabling cabling = nodes(3, 0);
  add_cable(cabling, 0, 1);
  CablingRoutes routes{cabling};
  EXPECT_THAT([&] { static_cast<void>(routes.path(0, 2)); },
              ThrowsMessage<Unreachable>(AllOf(HasSubstr("'n0'"), HasSubstr("'n2'"))));
}

TEST(CablingRoutes, EndWhatTheyBegin) {
  // Kirchhoff: what enters a node leaves it, but for one unit from the sender to the receiver.
  std::mt19937 random{5};
  for (int round = 0; round < 20; ++round) {
    Cabling cabling = nodes(6, 14);
    for (int node = 1; node < 20; ++node) add_cable(cabling, node, static_cast<int>(random() % index(node)));
    for (int i = 0; i < 25; ++i)
      add_cable(cabling, static_cast<int>(random() % 20), static_cast<int>(random() % 20));
    CablingRoutes routes{cabling};
    for (int a = 0; a < 6; ++a)
      for (int b = 0; b < 6; ++b) {
        if (a == b) continue;
        std::map<int, double> out;
        double total = 0;
        const CablePath path = routes.path(a, b);
        for (const auto& hop : path.hops) {
          out[cabling.links[index(hop.link)].from] += hop.share;
          out[cabling.links[index(hop.link)].to] -= hop.share;
          total += hop.share;
        }
        EXPECT_NEAR(total, path.links, 1e-12 * path.links);
        for (const auto& [node, net] : out) EXPECT_NEAR(net, node == a ? 1 : node == b ? -1 : 0, 1e-12);
      }
  }
}

}  // namespace
}  // namespace superpod::topology
