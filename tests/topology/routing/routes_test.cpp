/// What each route of each fabric must be: a chain of links that exist, as short as the rule allows, and
/// alike for NPUs that are alike.
#include <gmock/gmock.h>

#include <numeric>
#include <random>
#include <set>

#include "sim/values/index.hpp"
#include "tests/topology/fabrics.hpp"
#include "tests/topology/images.hpp"
#include "topology/fabric/wiring.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::topology {
namespace {

using Route = std::vector<LinkKey>;

std::vector<Fabric> single_networks() {
  return {fabrics::full_mesh({7}),     fabrics::full_mesh({4, 3, 2}), fabrics::torus({2}),
          fabrics::torus({3}),         fabrics::torus({8}),           fabrics::torus({4, 5}),
          fabrics::torus({3, 4, 4}),   fabrics::one_switch(8),        fabrics::clos({4, 4}),
          fabrics::clos({3, 3, 3}, 2), fabrics::clos({2, 2, 2, 3})};
}

std::vector<Fabric> nested_networks(unsigned seed) {
  std::vector<Fabric> result{fabrics::switched_mesh({5}, 4), fabrics::switched_mesh({3, 4}, 3),
                             fabrics::mesh_and_clos({4, 8}), fabrics::mesh_and_clos({4, 8}, true),
                             fabrics::mesh_and_clos({2, 3, 4}, true)};
  fabrics::RandomFabrics random(seed);
  for (int i = 0; i < 60; ++i) result.push_back(random());
  return result;
}

std::vector<Fabric> all_fabrics(unsigned seed) {
  std::vector<Fabric> result = single_networks();
  for (const auto& more :
       {std::vector{fabrics::dragonfly(9, 4, 2), fabrics::dragonfly(4, 3, 2), fabrics::dragonfly(2, 1, 3)},
        nested_networks(seed)})
    result.insert(result.end(), more.begin(), more.end());
  return result;
}

Address address(const Graph::Node& node) {
  Address result{};
  for (std::size_t level = 0; level < result.size(); ++level) result[level] = std::max(0, node.key.at[level]);
  return result;
}

/// Calls visit(a, b) for all pairs of NPUs, or for `most` random ones.
template <class Visit>
void for_pairs(const Graph& whole, std::size_t most, Visit&& visit) {
  const std::size_t n = index(whole.npus);
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> any(0, n - 1);
  if (n * n <= most)
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b) visit(a, b);
  else
    for (std::size_t i = 0; i < most; ++i) visit(any(random), any(random));
}

TEST(Routes, AreChainsOfLinksThatExist) {
  for (const Fabric& fabric : all_fabrics(11)) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    std::set<LinkKey> links;
    for (const Graph::Link& link : whole.links) links.insert(link.key);
    for_pairs(whole, 4000, [&](std::size_t a, std::size_t b) {
      NodeKey here = whole.nodes[a].key;
      for (const LinkKey& hop : wiring.route(address(whole.nodes[a]), address(whole.nodes[b]))) {
        ASSERT_TRUE(links.contains(hop));
        const auto [from, to] = wiring.ends(hop);
        ASSERT_EQ(from, here);
        here = to;
      }
      ASSERT_EQ(here, whole.nodes[b].key);
    });
  }
}

TEST(Routes, CrossNoNodeTwice) {
  for (const Fabric& fabric : all_fabrics(12)) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    for_pairs(whole, 2000, [&](std::size_t a, std::size_t b) {
      std::set<NodeKey> seen{whole.nodes[a].key};
      for (const LinkKey& hop : wiring.route(address(whole.nodes[a]), address(whole.nodes[b])))
        ASSERT_TRUE(seen.insert(wiring.ends(hop).second).second);
    });
  }
}

TEST(Routes, OfASingleNetworkAreShortest) {
  for (const Fabric& fabric : single_networks()) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    std::vector<int> all(index(whole.npus));
    std::iota(all.begin(), all.end(), 0);
    const auto hops = hops_from(whole, all);
    for_pairs(whole, 10000, [&](std::size_t a, std::size_t b) {
      ASSERT_EQ(static_cast<int>(wiring.route(address(whole.nodes[a]), address(whole.nodes[b])).size()),
                hops[a][b]);
    });
  }
}

