#include "topology/files/export.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "tests/topology/fabrics.hpp"
#include "tests/topology/xml.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::topology {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<Fabric> small_fabrics() {
  std::vector<Fabric> result{fabrics::full_mesh({4}),        fabrics::torus({3, 4}),
                             fabrics::clos({2, 3, 2}),       fabrics::dragonfly(4, 3, 2),
                             fabrics::switched_mesh({3}, 2), fabrics::mesh_and_clos({3, 4}, true)};
  fabrics::RandomFabrics random(41);
  while (result.size() < 20)
    if (const Fabric fabric = random(); npus(fabric) <= 60) result.push_back(fabric);
  return result;
}

std::vector<std::string> all(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (auto i = std::sregex_iterator(text.begin(), text.end(), regex); i != std::sregex_iterator(); ++i)
    found.push_back((*i)[1]);
  return found;
}

TEST(SimGridXml, IsWellFormed) {
  for (const Fabric& fabric : small_fabrics()) EXPECT_EQ(xml::mistake(simgrid_xml(Wiring(fabric))), "");
}

TEST(SimGridXml, HasALinkForEachThatARouteNames) {
  for (const Fabric& fabric : small_fabrics()) {
    const Wiring wiring(fabric);
    const std::string text = simgrid_xml(wiring);
    const auto links = all(text, "<link id=\"([^\"]*)\""), named = all(text, "<link_ctn id=\"([^\"]*)\"");
    const std::set<std::string> known(links.begin(), links.end());
    EXPECT_EQ(known.size(), links.size());
    EXPECT_EQ(links.size(), graph(wiring).links.size() + 1);  // and that of the endpoints
    for (const std::string& name : named) EXPECT_TRUE(known.contains(name)) << name;
  }
}

TEST(SimGridXml, HasAHostForEachNpuAndARouteForEachPair) {
  for (const Fabric& fabric : small_fabrics()) {
    const std::string text = simgrid_xml(Wiring(fabric));
    const auto hosts = all(text, "<host id=\"([^\"]*)\"");
    const std::set<std::string> known(hosts.begin(), hosts.end());
    EXPECT_EQ(static_cast<std::int64_t>(known.size()), npus(fabric));
    const auto from = all(text, "<route src=\"([^\"]*)\""), to = all(text, " dst=\"([^\"]*)\"");
    std::set<std::pair<std::string, std::string>> pairs;
    for (std::size_t i = 0; i < from.size(); ++i) {
      EXPECT_TRUE(known.contains(from[i]) && known.contains(to[i]));
      pairs.emplace(from[i], to[i]);
    }
    EXPECT_EQ(pairs.size(), hosts.size() * (hosts.size() - 1));
  }
}

TEST(SimGridXml, IsRefusedForManyNpus) {
  EXPECT_THAT([] { simgrid_xml(Wiring(fabrics::one_switch(257))); },
              ThrowsMessage<std::length_error>(HasSubstr("at most 256")));
}

TEST(Dot, HasEachNodeOnceAndBalancedClusters) {
  for (const Fabric& fabric : small_fabrics()) {
    const Wiring wiring(fabric);
    const std::string text = dot(wiring);
    const auto nodes = all(text, "(?:^|\n)(n[0-9]+) \\[");
    EXPECT_EQ(std::set<std::string>(nodes.begin(), nodes.end()).size(), graph(wiring).nodes.size());
    EXPECT_EQ(nodes.size(), graph(wiring).nodes.size());
    EXPECT_EQ(std::ranges::count(text, '{'), std::ranges::count(text, '}'));
  }
}

TEST(Dot, HasOneClusterForEachUnitOfEachLevelButTheLast) {
  EXPECT_EQ(all(dot(Wiring(fabrics::clos({2, 3, 4}))), "subgraph (\\S+)").size(), 2U + 2 * 3);
}

TEST(Dot, DrawsAnEdgeForEachPairOfOppositeLinks) {
  EXPECT_EQ(all(dot(Wiring(fabrics::full_mesh({6}))), "(n[0-9]+ -- n[0-9]+)").size(), 15U);
  EXPECT_THAT(dot(Wiring(fabrics::full_mesh({6}))), HasSubstr("50 GB/s each way"));
}

TEST(Dot, QuotesNames) {
  Fabric fabric = fabrics::one_switch(3);
  std::get<Clos>(fabric.networks.front()).name = "a \"b\" \\";
  EXPECT_THAT(dot(Wiring(fabric)), HasSubstr(R"("a \"b\" \\ switch")"));
}

TEST(Dot, IsRefusedForManyNodes) {
  EXPECT_THAT(
      [] {
        dot(Wiring(fabrics::full_mesh({64, 128})));
      },
      ThrowsMessage<std::length_error>(HasSubstr("this one has 8,192")));
}

}  // namespace
}  // namespace superpod::topology
