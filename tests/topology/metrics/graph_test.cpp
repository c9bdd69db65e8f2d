#include "topology/metrics/graph.hpp"

#include <gmock/gmock.h>

#include <set>

#include "tests/topology/fabrics.hpp"

namespace superpod::topology {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<Fabric> small_fabrics() {
  std::vector<Fabric> result{fabrics::full_mesh({8}),
                             fabrics::full_mesh({4, 3}),
                             fabrics::torus({6}),
                             fabrics::torus({4, 3, 5}),
                             fabrics::one_switch(9),
                             fabrics::clos({3, 4, 2}),
                             fabrics::dragonfly(9, 4, 2),
                             fabrics::switched_mesh({3, 2}, 4),
                             fabrics::mesh_and_clos({3, 2, 4}),
                             fabrics::mesh_and_clos({3, 4}, true)};
  fabrics::RandomFabrics random(1);
  for (int i = 0; i < 40; ++i) result.push_back(random());
  return result;
}

TEST(Graph, HasEveryMemberOfEveryFamilyOnce) {
  for (const Fabric& fabric : small_fabrics()) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    std::vector<double> nodes(wiring.node_families().size()), links(wiring.link_families().size());
    std::set<NodeKey> node_keys;
    std::set<LinkKey> link_keys;
    for (const auto& node : whole.nodes) {
      nodes[static_cast<std::size_t>(node.key.family)] += node.count;
      EXPECT_TRUE(node_keys.insert(node.key).second);
    }
    for (const auto& link : whole.links) {
      links[static_cast<std::size_t>(link.key.family)] += link.count;
      EXPECT_TRUE(link_keys.insert(link.key).second);
      const auto [from, to] = wiring.ends(link.key);
      EXPECT_EQ(whole.nodes[static_cast<std::size_t>(link.from)].key, from);
      EXPECT_EQ(whole.nodes[static_cast<std::size_t>(link.to)].key, to);
    }
    for (std::size_t f = 0; f < nodes.size(); ++f)
      EXPECT_EQ(nodes[f], wiring.members(wiring.node_families()[f]));
    for (std::size_t f = 0; f < links.size(); ++f) {
      const LinkFamily& family = wiring.link_families()[f];
      const bool around_one =
          family.kind == LinkFamily::Kind::next || family.kind == LinkFamily::Kind::previous;
      if (around_one && wiring.count(family.level) == 1) continue;  // a ring of one NPU has no links
      EXPECT_EQ(links[f], wiring.members(family)) << family.name;
    }
    EXPECT_EQ(whole.npus, npus(fabric));
  }
}

TEST(Graph, IsConnected) {
  for (const Fabric& fabric : small_fabrics()) EXPECT_TRUE(is_connected(graph(Wiring(fabric))));
}

TEST(Graph, WithoutSomeLinksIsNotConnected) {
  Graph ring = graph(Wiring(fabrics::torus({5})));
  std::erase_if(ring.links, [](const Graph::Link& link) { return link.from == 2; });
  EXPECT_FALSE(is_connected(ring));
}

TEST(Graph, TooLargeIsRefusedWithItsSize) {
  EXPECT_THAT([] { graph(Wiring(fabrics::full_mesh({3000}))); },
              ThrowsMessage<std::length_error>(HasSubstr("3000 nodes and 8997000 links")));
}

TEST(Hops, GoBothWaysAroundARing) {
  const Graph ring = graph(Wiring(fabrics::torus({6})));
  EXPECT_THAT(hops_from(ring, {0}), testing::ElementsAre(testing::ElementsAre(0, 1, 2, 3, 2, 1)));
}

TEST(Hops, ToWhatCannotBeReachedAreAbsent) {
  Graph mesh = graph(Wiring(fabrics::full_mesh({3})));
  mesh.links.clear();
  EXPECT_THAT(hops_from(mesh, {1}), testing::ElementsAre(testing::ElementsAre(absent, 0, absent)));
}

TEST(Hops, SeenFromOneNpuOnTheMergedGraphAreThoseOnTheWholeGraph) {
  for (const Fabric& fabric : small_fabrics()) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    const std::size_t seen = whole.nodes.size() / 3 % static_cast<std::size_t>(whole.npus);
    Address npu{};
    for (int level = 0; level < wiring.levels(); ++level)
      npu[static_cast<std::size_t>(level)] = whole.nodes[seen].key.at[static_cast<std::size_t>(level)];
    const std::vector<Cells> cells = seen_from(wiring, npu);
    const Graph merged = graph(wiring, cells);
    const auto expected = hops_from(whole, {static_cast<int>(seen)}).front();
    const auto found = hops_from(merged, {node_index(wiring, cells, whole.nodes[seen].key)}).front();
    for (std::size_t node = 0; node < whole.nodes.size(); ++node)
      EXPECT_EQ(expected[node],
                found[static_cast<std::size_t>(node_index(wiring, cells, whole.nodes[node].key))]);
  }
}

TEST(MaxFlow, OfOnePairIsAllThatLeavesAnNpuOfAFullMesh) {
  const Graph mesh = graph(Wiring(fabrics::full_mesh({6})));
  std::vector<bool> source(6), sink(6);
  source[1] = sink[4] = true;
  EXPECT_DOUBLE_EQ(max_flow(mesh, source, sink) / fabrics::GBps,
                   5 * 50);  // one direct path, four of two hops
}

TEST(MaxFlow, IsLimitedByTheNarrowestLinksOfAPath) {
  const Graph leaf_and_spine = graph(Wiring(fabrics::clos({2, 4}, 4)));
  std::vector<bool> source(leaf_and_spine.nodes.size()), sink(leaf_and_spine.nodes.size());
  for (std::size_t i = 0; i < 4; ++i) source[i] = sink[4 + i] = true;
  EXPECT_DOUBLE_EQ(max_flow(leaf_and_spine, source, sink) / fabrics::GBps, 4 * 100.0 / 4);
}

TEST(MaxFlow, RefusesANodeThatIsBothSourceAndSink) {
  const Graph mesh = graph(Wiring(fabrics::full_mesh({3})));
  EXPECT_THROW(max_flow(mesh, {true, true, false}, {false, true, true}), std::logic_error);
}

TEST(Cells, CoverEachDigitOnce) {
  for (const Fabric& fabric : small_fabrics()) {
    const Wiring wiring(fabric);
    for (int level = 0; level < wiring.levels(); ++level) {
      const std::vector<Cells> cells = halved(wiring, level);
      for (int l = 0; l < wiring.levels(); ++l) {
        int covered = 0;
        for (const Cell& cell : sizes(cells[static_cast<std::size_t>(l)])) covered += cell.size;
        EXPECT_EQ(covered, wiring.count(l));
      }
    }
  }
}

TEST(Cells, OfAMillionNpusOfFullySymmetricLevelsAreFew) {
  const Wiring wiring(fabrics::mesh_and_clos({64, 16, 16, 8, 8}));
  EXPECT_LE(graph_size(wiring, halved(wiring, 0)).links, 16);
  EXPECT_LE(graph_size(wiring, seen_from(wiring, {})).nodes, 64);
}

}  // namespace
}  // namespace superpod::topology
