#include "topology/pictures/drawing.hpp"

#include <gmock/gmock.h>

#include <regex>

#include "sim/values/quantity_text.hpp"
#include "tests/topology/fabrics.hpp"
#include "tests/topology/xml.hpp"
#include "topology/pictures/canvas.hpp"

namespace superpod::topology {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<Fabric> every_kind() {
  std::vector<Fabric> result{fabrics::full_mesh({1}),
                             fabrics::full_mesh({8}),
                             fabrics::full_mesh({4, 40, 3}),
                             fabrics::torus({2}),
                             fabrics::torus({100}),
                             fabrics::torus({16, 16, 16}),
                             fabrics::torus({2, 3, 4, 5}),
                             fabrics::one_switch(72),
                             fabrics::clos({64, 128, 8}, 2),
                             fabrics::dragonfly(2, 1, 1),
                             fabrics::dragonfly(33, 8, 4),
                             fabrics::switched_mesh({4, 4}, 8),
                             fabrics::mesh_and_clos({32, 72}, true),
                             fabrics::mesh_and_clos({64, 128, 8, 8})};
  fabrics::RandomFabrics random(31);
  for (int i = 0; i < 60; ++i) result.push_back(random());
  return result;
}

TEST(Drawing, IsWellFormed) {
  for (const Fabric& fabric : every_kind()) EXPECT_EQ(xml::mistake(svg(Wiring(fabric), "fabric")), "");
}

TEST(Drawing, StaysOnThePage) {
  const std::regex positions(R"re((?: (?:x|cx)="|[MLQ])(-?[0-9.]+))re");
  for (const Fabric& fabric : every_kind()) {
    const std::string text = svg(Wiring(fabric));
    for (auto i = std::sregex_iterator(text.begin(), text.end(), positions); i != std::sregex_iterator();
         ++i) {
      const double x = std::stod((*i)[1]);
      EXPECT_GE(x, 0) << i->str();
      EXPECT_LE(x, 560) << i->str();
    }
  }
}

TEST(Drawing, OpensAUnitOfEachStage) {
  for (const Fabric& fabric : every_kind()) {
    const Wiring wiring(fabric);
    const std::string text = svg(wiring);
    const std::regex opened(R"(class="(npu|unit) opened")");
    // The legend has one of its own, and a dragonfly opens a group and a terminal.
    EXPECT_GE(std::distance(std::sregex_iterator(text.begin(), text.end(), opened), {}),
              1 + static_cast<long>(fabric.networks.size()));
  }
}

TEST(Drawing, SaysCountsNetworksBandwidthsAndLatencies) {
  const std::string text = svg(Wiring(fabrics::mesh_and_clos({64, 128, 8, 8})), "SuperCluster");
  for (const char* words :
       {"SuperCluster", "524,288 NPUs", "128 l1", "8 l3", "mesh", "clos", "50\u00a0GB/s between each pair",
        "350\u00a0GB/s of payload an NPU", "200\u00a0ns a hop", "7 ports", "1 port"})
    EXPECT_THAT(text, HasSubstr(words));
}

TEST(Drawing, SaysOversubscriptionAndPlanes) {
  const std::string text = svg(Wiring(fabrics::clos({4, 8}, 2.5)));
  EXPECT_THAT(text, HasSubstr("2.5:1"));
  EXPECT_THAT(text, HasSubstr("2 planes"));
}

TEST(Drawing, EscapesNames) {
  Fabric fabric = fabrics::one_switch(3);
  std::get<Clos>(fabric.networks.front()).name = "<b>&\"'";
  const std::string text = svg(Wiring(fabric), "a < b\x01");
  EXPECT_THAT(text, HasSubstr("&lt;b&gt;&amp;&quot;&#39;"));
  EXPECT_THAT(text, HasSubstr("<title>a &lt; b</title>"));
  EXPECT_EQ(xml::mistake(text), "");
}

TEST(Drawing, DoesNotGrowWithTheFabric) {
  EXPECT_LT(svg(Wiring(fabrics::mesh_and_clos({64, 1024, 64, 64}))).size(), 40000U);
  EXPECT_LT(svg(Wiring(fabrics::dragonfly(4097, 64, 64))).size(), 40000U);
}

TEST(Drawing, FollowsDarkColoursAndTellsReadersWhoDoNotSee) {
  const std::string text = svg(Wiring(fabrics::full_mesh({8})), "Board");
  for (const char* part : {"prefers-color-scheme:dark", "<title>Board</title>",
                           "<desc>8 NPUs: 8 l0. mesh: Full mesh", "role=\"img\"", "aria-label"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(Drawing, IsTheSameEachTime) {
  for (const Fabric& fabric : every_kind()) EXPECT_EQ(svg(Wiring(fabric)), svg(Wiring(fabric)));
}

TEST(Wrapped, BreaksAtBlanksAndWithinLongWords) {
  EXPECT_THAT(wrapped("one two three", 5 * 0.54), ElementsAre("one", "two", "three"));
  EXPECT_THAT(wrapped("one two three", 8 * 0.54), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("abcdefgh", 4 * 0.54), ElementsAre("abcd", "efgh"));
  EXPECT_THAT(wrapped("äöüäöü", 4 * 0.54), ElementsAre("äöüä", "öü"));
  EXPECT_THAT(wrapped("", 10), ElementsAre(""));
}

TEST(Numbers, AreGroupedAndShort) {
  EXPECT_EQ(grouped(7), "7");
  EXPECT_EQ(grouped(8192), "8,192");
  EXPECT_EQ(grouped(1048576), "1,048,576");
  EXPECT_EQ(number(12.04), "12");
  EXPECT_EQ(number(-0.26), "-0.3");
  EXPECT_EQ(number(-0.04), "0");
}

}  // namespace
}  // namespace superpod::topology
