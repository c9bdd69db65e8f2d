#include "models/faults/damaged_cabling.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "models/faults/fault_entry.hpp"
#include "models/faults/graph_fault_entries.hpp"
#include "models/faults/graph_parts.hpp"
#include "sim/values/index.hpp"
#include "topology/cabling/reachability.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::models {
namespace {

using topology::Cabling;
using topology::Flaw;
using Ends = LinkEnds;

std::string in_single_quotes(const std::string& name) { return "'" + name + "'"; }

/// Breaks what entries name, then what they draw.
class Breaking {
 public:
  Breaking(const Faults& faults, const GraphParts& parts, std::int64_t seed, std::vector<Flaw>& found)
      : faults_{faults}, parts_{parts}, seed_{seed}, found_{found} {}

  std::vector<BrokenPart> links_and_switches() {
    for (std::size_t i = 0; i < faults_.links.size(); ++i)
      if (const LinkFault& fault = faults_.links[i]; fault.between)
        break_link(fault, i, {*parts_.node(fault.between->front()), *parts_.node(fault.between->back())});
    for (std::size_t i = 0; i < faults_.switches.size(); ++i)
      if (!faults_.switches[i].name.empty()) break_switch(i, *parts_.node(faults_.switches[i].name));
    for (std::size_t i = 0; i < faults_.links.size(); ++i) draw_links(i);
    for (std::size_t i = 0; i < faults_.switches.size(); ++i)
      if (const auto count = faults_.switches[i].count)
        draw_nodes({Purpose::switches, "switches", i, *count}, parts_.switches(),
                   [&](int node) { break_switch(i, node); });
    return std::move(broken_);
  }

  /// [NPU]
  std::vector<double> speeds() {
    nodes_.clear();
    std::map<int, double> slow;
    for (const NpuFault& fault : faults_.npus)
      if (!fault.name.empty()) {
        const int node = *parts_.node(fault.name);
        slow[node] = fault.speed;
        nodes_.insert(node);
      }
    for (std::size_t i = 0; i < faults_.npus.size(); ++i)
      if (const auto count = faults_.npus[i].count)
        draw_nodes({Purpose::npus, "npus", i, *count}, parts_.npus(),
                   [&](int node) { slow[node] = faults_.npus[i].speed; });
    std::vector<double> speeds;
    for (const int node : parts_.npus()) speeds.push_back(slow.contains(node) ? slow[node] : 1);
    return speeds;
  }

 private:
  struct Drawn {
    Purpose purpose;
    const char* list;
    std::size_t entry;
    int count;
  };

  void break_link(const LinkFault& fault, std::size_t entry, const Ends& ends) {
    const auto& [from, to] = ends;
    const std::string a = in_single_quotes(parts_.name(from)), b = in_single_quotes(parts_.name(to));
    BrokenPart part{keyed("links", entry),
                    fault.one_way ? "the link from " + a + " to " + b : "the link between " + a + " and " + b,
                    {}};
    const auto break_way = [&](const Ends& way) {
      std::vector<int> links = parts_.links(way);
      if (fault.cables) links.resize(std::min(links.size(), index(*fault.cables)));
      for (const int link : links) part.links.emplace_back(link, fault.share.value_or(0));
    };
    break_way(ends);
    if (!fault.one_way) break_way({to, from});
    links_.insert(ends);
    if (!fault.one_way) links_.insert({to, from});
    broken_.push_back(std::move(part));
  }

  void break_switch(std::size_t entry, int node) {
    BrokenPart part{keyed("switches", entry), "switch " + in_single_quotes(parts_.name(node)), {}};
    for (const int link : parts_.links_at(node)) part.links.emplace_back(link, 0);
    nodes_.insert(node);
    broken_.push_back(std::move(part));
  }

  void draw_links(std::size_t entry) {
    const LinkFault& fault = faults_.links[entry];
    if (!fault.count) return;
    const std::vector<Ends> pairs = parts_.pairs(fault.one_way);
    const auto size = static_cast<std::int64_t>(pairs.size());
    const bool enough = draw_each(draws(seed_, Purpose::links, entry, size), *fault.count, [&](auto number) {
      const Ends& ends = pairs[static_cast<std::size_t>(number)];
      if (links_.contains(ends)) return false;
      break_link(fault, entry, ends);
      return true;
    });
    if (!enough) found_.push_back(too_few(keyed("links", entry, "count"), "links", size));
  }

  template <class Take>
  void draw_nodes(const Drawn& drawn, const std::vector<int>& among, const Take& take) {
    const auto size = static_cast<std::int64_t>(among.size());
    const auto numbers = draws(seed_, drawn.purpose, drawn.entry, size);
    const bool enough = draw_each(numbers, drawn.count, [&](auto number) {
      const int node = among[static_cast<std::size_t>(number)];
      if (!nodes_.insert(node).second) return false;
      take(node);
      return true;
    });
    if (!enough)
      found_.push_back(too_few(keyed(drawn.list, drawn.entry, "count"),
                               drawn.purpose == Purpose::npus ? "NPUs" : "switches", size));
  }

  const Faults& faults_;
  const GraphParts& parts_;
  std::int64_t seed_;
  std::vector<Flaw>& found_;
  std::vector<BrokenPart> broken_;
  std::set<Ends> links_;  // that are taken
  std::set<int> nodes_;
};

/// [link] what the first so many parts leave.
std::vector<double> shares(const std::vector<BrokenPart>& parts, std::size_t many, std::size_t links) {
  std::vector<double> share(links, 1);
  for (std::size_t p = 0; p < many; ++p)
    for (const auto& [link, left] : parts[p].links) share[index(link)] *= left;
  return share;
}

Cabling what_is_left(const Cabling& cabling, const std::vector<double>& share) {
  Cabling left{cabling.nodes, {}, cabling.routes};
  for (std::size_t l = 0; l < cabling.links.size(); ++l) {
    if (share[l] == 0) continue;
    left.links.push_back(cabling.links[l]);
    left.links.back().bandwidth = share[l] * cabling.links[l].bandwidth;
  }
  return left;
}

}  // namespace

std::vector<Flaw> flaws(const Faults& faults, const Cabling& cabling, std::int64_t seed) {
  const GraphParts parts{cabling};
  std::vector<Flaw> found = flaws_of_entries(faults, parts);
  if (!found.empty()) return found;
  Breaking breaking{faults, parts, seed, found};
  breaking.links_and_switches();
  breaking.speeds();
  return found;
}

DamagedCabling damaged(const Faults& faults, const Cabling& cabling, std::int64_t seed) {
  if (const auto found = flaws(faults, cabling, seed); !found.empty())
    throw std::invalid_argument{found.front().message};
  std::vector<Flaw> none;
  const GraphParts parts{cabling};
  Breaking breaking{faults, parts, seed, none};
  DamagedCabling damage;
  damage.parts = breaking.links_and_switches();
  damage.speed = breaking.speeds();
  damage.share = shares(damage.parts, damage.parts.size(), cabling.links.size());
  damage.left = what_is_left(cabling, damage.share);
  return damage;
}

std::optional<Cut> first_cut(const DamagedCabling& damage, const Cabling& cabling) {
  for (std::size_t p = 0; p < damage.parts.size(); ++p) {
    const BrokenPart& last = damage.parts[p];
    try {
      topology::require_ways(what_is_left(cabling, shares(damage.parts, p + 1, cabling.links.size())));
    } catch (const topology::Unreachable& cut_off) {
      return Cut{last.key, cut_off.what() + (" without " + last.words)};
    }
  }
  return std::nullopt;
}

}  // namespace superpod::models
