#include "topology/metrics/metrics.hpp"

#include <gmock/gmock.h>

#include "tests/topology/fabrics.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::topology {
namespace {

using fabrics::GBps;
constexpr double exact = 1e-9;  // relative: sums of some hundred capacities, in any order

double cut_at(const Fabric& fabric, int level) {
  for (const Cut& cut : cuts(Wiring(fabric)))
    if (cut.level == level) return cut.bandwidth / GBps;
  return 0;
}

double bisection_of(const Fabric& fabric) { return bisection(Wiring(fabric))->bandwidth / GBps; }

TEST(Bisection, OfAFullMeshIsAQuarterOfTheSquareOfItsSize) {
  for (const int n : {2, 4, 8, 64}) EXPECT_DOUBLE_EQ(bisection_of(fabrics::full_mesh({n})), n * n / 4 * 50.0);
  EXPECT_DOUBLE_EQ(bisection_of(fabrics::full_mesh({5})), 2 * 3 * 50.0);  // odd: 2 against 3
}

TEST(Bisection, OfAnNdMeshIsThatOfOneDimensionTimesTheOtherDimensions) {
  // Halving dimension i cuts n_i^2 / 4 links in each of the N / n_i rows along it.
  const Fabric mesh = fabrics::full_mesh({4, 6, 8});
  EXPECT_DOUBLE_EQ(cut_at(mesh, 0), 4 * 48 * 50.0);
  EXPECT_DOUBLE_EQ(cut_at(mesh, 1), 9 * 32 * 50.0);
  EXPECT_DOUBLE_EQ(cut_at(mesh, 2), 16 * 24 * 50.0);
  EXPECT_DOUBLE_EQ(bisection_of(mesh), 4 * 48 * 50.0);
}

TEST(Bisection, OfARingIsTwoLinks) {
  for (const int n : {2, 3, 4, 9, 1000}) EXPECT_DOUBLE_EQ(bisection_of(fabrics::torus({n})), 2 * 40.0) << n;
}

TEST(Bisection, OfATorusIsTwoLinksForEachRowAlongItsLongestDimension) {
  EXPECT_DOUBLE_EQ(bisection_of(fabrics::torus({8, 8, 8})), 2 * 64 * 40.0);  // 2 k^(d-1)
  EXPECT_DOUBLE_EQ(bisection_of(fabrics::torus({4, 16})), 2 * 4 * 40.0);
}

TEST(Bisection, OfASwitchIsTheInjectionOfHalfItsNpus) {
  EXPECT_DOUBLE_EQ(bisection_of(fabrics::one_switch(72)), 36 * 100.0);
}

TEST(Bisection, OfAClosIsDividedByItsOversubscription) {
  for (const double ratio : {1.0, 2.0, 3.0, 8.0}) {
    const Fabric fabric = fabrics::clos({4, 8}, ratio);
    EXPECT_DOUBLE_EQ(cut_at(fabric, 0), 16 * 100.0 / ratio);  // two of the four leaves
    EXPECT_DOUBLE_EQ(cut_at(fabric, 1), 16 * 100.0);          // within each leaf: nothing climbs
  }
  EXPECT_DOUBLE_EQ(bisection_of(fabrics::clos({4, 4, 4}, 2)), 32 * 100.0 / 4);  // two tiers of 2:1
}

TEST(Bisection, OfADragonflyIsItsGlobalLinksWhenTheyBind) {
  // 9 groups: 4 against 5, one link for each pair.
  EXPECT_NEAR(cut_at(fabrics::dragonfly(9, 4, 2, 100, 10), 0), 4 * 5 * 10.0, exact * 200);
  // 10 groups of 3 routers of 2 NPUs, thick global links: the NPUs bind.
  EXPECT_NEAR(cut_at(fabrics::dragonfly(10, 3, 2, 1000, 1000), 0), 5 * 6 * 25.0, exact * 750);
}

TEST(Bisection, OfASwitchedMeshIsItsTrunksOrItsNpus) {
  EXPECT_DOUBLE_EQ(cut_at(fabrics::switched_mesh({4}, 4, 10), 0), 4 * 10.0);
  EXPECT_DOUBLE_EQ(cut_at(fabrics::switched_mesh({4}, 4, 1000), 0), 2 * 4 * 80.0);
}

TEST(Bisection, AddsUpNetworksThatCrossTheSameCut) {
  // Half of each board's slots to the other half: 16 mesh links a board, and each NPU's port to the Clos.
  const Fabric fabric = fabrics::mesh_and_clos({4, 8});
  EXPECT_DOUBLE_EQ(cut_at(fabric, 1), 4 * (16 * 50.0 + 4 * 100.0));
  EXPECT_DOUBLE_EQ(cut_at(fabric, 0), 2 * 8 * 100.0);
}

TEST(Bisection, OfOneNpuDoesNotExist) {
  EXPECT_FALSE(bisection(Wiring(fabrics::one_switch(1))));
  EXPECT_FALSE(reach(Wiring(fabrics::one_switch(1))));
}

TEST(Bisection, PrefersAnEvenSplitAmongEqualShares) {
  const Cut cut = *bisection(Wiring(fabrics::clos({3, 8})));
  EXPECT_EQ(cut.level, 1);
  EXPECT_EQ(cut.half, cut.rest);
}

TEST(Cuts, OnTheMergedGraphAreThoseOfTheWholeGraph) {
  fabrics::RandomFabrics random(2);
  for (int i = 0; i < 60; ++i) {
    const Wiring wiring(random());
    const Graph whole = graph(wiring);
    for (const Cut& cut : cuts(wiring)) {
      std::vector<bool> near(whole.nodes.size()), far(whole.nodes.size());
      for (std::size_t npu = 0; npu < static_cast<std::size_t>(whole.npus); ++npu) {
        near[npu] = whole.nodes[npu].key.at[static_cast<std::size_t>(cut.level)] < cut.half;
        far[npu] = !near[npu];
      }
      const double expected = max_flow(whole, near, far) / GBps;
      EXPECT_NEAR(cut.bandwidth / GBps, expected, exact * expected)
          << "fabric " << i << ", level " << cut.level;
    }
  }
}

TEST(Reach, IsThatOfEveryPairOfNpus) {
  fabrics::RandomFabrics random(3);
  for (int i = 0; i < 40; ++i) {
    const Wiring wiring(random());
    if (npus(wiring.fabric()) < 2) continue;
    const Graph whole = graph(wiring);
    std::vector<Address> addresses;
    std::vector<int> all;
    for (int npu = 0; npu < whole.npus; ++npu) {
      Address& address = addresses.emplace_back();
      for (std::size_t l = 0; l < static_cast<std::size_t>(wiring.levels()); ++l)
        address[l] = whole.nodes[static_cast<std::size_t>(npu)].key.at[l];
      all.push_back(npu);
    }
    int diameter = 0;
    for (const auto& hops : hops_from(whole, all))
      diameter = std::max(diameter, *std::max_element(hops.begin(), hops.begin() + whole.npus));
    double nearest = 1e9, farthest = 0;
    for (const Address& a : addresses)
      for (const Address& b : addresses)
        if (a != b) {
          const double latency = wiring.latency(wiring.route(a, b)).in(unit::ns);
          nearest = std::min(nearest, latency);
          farthest = std::max(farthest, latency);
        }
    const Reach found = *reach(wiring);
    EXPECT_EQ(found.diameter, diameter) << "fabric " << i;
    EXPECT_NEAR(found.nearest.in(unit::ns), nearest, exact * nearest) << "fabric " << i;
    EXPECT_NEAR(found.farthest.in(unit::ns), farthest, exact * farthest) << "fabric " << i;
  }
}

TEST(Metrics, CountPortsAndInjectionOfAnNpu) {
  const Metrics m = metrics(Wiring(fabrics::mesh_and_clos({128, 8, 8})));
  EXPECT_EQ(m.npus, 8192);
  EXPECT_EQ(m.npu_classes, 1);
  EXPECT_EQ(m.ports, 7 + 1);
  EXPECT_DOUBLE_EQ(m.injection / GBps, 7 * 50 + 100);
  EXPECT_EQ(m.reach->diameter, 2);
}

TEST(Metrics, TotalOfAFamilyIsThatOfItsMembers) {
  fabrics::RandomFabrics random(4);
  for (int i = 0; i < 20; ++i)
    for (const auto& link : metrics(Wiring(random())).links)
      EXPECT_NEAR(link.total / GBps, link.count * (link.bandwidth / GBps), exact * (link.total / GBps));
}

TEST(Metrics, ReachAMillionNpus) {
  const std::vector<Fabric> large{fabrics::mesh_and_clos({64, 16, 16, 8, 8}), fabrics::torus({100, 100, 100}),
                                  fabrics::clos({128, 128, 64}, 2), fabrics::switched_mesh({128, 128}, 64),
                                  fabrics::dragonfly(1025, 32, 32)};
  for (const Fabric& fabric : large) {
    const Metrics m = metrics(Wiring(fabric));
    EXPECT_GE(m.npus, 1e6);
    EXPECT_TRUE(m.bisection);
  }
}

TEST(Metrics, OfAVastDragonflyGiveAnUpperBoundAndSaySo) {
  const Metrics m = metrics(Wiring(fabrics::dragonfly(1025, 32, 32, 1000, 10)));
  EXPECT_FALSE(m.cuts.front().exact);
  EXPECT_NEAR(m.cuts.front().bandwidth / GBps, 512 * 513 * 10.0, exact * 512 * 513 * 10);
  EXPECT_THAT(text(Wiring(fabrics::dragonfly(1025, 32, 32, 1000, 10)), m), testing::HasSubstr("at most"));
}

TEST(MetricsText, NamesEveryFamilyAndLevel) {
  const Wiring wiring(fabrics::mesh_and_clos({4, 2, 8}));
  const std::string lines = text(wiring, metrics(wiring));
  for (const char* part :
       {"NPU ", "mesh l2", "clos up", "clos down", "clos switch", "l0", "all alike", "diameter 2 hops"})
    EXPECT_THAT(lines, testing::HasSubstr(part));
}

}  // namespace
}  // namespace superpod::topology
