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

/// What the table `links` says of the links that carry something.
struct Carrying {
  explicit Carrying(const analysis::Table& links)
      : names{std::get<std::vector<std::string>>(links.column("name")->values)},
        count{std::get<std::vector<double>>(links.column("count")->values)},
        mean{std::get<std::vector<double>>(links.column("utilisation")->values)},
        busiest{std::get<std::vector<double>>(links.column("busiest")->values)} {}

  const std::vector<std::string>& names;
  const std::vector<double>&count, &mean, &busiest;
};

}  // namespace

void add_network(const Wiring& wiring, analysis::Result& result) {
  const analysis::Table* links = result.table("links");
  if (links == nullptr) return;
  const Carrying carrying{*links};
  std::vector<std::string> name, network, level, kind;
  std::vector<double> count, bandwidth, mean, busiest;
  for (const LinkFamily& family : wiring.link_families()) {
    const auto at =
        static_cast<std::size_t>(std::ranges::find(carrying.names, family.name) - carrying.names.begin());
    const bool carries = at < carrying.names.size();
    const double members = wiring.members(family);
    name.push_back(family.name);
    network.push_back(std::visit([](const auto& some) { return some.name; },
                                 wiring.fabric().networks[static_cast<std::size_t>(family.network)]));
    level.push_back(wiring.fabric().levels[static_cast<std::size_t>(level_joined(wiring, family))].name);
    kind.push_back(word(family.kind));
    count.push_back(members);
    bandwidth.push_back(family.bandwidth.in(unit::B / unit::s));
    mean.push_back(carries && members > 0 ? carrying.mean[at] * carrying.count[at] / members : 0);
    busiest.push_back(carries ? carrying.busiest[at] : 0);
  }
  std::vector<std::string> levels;
  std::vector<std::int64_t> units;
  for (const topology::Level& one : wiring.fabric().levels) {
    levels.push_back(one.name);
    units.push_back(one.count);
  }
  result.tables.push_back({"levels",
                           "level",
                           "levels of the fabric, the outermost first",
                           {{"level", "", "what the cluster calls a unit of it", levels},
                            {"count", "", "units within one of the next outer level", units}}});
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
        {"busiest", "", "utilisation of the busiest of them", busiest}}});
}

}  // namespace superpod::scenarios
