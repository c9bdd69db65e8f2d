/// Random links of a wiring, for tests of faults.
#pragma once

#include <optional>
#include <random>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// Any link of any family, families alike; nothing if the family that was drawn has no member.
template <class Random>
std::optional<LinkKey> random_link(const Wiring& wiring, Random& random) {
  const auto below = [&](int end) { return std::uniform_int_distribution<int>{0, end - 1}(random); };
  LinkKey key{below(static_cast<int>(wiring.link_families().size())), {}, absent};
  const LinkFamily& family = wiring.link_families()[static_cast<std::size_t>(key.family)];
  if (wiring.members(family) == 0) return std::nullopt;
  for (std::size_t level = 0; level < key.at.size(); ++level)
    key.at[level] = family.has[level] ? below(wiring.count(static_cast<int>(level))) : absent;
  if (family.kind == LinkFamily::Kind::mesh) {
    const int size = wiring.count(family.level);
    key.other = (key.at[static_cast<std::size_t>(family.level)] + 1 + below(size - 1)) % size;
  }
  if (family.kind == LinkFamily::Kind::global) key.other = below(family.extras);
  return key;
}

}  // namespace superpod::topology
