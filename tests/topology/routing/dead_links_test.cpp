/// What routes around dead links must be: whole messages over working links, no longer than needed, alike for
/// what is alike.
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "sim/values/index.hpp"
#include "tests/topology/fabrics.hpp"
#include "tests/topology/folding/random_links.hpp"
#include "tests/topology/images.hpp"
#include "topology/metrics/graph.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::topology {
namespace {

constexpr double rounding = 1e-12;  // relative, of sums of some dozens of shares

using Links = std::set<LinkKey>;

Links some_links(const Wiring& wiring, int most, unsigned seed) {
  std::mt19937 random(seed);
  Links links;
  for (int n = 0; n < most; ++n)
    if (const auto link = random_link(wiring, random)) links.insert(*link);
  return links;
}

std::vector<Degraded> dead(const Links& links) {
  std::vector<Degraded> result;
  for (const LinkKey& link : links) result.push_back({link, 0});
  return result;
}

std::optional<Path> path(const Routes& routes, const Address& from, const Address& to) {
  try {
    return routes.path(from, to);
  } catch (const Unreachable&) {
    return std::nullopt;
  }
}

Address address(const NodeKey& npu) {
  Address result{};
  for (std::size_t level = 0; level < result.size(); ++level) result[level] = std::max(0, npu.at[level]);
  return result;
}

/// A fabric with dead links, as routes see it and as a graph.
struct Broken {
  Broken(const Fabric& fabric, int most, unsigned seed)
      : wiring{fabric},
        links{some_links(wiring, most, seed)},
        routes{wiring, dead(links)},
        whole{graph(wiring)},
        working{whole} {
    std::erase_if(working.links, [&](const Graph::Link& link) { return links.contains(link.key); });
  }
  Broken(const Broken&) = delete;
  Broken& operator=(const Broken&) = delete;

  /// Calls visit(a, b, its path) for pairs of NPUs: all of a small fabric, else for each NPU some others.
  template <class Visit>
  void for_pairs(Visit&& visit) const {
    const std::size_t n = index(whole.npus), step = std::max<std::size_t>(1, n * n / 3000);
    for (std::size_t pair = 0; pair < n * n; pair += step) {
      const std::size_t a = pair / n, b = pair % n;
      visit(a, b, path(routes, address(whole.nodes[a].key), address(whole.nodes[b].key)));
    }
  }

  [[nodiscard]] std::vector<std::vector<int>> hops() const {
    std::vector<int> all(index(whole.npus));
    std::iota(all.begin(), all.end(), 0);
    return hops_from(working, all);
  }

  Wiring wiring;
  Links links;
  Routes routes;
  Graph whole, working;
};

/// Calls visit(broken fabric) for fabrics of all kinds, each with some dead links.
template <class Visit>
void for_broken_fabrics(int cases, Visit&& visit) {
  for (unsigned seed = 0; seed < static_cast<unsigned>(cases); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    visit(Broken{fabrics::RandomFabrics{seed}(), 1 + static_cast<int>(seed % 12), seed});
    if (::testing::Test::HasFatalFailure()) return;
  }
}

std::vector<Fabric> meshes() {
  return {fabrics::full_mesh({5}),   fabrics::full_mesh({3, 4}),  fabrics::full_mesh({3, 2, 3}),
          fabrics::torus({6}),       fabrics::torus({2, 5}),      fabrics::torus({4, 4}),
          fabrics::torus({3, 2, 4}), fabrics::dragonfly(4, 3, 1), fabrics::dragonfly(9, 4, 1)};
}

double links_of_each_way(const Path& path) {
  double sum = 0;
  for (const auto& hop : path.hops) sum += hop.share;
  return sum;
}

TEST(DeadLinks, AreCrossedByNobody) {
  int around = 0;
  for_broken_fabrics(150, [&](const Broken& broken) {
    broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
      if (!path) return;
      Links seen;
      for (const auto& hop : path->hops) {
        ASSERT_FALSE(broken.links.contains(hop.link));
        ASSERT_TRUE(seen.insert(hop.link).second);
      }
      for (const LinkKey& link :
           broken.wiring.route(address(broken.whole.nodes[a].key), address(broken.whole.nodes[b].key)))
        around += broken.links.contains(link) ? 1 : 0;
    });
  });
  EXPECT_GT(around, 1000);
}

