#include "tests/topology/folding/refinement.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>

#include "sim/values/index.hpp"
#include "tests/topology/fabrics.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::topology {
namespace {

/// Who sends to whom, as positions in Graph::nodes.
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Pairs all_to_all(const Graph& whole) {
  Pairs pairs;
  for (std::size_t a = 0; a < index(whole.npus); ++a)
    for (std::size_t b = 0; b < index(whole.npus); ++b)
      if (a != b) pairs.emplace_back(a, b);
  return pairs;
}

Address address(const Graph& whole, std::size_t npu) {
  Address result{};
  for (std::size_t level = 0; level < result.size(); ++level)
    result[level] = std::max(0, whole.nodes[npu].key.at[level]);
  return result;
}

/// Every link of the fabric, and a route for each pair.
Platform platform(const Wiring& wiring, const Graph& whole, const Pairs& pairs) {
  Platform result;
  std::map<LinkKey, LinkId> id;
  for (const Graph::Link& link : whole.links) {
    id[link.key] = static_cast<LinkId>(result.links.size());
    result.links.push_back({.name = wiring.link_families()[index(link.key.family)].name,
                            .count = 1,
                            .bandwidth = link.bandwidth});
  }
  for (const auto& [a, b] : pairs) {
    Platform::Route& route = result.routes.emplace_back();
    const auto links = wiring.route(address(whole, a), address(whole, b));
    route.latency = wiring.latency(links);
    for (const LinkKey& link : links) route.hops.push_back({id.at(link), 1});
  }
  return result;
}

Platform all_to_all(const Fabric& fabric) {
  const Wiring wiring(fabric);
  const Graph whole = graph(wiring);
  return platform(wiring, whole, all_to_all(whole));
}

/// Max-min fair rates by progressive filling: the narrowest link fixes its flows, then the next.
std::vector<double> fair_rates(const Platform& p) {
  std::vector<double> rate(p.routes.size(), -1), left;
  for (const auto& link : p.links) left.push_back(link.count * (link.bandwidth / fabrics::GBps));
  for (;;) {
    std::vector<double> load(p.links.size(), 0);
    for (std::size_t r = 0; r < rate.size(); ++r)
      if (rate[r] < 0)
        for (const auto& hop : p.routes[r].hops) load[index(hop.link)] += hop.times * p.routes[r].flows;
    double least = 1e300;
    for (std::size_t l = 0; l < load.size(); ++l)
      if (load[l] > 0) least = std::min(least, left[l] / load[l]);
    if (least == 1e300) return rate;
    std::vector<std::size_t> settled;
    for (std::size_t r = 0; r < rate.size(); ++r)
      if (rate[r] < 0 && std::ranges::any_of(p.routes[r].hops, [&](const auto& hop) {
            return left[index(hop.link)] / load[index(hop.link)] <= least * (1 + 1e-9);
          }))
        settled.push_back(r);
    for (const std::size_t r : settled) {
      rate[r] = least;
      for (const auto& hop : p.routes[r].hops) left[index(hop.link)] -= hop.times * p.routes[r].flows * least;
    }
  }
}

/// Halves the bandwidth of one link that is used.
Platform degraded(Platform p, std::size_t route) {
  auto& link = p.links[index(p.routes[route].hops.front().link)];
  link.bandwidth = link.bandwidth / 2;
  return p;
}

std::vector<Platform> platforms(unsigned seed) {
  std::vector<Platform> result;
  fabrics::RandomFabrics random(seed);
  std::mt19937 pick(seed);
  while (result.size() < 40) {
    const Fabric fabric = random();
    if (npus(fabric) > 40 || npus(fabric) < 3) continue;
    result.push_back(all_to_all(fabric));
    result.push_back(degraded(result.back(), pick() % result.back().routes.size()));
  }
  return result;
}

TEST(Refinement, FindsOneClassInAllToAllOverAMesh) {
  const Classes classes = refine(all_to_all(fabrics::full_mesh({8})));
  EXPECT_EQ(classes.routes, 1);
  EXPECT_EQ(classes.links, 1);
}

TEST(Refinement, FindsTheDistancesAroundARing) {
  // Forward 1, 2, 3 and 4 (the tie goes forward), back 1, 2, 3: links of both directions differ by their
  // load.
  const Classes classes = refine(all_to_all(fabrics::torus({8})));
  EXPECT_EQ(classes.routes, 7);
  EXPECT_EQ(classes.links, 2);
}

TEST(Refinement, FindsOneClassInAShiftAroundARing) {
  const Wiring wiring(fabrics::torus({9}));
  const Graph whole = graph(wiring);
  Pairs shift;
  for (std::size_t npu = 0; npu < 9; ++npu) shift.emplace_back(npu, (npu + 2) % 9);
  const Classes classes = refine(platform(wiring, whole, shift));
  EXPECT_EQ(classes.routes, 1);
  EXPECT_EQ(classes.links, 2);  // those in use and those against the direction
}

TEST(Refinement, SinglesOutTheFlowOnADegradedLinkOfAMesh) {
  const Classes classes = refine(degraded(all_to_all(fabrics::full_mesh({6})), 17));
  EXPECT_EQ(classes.routes, 2);  // each flow has a link to itself, so no other flow can tell
  EXPECT_EQ(std::ranges::count(classes.of_route, classes.of_route[17]), 1);
}

TEST(Refinement, TellsTheDistanceToADegradedLinkOfARing) {
  // A shift by two over six NPUs: flow i crosses links i and i + 1. Link 0 is slow, so flows 5 and 0 are,
  // then the links 5 and 1 beside it, and so on: a mirror image remains.
  const Wiring wiring(fabrics::torus({6}));
  const Graph whole = graph(wiring);
  Pairs shift;
  for (std::size_t npu = 0; npu < 6; ++npu) shift.emplace_back(npu, (npu + 2) % 6);
  const Classes classes = refine(degraded(platform(wiring, whole, shift), 0));
  EXPECT_THAT(classes.of_route, testing::ElementsAre(0, 1, 2, 2, 1, 0));
}

TEST(Refinement, TellsSizesApartFromTheStart) {
  const Platform mesh = all_to_all(fabrics::full_mesh({4}));
  Colours sizes;
  sizes.of_route.assign(mesh.routes.size(), 0);
  sizes.of_route[3] = 1;
  EXPECT_EQ(refine(mesh, sizes).routes, 2);
  EXPECT_EQ(refine(mesh, sizes).links, 2);
}

TEST(Refinement, IsEquitable) {
  for (const Platform& p : platforms(21)) {
    const Classes classes = refine(p);
    std::vector<std::map<int, double>> of_link(p.links.size()), of_route(p.routes.size());
    for (std::size_t r = 0; r < p.routes.size(); ++r)
      for (const auto& hop : p.routes[r].hops) {
        of_link[index(hop.link)][classes.of_route[r]] += hop.times;
        of_route[r][classes.of_link[index(hop.link)]] += hop.times;
      }
    std::map<int, std::size_t> first;
    for (std::size_t l = 0; l < of_link.size(); ++l)
      EXPECT_EQ(of_link[l], of_link[first.try_emplace(classes.of_link[l], l).first->second]);
    first.clear();
    for (std::size_t r = 0; r < of_route.size(); ++r)
      EXPECT_EQ(of_route[r], of_route[first.try_emplace(classes.of_route[r], r).first->second]);
  }
}

TEST(Refinement, PutsOnlyFlowsOfEqualFairRatesIntoOneClass) {
  for (const Platform& p : platforms(22)) {
    const Classes classes = refine(p);
    const std::vector<double> rates = fair_rates(p);
    std::map<int, double> of_class;
    for (std::size_t r = 0; r < rates.size(); ++r) {
      const double expected = of_class.try_emplace(classes.of_route[r], rates[r]).first->second;
      EXPECT_NEAR(rates[r], expected, 1e-9 * expected);
    }
  }
}

TEST(Refinement, OfTheClassesGivesTheRatesOfTheFlows) {
  for (const Platform& p : platforms(23)) {
    const Classes classes = refine(p);
    Platform folded;
    folded.links.resize(index(classes.links));
    folded.routes.resize(index(classes.routes));
    for (auto& link : folded.links) link.count = 0;
    for (auto& route : folded.routes) route.flows = 0;
    for (std::size_t l = 0; l < p.links.size(); ++l) {
      auto& link = folded.links[index(classes.of_link[l])];
      link.count += 1;
      link.bandwidth = p.links[l].bandwidth;
    }
    for (std::size_t r = 0; r < p.routes.size(); ++r) {
      auto& route = folded.routes[index(classes.of_route[r])];
      route.flows += 1;
      if (!route.hops.empty()) continue;
      for (const auto& hop : p.routes[r].hops)
        route.hops.push_back({classes.of_link[index(hop.link)], hop.times});
    }
    const std::vector<double> full = fair_rates(p), few = fair_rates(folded);
    for (std::size_t r = 0; r < full.size(); ++r)
      EXPECT_NEAR(few[index(classes.of_route[r])], full[r], 1e-9 * full[r]);
  }
}

TEST(Refinement, IsNeverFinerThanTheOrbitsOfTheWiring) {
  fabrics::RandomFabrics random(24);
  for (int i = 0; i < 25; ++i) {
    const Wiring wiring(random());
    if (npus(wiring.fabric()) > 60) continue;
    const Graph whole = graph(wiring);
    const Pairs pairs = all_to_all(whole);
    const Classes classes = refine(platform(wiring, whole, pairs));
    std::map<std::pair<Address, Address>, int> class_of;
    for (std::size_t r = 0; r < pairs.size(); ++r)
      class_of[{address(whole, pairs[r].first), address(whole, pairs[r].second)}] = classes.of_route[r];
    for (std::size_t level = 0; level < index(wiring.levels()); ++level) {
      if (wiring.symmetry(static_cast<int>(level)) == Wiring::Symmetry::none) continue;
      for (const auto& [pair, found] : class_of) {
        auto [a, b] = pair;
        a[level] = (a[level] + 1) % wiring.count(static_cast<int>(level));
        b[level] = (b[level] + 1) % wiring.count(static_cast<int>(level));
        EXPECT_EQ(class_of.at({a, b}), found);
      }
    }
  }
}

TEST(Refinement, OfThousandsOfFlowsIsQuick) {
  const Platform p =
      degraded(all_to_all(fabrics::torus({12, 12})), 5);  // 20,592 routes of 6 hops, nearly all different
  EXPECT_GT(refine(p).routes, 5000);
}

TEST(Refinement, OfNothingIsNothing) {
  EXPECT_EQ(refine({}).routes, 0);
  EXPECT_EQ(refine({}).links, 0);
}

}  // namespace
}  // namespace superpod::topology
