#include "models/faults/damaged_system.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <type_traits>

#include "models/faults/drawn_faults.hpp"
#include "models/faults/fault_entry.hpp"
#include "sim/values/closest_word.hpp"
#include "topology/fabric/members.hpp"

namespace superpod::models {
namespace {

using topology::Address;
using topology::Fabric;
using topology::Flaw;
using Digits = std::vector<int>;

std::string range_text(const topology::Level& level) {
  return level.count == 1 ? "there is one only: 0"
                          : "counting from 0, up to " + std::to_string(level.count - 1);
}

/// Digits of the levels from `first` on.
void check_digits(const Digits& digits, const std::string& key, const Fabric& fabric, std::size_t first,
                  std::vector<Flaw>& found) {
  const std::size_t room = fabric.levels.size() - first;
  if (digits.size() > room) {
    std::string levels;
    for (std::size_t level = first; level < fabric.levels.size(); ++level)
      levels += (levels.empty() ? "" : ", ") + fabric.levels[level].name;
    return found.push_back(
        {key, "more digits than there are levels: " + levels, "one digit a level, outermost first"});
  }
  for (std::size_t i = 0; i < digits.size(); ++i)
    if (const auto& level = fabric.levels[first + i]; digits[i] >= level.count)
      found.push_back({key + "." + std::to_string(i),
                       "there is no " + level.name + " " + std::to_string(digits[i]), range_text(level)});
}

/// The network, or null after noting that there is none of that name.
const topology::Network* network_named(const std::string& name, const std::string& key, const Fabric& fabric,
                                       std::vector<Flaw>& found) {
  std::vector<std::string> known;
  std::string all;
  for (const auto& network : fabric.networks) {
    if (topology::name_of(network) == name) return &network;
    known.push_back(topology::name_of(network));
    all += (all.empty() ? "networks: " : ", ") + known.back();
  }
  const auto meant = closest_word(name, known);
  found.push_back({key, "this system has no network '" + name + "'",
                   (meant ? "did you mean '" + *meant + "'? " : "") + all});
  return nullptr;
}

/// The position inside of a unit of a network on rails.
void check_rail(const Digits& rail, const std::string& key, const topology::Network& network,
                const Fabric& fabric, std::vector<Flaw>& found) {
  const auto* clos = std::get_if<topology::Clos>(&network);
  if (clos == nullptr || !clos->rails)
    return found.push_back({key, "the switches of " + topology::name_of(network) + " are not on rails",
                            "leave it out: they have no position in the unit"});
  const auto innermost = std::ranges::find(fabric.levels, clos->levels.back(), &topology::Level::name);
  const auto inside = static_cast<std::size_t>(innermost - fabric.levels.begin()) + 1;
  if (rail.size() != fabric.levels.size() - inside)
    found.push_back({key,
                     "a rail of " + clos->name + " has " + std::to_string(fabric.levels.size() - inside) +
                         " digits, not " + std::to_string(rail.size()),
                     "one digit for each level inside of the network"});
  else
    check_digits(rail, key, fabric, inside, found);
}

/// Notes that an entry does not say which network it means, as it must on levels.
template <class Fault>
bool lacks_network(const Fault& fault, const std::string& entry, std::vector<Flaw>& found) {
  if (!fault.network.empty()) return false;
  const bool of_link = std::is_same_v<Fault, LinkFault>;
  found.push_back({entry, std::string{Fault::kind} + " lacks 'network'",
                   "network: " + std::string{of_link ? link_network_meaning : switch_network_meaning}});
  return true;
}

void refuse_name(bool is_said, const std::string& key, std::vector<Flaw>& found) {
  if (is_said)
    found.push_back({key, "on levels parts go by addresses, only those of a graph have names",
                     "say where it is by digits, outermost first"});
}

void check_form(const LinkFault& fault, const std::string& entry, const Fabric& fabric,
                std::vector<Flaw>& found) {
  refuse_name(fault.between.has_value(), entry + ".between", found);
  if (fault.between || lacks_network(fault, entry, found)) return;
  const auto* network = network_named(fault.network, entry + ".network", fabric, found);
  check_choice({fault.from || fault.to, fault.count.has_value(), entry, "`from` and `to`"}, found);
  if (fault.from) check_digits(*fault.from, entry + ".from", fabric, 0, found);
  if (fault.to) check_digits(*fault.to, entry + ".to", fabric, 0, found);
  if (fault.rail && fault.count)
    found.push_back({entry + ".rail", "what is drawn at random has no position", "leave it out"});
  else if (fault.rail && network != nullptr)
    check_rail(*fault.rail, entry + ".rail", *network, fabric, found);
  if (fault.cables && fault.share)
    found.push_back({entry + ".share", "lost cables say already which share is left",
                     "give `cables` or `share`, not both"});
}

void check_form(const SwitchFault& fault, const std::string& entry, const Fabric& fabric,
                std::vector<Flaw>& found) {
  refuse_name(!fault.name.empty(), entry + ".name", found);
  if (!fault.name.empty() || lacks_network(fault, entry, found)) return;
  const auto* network = network_named(fault.network, entry + ".network", fabric, found);
  check_choice({fault.at.has_value(), fault.count.has_value(), entry, "`at`"}, found);
  if (fault.at) check_digits(*fault.at, entry + ".at", fabric, 0, found);
  if (fault.rail && fault.count)
    found.push_back({entry + ".rail", "what is drawn at random has no position", "leave it out"});
  else if (fault.rail && network != nullptr)
    check_rail(*fault.rail, entry + ".rail", *network, fabric, found);
  const auto* clos = network != nullptr ? std::get_if<topology::Clos>(network) : nullptr;
  if (!fault.planes || network == nullptr) return;
  if (clos == nullptr)
    return found.push_back(
        {entry + ".planes", topology::name_of(*network) + " has no planes", "leave it out"});
  for (std::size_t i = 0; i < fault.planes->size(); ++i)
    if ((*fault.planes)[i] >= clos->planes)
      found.push_back({entry + ".planes." + std::to_string(i),
                       clos->name + " has no plane " + std::to_string((*fault.planes)[i]),
                       clos->planes == 1 ? "it has one only: 0"
                                         : "counting from 0, up to " + std::to_string(clos->planes - 1)});
}

void check_form(const NpuFault& fault, const std::string& entry, const Fabric& fabric,
                std::vector<Flaw>& found) {
  refuse_name(!fault.name.empty(), entry + ".name", found);
  if (!fault.name.empty()) return;
  check_choice({fault.at.has_value(), fault.count.has_value(), entry, "`at`"}, found);
  if (fault.at) check_digits(*fault.at, entry + ".at", fabric, 0, found);
}

template <class Fault>
void check_forms(const std::vector<Fault>& faults, const char* list, const Fabric& fabric,
                 std::vector<Flaw>& found) {
  for (std::size_t i = 0; i < faults.size(); ++i) check_form(faults[i], keyed(list, i), fabric, found);
}

/// Whether one of two units contains the other.
bool overlap(const Digits& a, const Digits& b) {
  const std::size_t common = std::min(a.size(), b.size());
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin());
}

void check_speeds(const std::vector<NpuFault>& npus, std::vector<Flaw>& found) {
  for (std::size_t i = 0; i < npus.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (npus[i].at && npus[j].at && overlap(*npus[i].at, *npus[j].at))
        return found.push_back({keyed("npus", i, "at"), "an NPU has one speed, but some of these have two",
                                "entry " + std::to_string(j + 1) + " of the list names them too"});
}

void check_units(const std::vector<ChipFault>& chips, const Fabric& fabric, std::vector<Flaw>& found) {
  const topology::Level& outermost = fabric.levels.front();
  std::set<int> seen;
  for (std::size_t i = 0; i < chips.size(); ++i) {
    if (chips[i].units.empty())
      found.push_back({keyed("chips", i, "units"), "no unit has this chip",
                       "name some of level " + outermost.name + ", " + range_text(outermost)});
    for (std::size_t u = 0; u < chips[i].units.size(); ++u) {
      const int unit = chips[i].units[u];
      const std::string key = keyed("chips", i, "units." + std::to_string(u));
      const std::string name = outermost.name + " " + std::to_string(unit);
      if (unit >= outermost.count)
        found.push_back({key, "there is no " + name, range_text(outermost)});
      else if (!seen.insert(unit).second)
        found.push_back({key, name + " has a chip already", "name each unit once"});
    }
  }
}

std::vector<topology::PlaneFault> planes_of(const Faults& faults) {
  std::vector<topology::PlaneFault> planes;
  for (const PlaneFault& plane : faults.planes) planes.push_back({plane.network, plane.count});
  return planes;
}

/// `cables.3.to` of what was built, as the scenario's entry calls it: `links.1.to`.
Flaw of_entry(Flaw flaw, const DrawnHardware& hardware) {
  const auto dot = flaw.key.find('.'), end = flaw.key.find('.', dot + 1);
  if (dot == std::string::npos) return flaw;
  const std::size_t number = std::stoul(flaw.key.substr(dot + 1, end - dot - 1));
  const std::string field = end == std::string::npos ? "" : flaw.key.substr(end + 1);
  flaw.key = flaw.key.starts_with("cables") ? keyed("links", hardware.entry_of_cable[number], field)
                                            : keyed("switches", hardware.entry_of_switch[number], field);
  return flaw;
}

void check_hardware(const DrawnHardware& hardware, const topology::Wiring& wiring, std::vector<Flaw>& found) {
  for (Flaw& flaw : topology::flaws(wiring, hardware.faults))
    found.push_back(of_entry(std::move(flaw), hardware));
}

void require_none(const std::vector<Flaw>& found) {
  if (!found.empty()) throw std::invalid_argument{found.front().message};
}

}  // namespace

std::vector<Flaw> flaws(const Faults& faults, const System& system, std::int64_t seed) {
  const Fabric whole = system.fabric();
  std::vector<Flaw> found;
  check_forms(faults.links, "links", whole, found);
  check_forms(faults.switches, "switches", whole, found);
  check_forms(faults.npus, "npus", whole, found);
  check_speeds(faults.npus, found);
  check_units(faults.chips, whole, found);
  for (std::size_t i = 0; i < faults.planes.size(); ++i)
    network_named(faults.planes[i].network, keyed("planes", i, "network"), whole, found);
  if (!found.empty()) return found;
  for (Flaw& flaw : topology::flaws(whole, planes_of(faults))) {
    if (flaw.key.ends_with(".planes")) flaw.key.replace(flaw.key.size() - 6, 6, "count");
    found.push_back(std::move(flaw));
  }
  if (!found.empty()) return found;
  const topology::Wiring wiring{fabric(faults, system)};
  DrawnHardware hardware = named_hardware(faults, wiring);
  check_hardware(hardware, wiring, found);
  if (!found.empty()) return found;
  draw(hardware, faults, wiring, seed, found);
  drawn_npus(faults, whole, seed, found);
  if (found.empty()) check_hardware(hardware, wiring, found);
  return found;
}

Fabric fabric(const Faults& faults, const System& system) {
  return topology::without(system.fabric(), planes_of(faults));
}

Asymmetry asymmetry(const Faults& faults, const topology::Wiring& wiring, std::int64_t seed) {
  std::vector<Flaw> found;
  DrawnHardware hardware = named_hardware(faults, wiring);
  draw(hardware, faults, wiring, seed, found);
  Asymmetry result{
      topology::degraded(wiring, hardware.faults), drawn_npus(faults, wiring.fabric(), seed, found).npus, {}};
  require_none(found);
  result.chips = other_chips(faults);
  return result;
}

std::vector<OtherChip> other_chips(const Faults& faults) {
  std::vector<OtherChip> chips;
  for (const ChipFault& fault : faults.chips) chips.push_back({fault.units, fault.chip.value});
  return chips;
}

}  // namespace superpod::models