TEST(DeadLinks, ElsewhereLeaveARouteAsItIs) {
  for_broken_fabrics(60, [](const Broken& broken) {
    broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
      const auto route =
          broken.wiring.route(address(broken.whole.nodes[a].key), address(broken.whole.nodes[b].key));
      if (std::ranges::any_of(route, [&](const LinkKey& link) { return broken.links.contains(link); }))
        return;
      ASSERT_TRUE(path);
      ASSERT_EQ(path->hops.size(), route.size());
      for (std::size_t i = 0; i < route.size(); ++i) {
        ASSERT_EQ(path->hops[i].link, route[i]);
        ASSERT_EQ(path->hops[i].share, 1);
      }
      ASSERT_EQ(path->latency, broken.wiring.latency(route));
    });
  });
}

/// What comes in goes out, at every node but the ends; and no byte goes in a circle: a way is a chain of
/// nodes that come later and later in some order.
TEST(DeadLinks, LeaveMessagesWhole) {
  for_broken_fabrics(150, [](const Broken& broken) {
    broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
      if (!path) return;
      std::map<NodeKey, double> surplus{{broken.whole.nodes[a].key, 1}};
      surplus[broken.whole.nodes[b].key] -= 1;
      std::map<NodeKey, std::vector<NodeKey>> next;
      std::map<NodeKey, int> links_in;
      for (const auto& hop : path->hops) {
        const auto [from, to] = broken.wiring.ends(hop.link);
        ASSERT_GT(hop.share, 0);
        ASSERT_LE(hop.share, 1 + rounding);
        surplus[from] -= hop.share;
        surplus[to] += hop.share;
        next[from].push_back(to);
        ++links_in[to];
      }
      for (const auto& [node, bytes] : surplus) ASSERT_NEAR(bytes, 0, rounding);

      std::size_t passed = 0;
      std::vector<NodeKey> ready{broken.whole.nodes[a].key};
      for (; !ready.empty(); ++passed) {
        const NodeKey node = ready.back();
        ready.pop_back();
        for (const NodeKey& to : next[node])
          if (--links_in[to] == 0) ready.push_back(to);
      }
      ASSERT_EQ(passed, links_in.size() + 1);
    });
  });
}

TEST(DeadLinks, MakeEachWayEquallyLongAndNoShorterThanTheShortest) {
  for_broken_fabrics(100, [](const Broken& broken) {
    const auto hops = broken.hops();
    broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
      if (!path) return;
      const double links = links_of_each_way(*path);
      ASSERT_NEAR(links, std::round(links), rounding * links);
      ASSERT_GE(links, hops[a][b] - rounding);
    });
  });
}

TEST(DeadLinks, OfAMeshAreGoneAroundOnTheShortestWaysIfThereAreAny) {
  int cut = 0;
  for (const Fabric& fabric : meshes())
    for (unsigned seed = 0; seed < 12; ++seed) {
      const Broken broken{fabric, static_cast<int>(5 + 4 * seed), seed};
      const auto hops = broken.hops();
      broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
        ASSERT_EQ(path.has_value(), hops[a][b] != absent);
        cut += path ? 0 : 1;
        const auto route =
            broken.wiring.route(address(broken.whole.nodes[a].key), address(broken.whole.nodes[b].key));
        if (path && std::ranges::any_of(route, [&](auto& link) { return broken.links.contains(link); })) {
          ASSERT_NEAR(links_of_each_way(*path), hops[a][b], rounding * hops[a][b]);
        }
      });
    }
  EXPECT_GT(cut, 50);
}

/// All ways from one node to another with so many links, one by one.
void list_ways(const Graph& graph, int from, int to, int links, std::vector<LinkKey>& here,
               const std::function<void(const std::vector<LinkKey>&)>& visit) {
  if (links == 0) {
    if (from == to) visit(here);
    return;
  }
  for (const Graph::Link& link : graph.links)
    if (link.from == from) {
      here.push_back(link.key);
      list_ways(graph, link.to, to, links - 1, here, visit);
      here.pop_back();
    }
}

