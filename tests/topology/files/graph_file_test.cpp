#include "topology/files/graph_file.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/values/index.hpp"
#include "tests/topology/fabrics.hpp"
#include "topology/cabling/cabling_routes.hpp"
#include "topology/files/export.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::topology {
namespace {

using namespace unit;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::filesystem::path written(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path{testing::TempDir()} / name;
  std::ofstream{path} << text;
  return path;
}

Cabling read(const std::string& name, const std::string& text) { return read_cabling(written(name, text)); }

/// A switch with two NPUs, of which the second has the slower cable.
std::string graphml(const std::string& edges, const std::string& direction = "undirected") {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="k" for="node" attr.name="kind" attr.type="string"><default>npu</default></key>
  <key id="b" for="edge" attr.name="bandwidth" attr.type="string"/>
  <key id="l" for="edge" attr.name="latency" attr.type="double"><default>1e-6</default></key>
  <graph id="G" edgedefault=")" +
         direction + R"(">
    <node id="left"/><node id="right"/><node id="leaf"><data key="k">switch</data></node>
)" + edges +
         "  </graph>\n</graphml>\n";
}

std::string edge(const std::string& from, const std::string& to, const std::string& bandwidth) {
  return "    <edge source=\"" + from + "\" target=\"" + to + "\"><data key=\"b\">" + bandwidth +
         "</data></edge>\n";
}

TEST(GraphFile, GraphMlHasNodesAndLinksOfBothDirections) {
  const Cabling cabling =
      read("two.graphml", graphml(edge("left", "leaf", "400 Gb/s") + edge("leaf", "right", "25e9")));
  ASSERT_EQ(cabling.nodes.size(), 3U);
  EXPECT_EQ(cabling.nodes[0].name, "left");
  EXPECT_THAT(npus_of(cabling), testing::ElementsAre(0, 1));
  ASSERT_EQ(cabling.links.size(), 4U);
  EXPECT_EQ(cabling.links[0].bandwidth, 50 * GB / s);
  EXPECT_EQ(cabling.links[0].latency, 1 * us);
  EXPECT_EQ(cabling.links[2].bandwidth, 25 * GB / s);
  EXPECT_EQ(cabling.links[3].from, 1);
}

TEST(GraphFile, AnEdgeOfADirectedGraphIsOneLink) {
  const Cabling cabling = read("directed.graphml", graphml(edge("left", "leaf", "1 GB/s"), "directed"));
  EXPECT_EQ(cabling.links.size(), 1U);
}

TEST(GraphFile, GraphvizFilesHaveDefaultsAndNumbersInOrder) {
  const Cabling cabling = read("two.gv",
                               "graph { node [kind=npu]; edge [bandwidth=\"100 GB/s\" latency=\"300 ns\"];\n"
                               "hub [kind=switch]; n10 -- hub; n2 -- hub; n2 -- hub [bandwidth=\"5e9\"] }");
  ASSERT_EQ(cabling.nodes.size(), 3U);
  EXPECT_EQ(cabling.nodes[1].name, "n2");
  EXPECT_EQ(cabling.nodes[2].name, "n10");
  EXPECT_THAT(npus_of(cabling), testing::ElementsAre(1, 2));
  ASSERT_EQ(cabling.links.size(), 6U);
  EXPECT_EQ(cabling.links.back().bandwidth, 5 * GB / s);
}

TEST(GraphFile, WhatThisProgramDrawsItReads) {
  for (const Fabric& fabric : {fabrics::full_mesh({2, 3}), fabrics::clos({2, 3, 2}),
                               fabrics::dragonfly(4, 3, 2), fabrics::mesh_and_clos({3, 4}, true)}) {
    const Wiring wiring(fabric);
    const Graph whole = graph(wiring);
    const Cabling cabling = read("own.dot", dot(wiring));
    EXPECT_EQ(cabling.nodes.size(), whole.nodes.size());
    EXPECT_EQ(cabling.links.size(), whole.links.size());
    EXPECT_EQ(static_cast<int>(npus_of(cabling).size()), whole.npus);
    double drawn = 0, built = 0, drawn_latency = 0, built_latency = 0;
    for (const auto& link : cabling.links) {
      drawn += link.bandwidth.in(GB / s);
      drawn_latency += link.latency.in(us);
    }
    for (const auto& link : whole.links) {
      built += link.bandwidth.in(GB / s);
      built_latency += wiring.link_families()[index(link.key.family)].latency.in(us);
    }
    EXPECT_NEAR(drawn, built, 1e-12 * built);
    EXPECT_NEAR(drawn_latency, built_latency, 1e-12 * built_latency);
  }
}

