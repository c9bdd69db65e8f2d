#include "topology/cabling/cabling_metrics.hpp"

#include <gmock/gmock.h>

namespace superpod::topology {
namespace {

using namespace unit;

void add_cable(Cabling& cabling, int a, int b) {
  cabling.links.push_back({a, b, 1 * GB / s, 1 * us});
  cabling.links.push_back({b, a, 1 * GB / s, 1 * us});
}

Cabling ring(int npus) {
  Cabling cabling;
  for (int n = 0; n < npus; ++n) cabling.nodes.push_back({std::to_string(n), true});
  for (int n = 0; n < npus; ++n) add_cable(cabling, n, (n + 1) % npus);
  return cabling;
}

TEST(CablingMetrics, OfARingAreThoseOfOneNpu) {
  const CablingMetrics of_ring = metrics(ring(9));
  EXPECT_EQ(of_ring.npus, 9);
  EXPECT_EQ(of_ring.switches, 0);
  EXPECT_EQ(of_ring.links, 18);
  EXPECT_EQ(of_ring.graph->npu_classes, 1);
  EXPECT_EQ(of_ring.graph->diameter, 4);
}

TEST(CablingMetrics, ABrokenCableTellsNpusApartByTheirDistanceToIt) {
  Cabling broken = ring(9);
  broken.links.resize(16);
  EXPECT_EQ(metrics(broken).graph->npu_classes, 5);
  EXPECT_EQ(metrics(broken).graph->diameter, 8);
  broken.links.resize(14);
  EXPECT_EQ(metrics(broken).graph->diameter, std::nullopt);
  EXPECT_THAT(text(metrics(broken)), testing::HasSubstr("cannot reach"));
}

TEST(CablingMetrics, DirectionsAreToldApart) {
  Cabling fork;  // one sends to two, and one hears from two
  for (int n = 0; n < 6; ++n) fork.nodes.push_back({std::to_string(n), true});
  for (const auto& [from, to] : {std::pair{0, 1}, std::pair{0, 2}, std::pair{4, 3}, std::pair{5, 3}})
    fork.links.push_back({from, to, 1 * GB / s, 1 * us});
  EXPECT_EQ(metrics(fork).graph->npu_classes, 4);
}

}  // namespace
}  // namespace superpod::topology