TEST(DeadLinks, OfAMeshSpreadMessagesEvenlyOverAllShortestWays) {
  int around = 0;
  for (const Fabric& fabric : {fabrics::full_mesh({5}), fabrics::full_mesh({3, 3}), fabrics::torus({3, 4}),
                               fabrics::torus({2, 5}), fabrics::dragonfly(4, 3, 1)})
    for (unsigned seed = 0; seed < 4; ++seed) {
      const Broken broken{fabric, 4, seed};
      const auto hops = broken.hops();
      broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
        const auto route =
            broken.wiring.route(address(broken.whole.nodes[a].key), address(broken.whole.nodes[b].key));
        if (!path || std::ranges::none_of(route, [&](auto& link) { return broken.links.contains(link); }))
          return;
        std::map<LinkKey, double> through;
        double ways = 0;
        std::vector<LinkKey> here;
        list_ways(broken.working, static_cast<int>(a), static_cast<int>(b), hops[a][b], here,
                  [&](const std::vector<LinkKey>& way) {
                    ++ways;
                    for (const LinkKey& link : way) ++through[link];
                  });
        around += ways > 1 ? 1 : 0;
        ASSERT_EQ(path->hops.size(), through.size());
        for (const auto& hop : path->hops) ASSERT_NEAR(hop.share, through[hop.link] / ways, rounding);
      });
    }
  EXPECT_GT(around, 20);
}

TEST(DeadLinks, CostTheLatencyOfTheLinksOfEachWay) {
  for (const Fabric& fabric : meshes()) {
    const Broken broken{fabric, 6, 3};
    const Seconds hop = broken.wiring.link_families().front().latency;
    broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
      if (!path || a == b) return;
      const double expected = (fabric.endpoint_latency.value + links_of_each_way(*path) * hop).in(unit::s);
      ASSERT_NEAR(path->latency.in(unit::s), expected, rounding * expected);
    });
  }
}

TEST(DeadLinks, OfAPlainClosAreInTheWayOfEverythingBelowThem) {
  for (const Fabric& fabric : {fabrics::one_switch(6), fabrics::clos({3, 4}), fabrics::clos({2, 3, 3}, 2)})
    for (unsigned seed = 0; seed < 5; ++seed) {
      const Broken broken{fabric, 2, seed};
      broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& path) {
        const auto route =
            broken.wiring.route(address(broken.whole.nodes[a].key), address(broken.whole.nodes[b].key));
        ASSERT_NE(path.has_value(),
                  std::ranges::any_of(route, [&](auto& link) { return broken.links.contains(link); }));
      });
    }
}

LinkKey uplink(const Wiring& wiring, const Address& npu) {
  for (int f = 0; f < static_cast<int>(wiring.link_families().size()); ++f) {
    const LinkFamily& family = wiring.link_families()[index(f)];
    if (family.kind != LinkFamily::Kind::up || family.from != 0) continue;
    LinkKey link{f, npu, absent};
    for (int level = 0; level < max_levels; ++level)
      if (level >= wiring.levels()) link.at[index(level)] = absent;
    return link;
  }
  throw std::logic_error{"no NPU has a link to a switch"};
}

TEST(DeadLinks, OfARailSpreadItsMessagesOverTheOtherRails) {
  const Wiring wiring{fabrics::mesh_and_clos({3, 4}, true)};
  const std::vector<Degraded> links{{uplink(wiring, {0, 0}), 0}};
  const Routes routes{wiring, links};
  const Path path = routes.path({0, 0}, {1, 0});
  EXPECT_EQ(path.hops.size(), 12U);  // over each of three rails: mesh, up, down, mesh
  for (const auto& hop : path.hops) EXPECT_NEAR(hop.share, 1.0 / 3, rounding);
  // 1 us of the endpoints, two links of the mesh at 200 ns, two of the rail at 400 ns
  EXPECT_NEAR(path.latency.in(unit::ns), 2200, 2200 * rounding);
  EXPECT_EQ(routes.path({1, 0}, {0, 0}).hops.size(), 2U);  // down it works
}

TEST(DeadLinks, OfARailAreAvoidedOnTheSendersOwnRailWhereThatIsShorter) {
  const Wiring wiring{fabrics::mesh_and_clos({3, 4}, true)};
  const std::vector<Degraded> links{{uplink(wiring, {0, 0}), 0}};
  const Path path = Routes{wiring, links}.path({0, 2}, {1, 0});
  ASSERT_EQ(path.hops.size(), 3U);  // up and down rail 2, then the mesh of the goal's board
  EXPECT_EQ(path.hops[0].link, uplink(wiring, {0, 2}));
}

