#include "scenarios/answers/network_result.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace superpod::scenarios {
namespace {

using topology::LinkFamily;
using topology::Wiring;

std::string word(LinkFamily::Kind kind) {
  switch (kind) {
    case LinkFamily::Kind::mesh:
      return "mesh";
    case LinkFamily::Kind::next:
      return "next";
    case LinkFamily::Kind::previous:
      return "previous";
    case LinkFamily::Kind::up:
      return "up";
    case LinkFamily::Kind::down:
      return "down";
    case LinkFamily::Kind::global:
      return "global";
  }
  return {};
}

/// The level whose units the links join: for a switch the outermost one by which those below it differ.
int level_joined(const Wiring& wiring, const LinkFamily& links) {
  if (links.level != topology::absent) return links.level;
  const int above = links.kind == LinkFamily::Kind::down ? links.from : links.to;
  const auto& has = wiring.node_families()[static_cast<std::size_t>(above)].has;
  int level = 0;
  while (level + 1 < wiring.levels() && has[static_cast<std::size_t>(level)]) ++level;
  return level;
}

}  // namespace

Network network_of(const Wiring& wiring, const Traffic& traffic) {
  Network network{wiring.fabric().levels, {}};
  for (const LinkFamily& family : wiring.link_families()) {
    const auto carried = std::ranges::find(traffic.links, family.name, &LinkTraffic::name);
    const bool carries = carried != traffic.links.end();
    const double members = wiring.members(family);
    NetworkLinks links;
    links.name = family.name;
    links.network = std::visit([](const auto& some) { return some.name; },
                               wiring.fabric().networks[static_cast<std::size_t>(family.network)]);
    links.level = wiring.fabric().levels[static_cast<std::size_t>(level_joined(wiring, family))].name;
    links.kind = family.kind;
    links.count = members;
    links.bandwidth = family.bandwidth;
    if (carries && members > 0) links.utilisation = carried->utilisation * carried->count / members;
    if (carries) links.busiest = carried->busiest;
    network.links.push_back(std::move(links));
  }
  return network;
}

void add_network(const Network& of, analysis::Result& result) {
  std::vector<std::string> name, network, level, kind;
  std::vector<double> count, bandwidth, mean, busiest;
  for (const NetworkLinks& links : of.links) {
    name.push_back(links.name), network.push_back(links.network), level.push_back(links.level);
    kind.push_back(word(links.kind)), count.push_back(links.count);
    bandwidth.push_back(links.bandwidth.in(unit::B / unit::s));
    mean.push_back(links.utilisation), busiest.push_back(links.busiest);
  }
  std::vector<std::string> levels;
  std::vector<std::int64_t> units;
  for (const topology::Level& one : of.levels) {
    levels.push_back(one.name);
    units.push_back(one.count);
  }
  result.tables.push_back({"levels",
                           "level",
                           "levels of the fabric, the outermost first",
                           {{"level", "", "what the cluster calls a unit of it", levels},
                            {"count", "", "units within one of the next outer level", units}},
                           analysis::View::levels});
  result.tables.push_back(
      {"network",
       "network_link",
       "links of the fabric by network and the level whose units they join, idle ones too",
       {{"link", "", "network, and which of its links", name},
        {"network", "", "that they belong to", network},
        {"level", "", "whose units they join", level},
        {"kind", "", "mesh, next, previous, up, down or global", kind},
        {"links", "", "directed, in the whole fabric", count},
        {"bandwidth", "B/s", "payload of one link, in its direction", bandwidth},
        {"utilisation", "", "bytes over bandwidth and run time; mean over all of them", mean},
        {"busiest", "", "utilisation of the busiest of them", busiest}},
       analysis::View::fabric});
}

}  // namespace superpod::scenarios
