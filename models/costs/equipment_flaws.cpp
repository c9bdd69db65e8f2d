#include <algorithm>
#include <map>
#include <set>

#include "models/costs/bill.hpp"
#include "models/costs/bill_prices.hpp"
#include "models/costs/cable_count.hpp"
#include "sim/values/closest_word.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

std::string quoted(const std::string& word) { return "'" + word + "'"; }

std::string one_of(const std::string& word, const std::vector<std::string>& known) {
  if (known.empty()) return "there is none here";
  std::string all;
  for (const std::string& each : known) all += (all.empty() ? "" : ", ") + each;
  const auto meant = closest_word(word, known);
  return (meant ? "did you mean " + quoted(*meant) + "? " : "") + "known here: " + all;
}

std::vector<std::string> level_names(const System& system) {
  std::vector<std::string> names;
  for (const topology::Level& level : system.levels) names.push_back(level.name);
  return names;
}

std::vector<std::string> network_names(const System& system) {
  std::vector<std::string> names;
  for (const topology::Network& network : system.networks)
    names.push_back(std::visit([](const auto& its) { return its.name; }, network));
  return names;
}

bool is_in(const std::string& word, const std::vector<std::string>& known) {
  return std::ranges::find(known, word) != known.end();
}

void check_word(const std::string& key, const std::string& word, const std::vector<std::string>& known,
                const std::string& what, std::vector<Flaw>& found) {
  if (!is_in(word, known))
    found.push_back({key, "no " + what + " is called " + quoted(word), one_of(word, known)});
}

void check_equipment(const System& system, std::vector<Flaw>& found) {
  const auto levels = level_names(system), networks = network_names(system);
  int with_npus = 0;
  for (std::size_t i = 0; i < system.equipment.size(); ++i) {
    const Equipment& equipment = system.equipment[i];
    const std::string key = "equipment." + std::to_string(i);
    if (!equipment.level.empty()) check_word(key + ".level", equipment.level, levels, "level", found);
    if (is_in(equipment.name, levels) || equipment.name == "system")
      found.push_back({key + ".name", quoted(equipment.name) + " is the name of a level, too",
                       "call it otherwise, e.g. 'compute cabinet': a price by that name would mean either"});
    if (equipment.power && equipment.power_with_npus)
      found.push_back(
          {key + ".power", "its power is told twice, without NPUs and with them", "leave one out"});
    if (equipment.power_with_npus && ++with_npus > 1)
      found.push_back({key + ".power_with_npus", "other equipment has the NPUs' power in its own already",
                       "tell of this one `power`, without NPUs"});
    for (const auto* list : {&equipment.switches_of, &equipment.cables_of})
      for (const std::string& network : *list)
        check_word(key + (list == &equipment.cables_of ? ".cables_of" : ".switches_of"), network, networks,
                   "network", found);
    if (equipment.cables_of.empty() && (equipment.cables || equipment.optical_modules))
      found.push_back({key + (equipment.cables ? ".cables" : ".optical_modules"),
                       "of which networks is not said", "name them in cables_of"});
  }
}

/// Of `has` stages or tiers of a network, each is told once.
struct Part {
  std::string key, network;  ///< `cables.0`, its network
  std::string word;          ///< `stage` or `tier`
  int number = 0;
};

void check_parts(const std::vector<Part>& parts, const std::map<std::string, int>& has,
                 const std::vector<std::string>& networks, std::vector<Flaw>& found) {
  std::set<std::pair<std::string, int>> seen;
  for (const auto& [key, network, word, number] : parts) {
    check_word(key + ".network", network, networks, "network", found);
    if (!is_in(network, networks)) continue;
    const auto at = has.find(network);
    const int count = at == has.end() ? 0 : at->second;
    if (number >= count)
      found.push_back(
          {key + "." + word,
           quoted(network) + " has " + std::to_string(count) + " " + word + (count == 1 ? "" : "s"),
           "they are counted from 0"});
    else if (!seen.insert({network, number}).second)
      found.push_back(
          {key, network + ", " + word + " " + std::to_string(number) + ", is told twice", "leave one out"});
  }
}

/// Whether prices name what there is, and nothing twice: what a priced unit contains has no price of its own.
void check_units(const Prices& prices, const System& system, std::vector<Flaw>& found) {
  std::vector<std::string> known = level_names(system);
  known.emplace_back("system");
  for (const Equipment& equipment : system.equipment) known.push_back(equipment.name);
  for (const Switches& each : system.switches) known.push_back(each.name);
  const auto note_contained = [&](const std::string& key, const std::string& what, int position) {
    if (const auto unit = container(prices, system, position))
      found.push_back({key, "the price of a " + *unit + " contains " + what,
                       "leave one out: the price of a unit of a level is that of all within"});
  };
  for (const auto& [name, price] : prices.units) {
    const std::string key = "units." + name;
    check_word(key, name, known, "level, equipment or switch", found);
    if (const auto position = position_of(system, name))
      note_contained(key, "that of a " + name, *position - 1);
    for (const Equipment& equipment : system.equipment)
      if (equipment.name == name)
        note_contained(key, "that of " + name, position_of(system, equipment.level).value_or(-1));
  }
  if (prices.npu) note_contained("npu", "its NPUs", static_cast<int>(system.levels.size()) - 1);
}

}  // namespace

std::vector<Flaw> equipment_flaws(const System& system) {
  std::vector<Flaw> found;
  check_equipment(system, found);
  const auto networks = network_names(system);
  std::map<std::string, int> stages, tiers;
  for (const CableStage& stage : cable_stages(system)) ++stages[stage.network];
  for (const SwitchTier& tier : switch_tiers(system)) ++tiers[tier.network];
  std::vector<Part> parts;
  for (std::size_t i = 0; i < system.cables.size(); ++i)
    parts.push_back(
        {"cables." + std::to_string(i), system.cables[i].network, "stage", system.cables[i].stage});
  check_parts(parts, stages, networks, found);
  parts.clear();
  for (std::size_t i = 0; i < system.switches.size(); ++i)
    parts.push_back(
        {"switches." + std::to_string(i), system.switches[i].network, "tier", system.switches[i].tier});
  check_parts(parts, tiers, networks, found);
  return found;
}

std::vector<Flaw> flaws(const Prices& prices, const System& system) {
  std::vector<Flaw> found;
  check_units(prices, system, found);
  if (prices.interest && !prices.lifetime)
    found.push_back(
        {"interest", "interest is paid over a lifetime, which is not told", "add lifetime, e.g. 5 y"});
  return found;
}

}  // namespace superpod::models
