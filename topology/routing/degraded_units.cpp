#include "topology/routing/degraded_units.hpp"

#include <map>
#include <set>
#include <utility>

namespace superpod::topology {

std::vector<LinkKey> degraded_units(const Routes& routes) {
  const Wiring& wiring = routes.wiring();
  using Unit = std::pair<LinkKey, double>;
  std::set<Unit> units(routes.degraded().begin(), routes.degraded().end());
  for (int level = wiring.levels() - 1; level >= 0; --level) {
    const auto digit = static_cast<std::size_t>(level);
    std::map<Unit, int> members;  // of the unit that takes all values of the digit
    const auto whole = [&](Unit unit) {
      unit.first.at[digit] = absent;
      return unit;
    };
    const auto may_join = [&](const LinkKey& link) {
      const LinkFamily& family = wiring.link_families()[static_cast<std::size_t>(link.family)];
      return link.at[digit] != absent && family.has[digit] && family.level != level;
    };
    for (const Unit& unit : units)
      if (may_join(unit.first)) ++members[whole(unit)];
    std::set<Unit> joined;
    for (const Unit& unit : units) {
      const bool all = may_join(unit.first) && members[whole(unit)] == wiring.count(level);
      joined.insert(all ? whole(unit) : unit);
    }
    units = std::move(joined);
  }
  std::vector<LinkKey> keys;
  for (const auto& [key, share] : units) keys.push_back(key);
  return keys;
}

}  // namespace superpod::topology