/// Minimal routes of a dragonfly take the one link between two groups. Two global links through a third group
/// may be one hop shorter than local, global, local.
TEST(Routes, OfADragonflyTakeOneGlobalLinkAndAtMostOneHopMoreThanTheShortestPath) {
  for (const Fabric& fabric :
       {fabrics::dragonfly(9, 4, 2), fabrics::dragonfly(4, 3, 1), fabrics::dragonfly(7, 2, 2)}) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    std::vector<int> all(index(whole.npus));
    std::iota(all.begin(), all.end(), 0);
    const auto hops = hops_from(whole, all);
    for_pairs(whole, 10000, [&](std::size_t a, std::size_t b) {
      const Route route = wiring.route(address(whole.nodes[a]), address(whole.nodes[b]));
      const auto global = std::ranges::count_if(route, [&](const LinkKey& hop) {
        return wiring.link_families()[index(hop.family)].kind == LinkFamily::Kind::global;
      });
      ASSERT_EQ(global, whole.nodes[a].key.at[0] == whole.nodes[b].key.at[0] ? 0 : 1);
      ASSERT_LE(static_cast<int>(route.size()), hops[a][b] + 1);
      ASSERT_LE(route.size(), 5U);
    });
  }
}

/// Positional networks multiply like a product of graphs, so dimension order is shortest. An addressed
/// network around them can be shorter: two NPUs of a long ring are two hops apart through a switch above it,
/// but stay on the ring.
TEST(Routes, OverNestedPositionalNetworksAreShortest) {
  Fabric fabric = fabrics::mesh_and_clos({3, 4}, true);
  fabric.networks.front() =
      Torus{.name = "ring", .levels = {"l1"}, .bandwidth = 50 * fabrics::GBps, .latency = 200 * unit::ns};
  const Wiring wiring(fabric);
  const Graph whole = graph(wiring);
  std::vector<int> all(index(whole.npus));
  std::iota(all.begin(), all.end(), 0);
  const auto hops = hops_from(whole, all);
  for_pairs(whole, 10000, [&](std::size_t a, std::size_t b) {
    ASSERT_EQ(static_cast<int>(wiring.route(address(whole.nodes[a]), address(whole.nodes[b])).size()),
              hops[a][b]);
  });
}

TEST(Routes, StayInTheInnermostNetworkEvenWhereALargerOneIsShorter) {
  Fabric fabric = fabrics::mesh_and_clos({2, 10});
  fabric.networks.front() =
      Torus{.name = "ring", .levels = {"l1"}, .bandwidth = 50 * fabrics::GBps, .latency = 200 * unit::ns};
  const Wiring wiring(fabric);
  EXPECT_EQ(wiring.route({0, 0}, {0, 5}).size(), 5U);
  EXPECT_EQ(wiring.route({0, 0}, {1, 5}).size(), 2U);
}

TEST(Routes, OfImagesAreImagesOfRoutes) {
  for (const Fabric& fabric : all_fabrics(13)) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    for (const Image& image : images(wiring))
      for_pairs(whole, 600, [&](std::size_t a, std::size_t b) {
        const Address from = address(whole.nodes[a]), to = address(whole.nodes[b]);
        Route expected = wiring.route(from, to);
        for (LinkKey& hop : expected) hop = image(hop);
        ASSERT_EQ(wiring.route(image(from), image(to)), expected) << "level " << image.level;
      });
  }
}

TEST(Routes, EndsOfImagesAreImagesOfEnds) {
  for (const Fabric& fabric : all_fabrics(14)) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    for (const Image& image : images(wiring))
      for (const Graph::Link& link : whole.links) {
        const auto moved = [&](NodeKey node) {
          int& digit = node.at[index(image.level)];
          if (digit != absent) digit = image.to[index(digit)];
          return node;
        };
        const auto [from, to] = wiring.ends(link.key);
        ASSERT_EQ(wiring.ends(image(link.key)), std::pair(moved(from), moved(to)));
      }
  }
}

TEST(Routes, BackHaveTheSameLatency) {
  for (const Fabric& fabric : all_fabrics(15)) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    for_pairs(whole, 1000, [&](std::size_t a, std::size_t b) {
      const Address from = address(whole.nodes[a]), to = address(whole.nodes[b]);
      const double there = wiring.latency(wiring.route(from, to)).in(unit::ns);
      ASSERT_NEAR(wiring.latency(wiring.route(to, from)).in(unit::ns), there, 1e-9 * there);
    });
  }
}

TEST(Routes, ToOneselfAreEmpty) {
  for (const Fabric& fabric : single_networks()) EXPECT_TRUE(Wiring(fabric).route({}, {}).empty());
}

}  // namespace
}  // namespace superpod::topology
