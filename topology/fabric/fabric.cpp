#include "topology/fabric/fabric.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace superpod::topology {
namespace {

std::string key_of(std::size_t network, const std::string& field) {
  return "networks." + std::to_string(network) + "." + field;
}

const std::vector<std::string>& levels_of(const Network& network) {
  return std::visit([](const auto& n) -> const std::vector<std::string>& { return n.levels; }, network);
}

/// Positions of a network's levels in the fabric; reports those that are not there.
std::vector<int> positions(const Fabric& fabric, std::size_t network, std::vector<Flaw>& found) {
  std::vector<int> result;
  for (const std::string& name : levels_of(fabric.networks[network])) {
    const auto at = std::ranges::find(fabric.levels, name, &Level::name);
    if (at == fabric.levels.end())
      found.push_back({key_of(network, "levels"), "no level is called '" + name + "'",
                       "levels are declared in `levels`"});
    else
      result.push_back(static_cast<int>(at - fabric.levels.begin()));
  }
  return result;
}

/// Work around a ring takes time and memory in proportion to its size, squared.
constexpr int most_of_a_ring = 1 << 12;

void check_levels(const Fabric& fabric, std::vector<Flaw>& found) {
  if (fabric.levels.empty())
    found.push_back({"levels", "a fabric needs at least one level", "e.g. {name: npu, count: 8}"});
  if (fabric.levels.size() > max_levels)
    found.push_back({"levels", "more than " + std::to_string(max_levels) + " levels",
                     "join neighbouring levels into one"});
  std::set<std::string> seen;
  for (std::size_t i = 0; i < fabric.levels.size(); ++i)
    if (!seen.insert(fabric.levels[i].name).second)
      found.push_back({"levels." + std::to_string(i) + ".name",
                       "two levels are called '" + fabric.levels[i].name + "'",
                       "give each level a name of its own"});
  double npus = 1;  // no overflow: eight levels of 2^30 are 2^240
  for (const Level& level : fabric.levels) npus *= level.count;
  if (npus > most_npus)
    found.push_back({"levels", "its levels have more than 2^30 NPUs together",
                     "the product of their counts is the number of NPUs"});
}

void check_tiers(const Fabric& fabric, std::size_t network, const Clos& clos, std::vector<Flaw>& found) {
  int last = static_cast<int>(fabric.levels.size());
  for (const Tier& tier : clos.tiers) {
    const auto at = std::ranges::find(fabric.levels, tier.level, &Level::name);
    const int level = static_cast<int>(at - fabric.levels.begin());
    if (std::ranges::find(clos.levels, tier.level) == clos.levels.end())
      found.push_back({key_of(network, "tiers"), "tier '" + tier.level + "' is not a level of this network",
                       "a tier joins the units of one of the network's levels"});
    else if (level >= last)
      found.push_back({key_of(network, "tiers"),
                       "tier '" + tier.level + "' is not further out than the tier before it",
                       "name the lowest (innermost) tier first"});
    last = level;
  }
}

void check_rings(const Fabric& fabric, std::size_t network, const std::vector<int>& at,
                 std::vector<Flaw>& found) {
  for (const int level : at)
    if (const int count = fabric.levels[static_cast<std::size_t>(level)].count; count > most_of_a_ring)
      found.push_back(
          {key_of(network, "levels"),
           "a ring of " + std::to_string(count) + " is larger than " + std::to_string(most_of_a_ring),
           "a torus of more, and smaller, dimensions"});
}

void check_dragonfly(const Fabric& fabric, std::size_t network, const std::vector<int>& at,
                     std::vector<Flaw>& found) {
  if (at.size() != 3) {
    found.push_back({key_of(network, "levels"), "a dragonfly has three levels", "[group, router, terminal]"});
    return;
  }
  const int groups = fabric.levels[static_cast<std::size_t>(at[0])].count;
  const int routers = fabric.levels[static_cast<std::size_t>(at[1])].count;
  if (groups < 2 || (groups - 1) % routers != 0)
    found.push_back({key_of(network, "levels"),
                     std::to_string(groups) + " groups cannot be joined evenly by " +
                         std::to_string(routers) + " routers each",
                     "groups - 1 must be a multiple of the routers in a group"});
}

}  // namespace

std::int64_t npus(const Fabric& fabric) {
  std::int64_t product = 1;
  for (const Level& level : fabric.levels) product *= level.count;
  return product;
}

std::vector<Flaw> flaws(const Fabric& fabric) {
  std::vector<Flaw> found;
  check_levels(fabric, found);
  if (!found.empty()) return found;

  int next =
      static_cast<int>(fabric.levels.size());  // the network that comes next must end just inside this level
  for (std::size_t n = 0; n < fabric.networks.size(); ++n) {
    const std::vector<int> at = positions(fabric, n, found);
    if (at.size() != levels_of(fabric.networks[n]).size()) return found;
    if (at.empty())
      found.push_back({key_of(n, "levels"), "a network joins at least one level", "name its levels"});
    for (std::size_t i = 0; i < at.size(); ++i)
      if (at[i] != next - static_cast<int>(at.size() - i)) {
        found.push_back(
            {key_of(n, "levels"),
             "level '" + fabric.levels[static_cast<std::size_t>(at[i])].name + "' is out of place here",
             "each level belongs to one network; networks go from the inside out, levels from the outside "
             "in"});
        return found;
      }
    next -= static_cast<int>(at.size());
    if (const Clos* clos = std::get_if<Clos>(&fabric.networks[n])) check_tiers(fabric, n, *clos, found);
    if (std::holds_alternative<Torus>(fabric.networks[n])) check_rings(fabric, n, at, found);
    if (std::holds_alternative<Dragonfly>(fabric.networks[n])) check_dragonfly(fabric, n, at, found);
  }
  if (next != 0)
    found.push_back(
        {"networks",
         "no network joins level '" + fabric.levels[static_cast<std::size_t>(next) - 1].name + "'",
         "each level belongs to one network"});
  return found;
}

}  // namespace superpod::topology
