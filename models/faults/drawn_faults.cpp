#include "models/faults/drawn_faults.hpp"

#include <algorithm>
#include <set>

#include "models/faults/fault_entry.hpp"
#include "topology/fabric/members.hpp"
#include "topology/fabric/node_links.hpp"

namespace superpod::models {
namespace {

using topology::Address;
using topology::LinkKey;
using topology::NodeKey;
using topology::Wiring;

int network_named(const Wiring& wiring, const std::string& name) {
  const auto& networks = wiring.fabric().networks;
  const auto at = std::ranges::find_if(networks, [&](const auto& n) { return topology::name_of(n) == name; });
  return static_cast<int>(at - networks.begin());
}

/// A unit's address, and on rails the position inside of it.
Address address(const std::vector<int>& digits, const std::optional<std::vector<int>>& rail,
                const Wiring& wiring) {
  Address at = topology::unit(digits);
  if (rail)
    std::ranges::copy(*rail, at.begin() + wiring.levels() - static_cast<std::ptrdiff_t>(rail->size()));
  return at;
}

void draw_links(DrawnHardware& to, const Faults& faults, const Wiring& wiring, std::int64_t seed,
                std::vector<topology::Flaw>& found) {
  std::set<LinkKey> taken;
  for (const auto& degraded : topology::degraded(wiring, {to.faults.cables, {}})) taken.insert(degraded.link);
  for (std::size_t i = 0; i < faults.links.size(); ++i) {
    const LinkFault& entry = faults.links[i];
    if (!entry.count) continue;
    const int network = network_named(wiring, entry.network);
    const std::int64_t directed = topology::links_in(wiring, network);
    const std::int64_t links = entry.one_way ? directed : directed / 2;
    const auto lack = too_few(keyed("links", i, "count"), "links", links);
    if (*entry.count > links) {
      found.push_back(lack);
      continue;
    }
    const bool enough =
        draw_each(draws(seed, Purpose::links, i, directed), *entry.count, [&](std::int64_t number) {
          const LinkKey link = topology::link_numbered(wiring, network, number);
          const LinkKey back = topology::reverse(wiring, link);
          if (taken.contains(link) || (!entry.one_way && taken.contains(back))) return false;
          taken.insert(link);
          if (!entry.one_way) taken.insert(back);
          const auto [from, to_end] = topology::named_ends(wiring, link);
          to.faults.cables.push_back({entry.network, from, to_end, entry.cables, entry.share, entry.one_way});
          to.entry_of_cable.push_back(i);
          return true;
        });
    if (!enough) found.push_back(lack);
  }
}

/// The digits that name a unit, without those of a rail.
Address outer_digits(Address at) {
  bool inside = false;
  for (int& digit : at) {
    inside = inside || digit == topology::absent;
    if (inside) digit = topology::absent;
  }
  return at;
}

void draw_switches(DrawnHardware& to, const Faults& faults, const Wiring& wiring, std::int64_t seed,
                   std::vector<topology::Flaw>& found) {
  for (std::size_t i = 0; i < faults.switches.size(); ++i) {
    const SwitchFault& entry = faults.switches[i];
    if (!entry.count) continue;
    const int network = network_named(wiring, entry.network);
    const std::int64_t all = topology::switches_in(wiring, network);
    const auto lack = too_few(keyed("switches", i, "count"), "units with switches", all);
    if (*entry.count > all) {
      found.push_back(lack);
      continue;
    }
    const bool enough =
        draw_each(draws(seed, Purpose::switches, i, all), *entry.count, [&](std::int64_t number) {
          const Address at = topology::switch_numbered(wiring, network, number).at;
          if (std::ranges::any_of(to.faults.switches, [&](const topology::SwitchFault& other) {
                return other.network == entry.network && (other.at == at || other.at == outer_digits(at));
              }))
            return false;
          to.faults.switches.push_back({entry.network, at, entry.planes.value_or(std::vector<int>{})});
          to.entry_of_switch.push_back(i);
          return true;
        });
    if (!enough) found.push_back(lack);
  }
}

bool covers(const Address& unit, const Address& npu) {
  for (std::size_t level = 0; level < unit.size(); ++level)
    if (unit[level] != topology::absent && unit[level] != npu[level]) return false;
  return true;
}

Address npu_numbered(const topology::Fabric& fabric, std::int64_t number) {
  Address at{};
  for (std::size_t level = fabric.levels.size(); level-- > 0;) {
    at[level] = static_cast<int>(number % fabric.levels[level].count);
    number /= fabric.levels[level].count;
  }
  return at;
}

/// Digits beyond the system's levels are 0, as in every address of an NPU.
Address npu_address(const std::vector<int>& digits, const topology::Fabric& fabric) {
  Address at{};
  for (std::size_t level = 0; level < fabric.levels.size(); ++level)
    at[level] = level < digits.size() ? digits[level] : topology::absent;
  return at;
}

}  // namespace

DrawnHardware named_hardware(const Faults& faults, const Wiring& wiring) {
  DrawnHardware named;
  for (std::size_t i = 0; i < faults.links.size(); ++i) {
    const LinkFault& entry = faults.links[i];
    if (entry.count) continue;
    topology::CableFault cable{entry.network, {}, {}, entry.cables, entry.share, entry.one_way};
    if (entry.from) cable.from = address(*entry.from, entry.rail, wiring);
    if (entry.to) cable.to = address(*entry.to, entry.rail, wiring);
    named.faults.cables.push_back(cable);
    named.entry_of_cable.push_back(i);
  }
  for (std::size_t i = 0; i < faults.switches.size(); ++i) {
    const SwitchFault& entry = faults.switches[i];
    if (entry.count) continue;
    named.faults.switches.push_back({entry.network,
                                     address(entry.at.value_or(std::vector<int>{}), entry.rail, wiring),
                                     entry.planes.value_or(std::vector<int>{})});
    named.entry_of_switch.push_back(i);
  }
  return named;
}

void draw(DrawnHardware& to, const Faults& faults, const Wiring& wiring, std::int64_t seed,
          std::vector<topology::Flaw>& found) {
  draw_links(to, faults, wiring, seed, found);
  draw_switches(to, faults, wiring, seed, found);
}

DrawnNpus drawn_npus(const Faults& faults, const topology::Fabric& fabric, std::int64_t seed,
                     std::vector<topology::Flaw>& found) {
  DrawnNpus drawn;
  std::vector<Address> named;
  const auto add = [&](const Address& at, std::size_t entry) {
    drawn.npus.push_back({at, faults.npus[entry].speed});
    drawn.entry.push_back(entry);
  };
  for (std::size_t i = 0; i < faults.npus.size(); ++i)
    if (faults.npus[i].at) {
      add(npu_address(*faults.npus[i].at, fabric), i);
      named.push_back(drawn.npus.back().at);
    }
  std::set<Address> taken;
  for (std::size_t i = 0; i < faults.npus.size(); ++i) {
    if (!faults.npus[i].count) continue;
    const std::int64_t all = topology::npus(fabric);
    const auto lack = too_few(keyed("npus", i, "count"), "NPUs", all);
    if (*faults.npus[i].count > all) {
      found.push_back(lack);
      continue;
    }
    const bool enough =
        draw_each(draws(seed, Purpose::npus, i, all), *faults.npus[i].count, [&](std::int64_t number) {
          const Address at = npu_numbered(fabric, number);
          if (std::ranges::any_of(named, [&](const Address& unit) { return covers(unit, at); })) return false;
          if (!taken.insert(at).second) return false;
          add(at, i);
          return true;
        });
    if (!enough) found.push_back(lack);
  }
  return drawn;
}

}  // namespace superpod::models