TEST(GraphFile, RoutesOfItsSimGridFilesAreThoseOfTheFabric) {
  for (const Fabric& fabric :
       {fabrics::torus({3, 4}), fabrics::clos({2, 2, 2}), fabrics::switched_mesh({3}, 2)}) {
    const Wiring wiring(fabric);
    const Cabling cabling = read("own.xml", simgrid_xml(wiring));
    const Graph whole = graph(wiring);
    ASSERT_EQ(static_cast<int>(npus_of(cabling).size()), whole.npus);
    CablingRoutes routes{cabling};
    for (int a = 0; a < whole.npus; ++a)
      for (int b = 0; b < whole.npus; ++b) {
        if (a == b) continue;
        const auto address = [&](int npu) {
          Address result{};
          for (std::size_t level = 0; level < result.size(); ++level)
            result[level] = std::max(0, whole.nodes[index(npu)].key.at[level]);
          return result;
        };
        const auto links = wiring.route(address(a), address(b));
        const CablePath path = routes.path(a, b);
        EXPECT_EQ(path.hops.size(), links.size());
        EXPECT_NEAR(path.latency.in(ns), wiring.latency(links).in(ns), 1e-9);
      }
  }
}

std::string platform(const std::string& inside, const std::string& routing = "Full") {
  return "<?xml version=\"1.0\"?>\n<platform version=\"4.1\">\n<zone id=\"z\" routing=\"" + routing +
         "\">\n<host id=\"a\" speed=\"1Gf\"/><host id=\"b\" speed=\"1Gf\"/>\n" + inside +
         "</zone>\n</platform>\n";
}

TEST(GraphFile, BothDirectionsOfASimGridRouteShareItsLinks) {
  const Cabling cabling = read("shared.xml", platform(R"(<link id="l" bandwidth="10Gbps" latency="50us"/>
<route src="a" dst="b"><link_ctn id="l"/></route>)"));
  ASSERT_EQ(cabling.links.size(), 1U);
  EXPECT_EQ(cabling.links[0].bandwidth, 1.25 * GB / s);
  CablingRoutes routes{cabling};
  EXPECT_EQ(routes.path(0, 1).hops.front().link, routes.path(1, 0).hops.front().link);
  EXPECT_EQ(routes.path(1, 0).latency, 50 * us);
}

TEST(GraphFile, ASplitDuplexLinkIsTwoAndAFatPipeIsEachFlowsOwn) {
  const Cabling cabling = read(
      "duplex.xml", platform(R"(<link id="l" bandwidth="2GBps" latency="1us" sharing_policy="SPLITDUPLEX"/>
<link id="thin" bandwidth="1GBps" latency="1us" sharing_policy="FATPIPE"/>
<link id="wide" bandwidth="9GBps" latency="1us" sharing_policy="FATPIPE"/>
<route src="a" dst="b"><link_ctn id="l" direction="UP"/><link_ctn id="thin"/><link_ctn id="wide"/></route>)"));
  CablingRoutes routes{cabling};
  const CablePath there = routes.path(0, 1), back = routes.path(1, 0);
  EXPECT_EQ(there.latency, 3 * us);
  ASSERT_EQ(there.hops.size(), 2U);  // the thin pipe, but not the wide one
  for (const auto& hop : there.hops)
    for (const auto& other : back.hops) EXPECT_NE(hop.link, other.link);
}

TEST(GraphFile, SaysWhereItIsWrong) {
  const auto message = [](const std::string& name, const std::string& text) {
    try {
      static_cast<void>(read(name, text));
    } catch (const GraphFileError& wrong) {
      return std::string{wrong.what()};
    }
    return std::string{};
  };
  const std::string good = edge("left", "leaf", "1 GB/s");
  EXPECT_THAT(message("broken.graphml", graphml("<edge ")), HasSubstr("broken.graphml:8: "));
  EXPECT_THAT(message("broken.xml", platform("<link")), HasSubstr("broken.xml:5: "));
  EXPECT_THAT(message("unit.graphml", graphml(edge("left", "leaf", "7 GBs"))),
              AllOf(HasSubstr("edge from 'left' to 'leaf'"), HasSubstr("'GBs' is not a unit")));
  EXPECT_THAT(message("zero.graphml", graphml(edge("left", "leaf", "0"))), HasSubstr("above zero"));
  EXPECT_THAT(message("node.graphml", graphml(edge("left", "nobody", "1 GB/s"))),
              HasSubstr("an edge ends at a node that is not there"));
  EXPECT_THAT(message("none.gv", "graph { a [kind=switch] }"), HasSubstr("no NPU"));
  EXPECT_THAT(message("kind.gv", "graph { a [kind=router] }"), HasSubstr("'router' is not a kind of node"));
  EXPECT_THAT(message("latency.gv", "graph { node [kind=npu]; a -- b [bandwidth=1] }"),
              HasSubstr("no attribute 'latency'"));
  EXPECT_THAT(message("syntax.gv", "graph { a -- "), HasSubstr("syntax.gv: "));
  EXPECT_THAT(message("floyd.xml", platform("", "Floyd")), HasSubstr("only \"Full\" is read"));
  EXPECT_THAT(message("cluster.xml", platform("<cluster id=\"c\"/>")), HasSubstr("it has a <cluster>"));
  EXPECT_THAT(message("route.xml", platform("<route src=\"a\" dst=\"c\"/>")),
              HasSubstr("no host or router 'c'"));
  EXPECT_THAT(message("fabric.yaml", ""), HasSubstr("'.yaml' is no kind of graph file"));
  EXPECT_THAT([] { static_cast<void>(read_cabling("/no/such/file.graphml")); },
              ThrowsMessage<std::runtime_error>(HasSubstr("/no/such/file.graphml")));
}

}  // namespace
}  // namespace superpod::topology