TEST(DeadLinks, OfRailsCutOffAnNpuOnlyIfNoRailLeadsToIt) {
  int cut = 0;
  for (const Fabric& fabric : {fabrics::mesh_and_clos({3, 3}, true), fabrics::mesh_and_clos({2, 3, 3}, true)})
    for (unsigned seed = 0; seed < 20; ++seed) {
      const Broken broken{fabric, 4 + 2 * static_cast<int>(seed), seed};
      const std::size_t inner = fabric.levels.size() - 1;
      const auto works = [&](const Address& from, const Address& to) {
        const auto route = broken.wiring.crossing(1, from, to);
        return std::ranges::none_of(route, [&](auto& link) { return broken.links.contains(link); });
      };
      broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& found) {
        const Address from = address(broken.whole.nodes[a].key), to = address(broken.whole.nodes[b].key);
        if (std::ranges::equal(from.begin(), from.begin() + static_cast<int>(inner), to.begin(),
                               to.begin() + static_cast<int>(inner)))
          return;
        bool some = false;
        for (int rail = 0; rail < fabric.levels.back().count; ++rail) {
          Address enter = from, leave = to;
          enter[inner] = leave[inner] = rail;
          some = some ||
                 (works(enter, leave) && path(broken.routes, from, enter) && path(broken.routes, leave, to));
        }
        ASSERT_EQ(found.has_value(), some);
        cut += some ? 0 : 1;
      });
    }
  EXPECT_GT(cut, 20);
}

TEST(DeadLinks, OfAllRailsAreAnErrorThatSaysWhich) {
  const Wiring wiring{fabrics::mesh_and_clos({3, 2}, true)};
  const std::vector<Degraded> links{{uplink(wiring, {0, 0}), 0}, {uplink(wiring, {0, 1}), 0}};
  const Routes routes{wiring, links};
  try {
    (void)routes.path({0, 1}, {2, 0});
    FAIL();
  } catch (const Unreachable& error) {
    EXPECT_STREQ(
        error.what(),
        "no way is left from NPU (l0 0, l1 1) to NPU (l0 2, l1 0): the link 'clos up' from NPU (l0 0, l1 "
        "0) to clos switch (l1 0) is dead, and no way leads around it");
  }
}

Links images_of(const Links& links, const Image& image) {
  Links result;
  for (const LinkKey& link : links) result.insert(image(link));
  return result;
}

/// This is what makes folding with dead links exact.
TEST(DeadLinks, HaveImagesWhoseRoutesAreTheImagesOfTheirRoutes) {
  for_broken_fabrics(50, [](const Broken& broken) {
    for (const Image& image : images(broken.wiring)) {
      const Routes moved{broken.wiring, dead(images_of(broken.links, image))};
      broken.for_pairs([&](std::size_t a, std::size_t b, const std::optional<Path>& here) {
        const auto there =
            path(moved, image(address(broken.whole.nodes[a].key)), image(address(broken.whole.nodes[b].key)));
        ASSERT_EQ(there.has_value(), here.has_value());
        if (!here) return;
        ASSERT_NEAR(there->latency.in(unit::s), here->latency.in(unit::s),
                    rounding * here->latency.in(unit::s));
        ASSERT_EQ(there->hops.size(), here->hops.size());
        std::map<LinkKey, double> shares;
        for (const auto& hop : there->hops) shares[hop.link] = hop.share;
        for (const auto& hop : here->hops) ASSERT_NEAR(shares[image(hop.link)], hop.share, rounding);
      });
    }
  });
}

/// A link that is listed twice has lost twice.
TEST(DegradedLinks, ListedTwiceMultiply) {
  const Wiring wiring{fabrics::one_switch(4)};
  const std::vector<Degraded> links{{uplink(wiring, {1}), 0.5}, {uplink(wiring, {1}), 0.5}};
  EXPECT_EQ(Routes(wiring, links).degraded().at(uplink(wiring, {1})), 0.25);
}

}  // namespace
}  // namespace superpod::topology
