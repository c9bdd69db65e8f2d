/// The links at one node, without listing those of the fabric.
#pragma once

#include <array>
#include <utility>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// The range of LinkKey::other that the links of a family have which leave a node, in a mesh its own digit
/// among them; for families without pairs or extras one value, of a ring without neighbours none.
std::pair<int, int> others_from(const Wiring& wiring, const LinkFamily& family, const NodeKey& node);

/// Calls visit(link) for each link of a family that leaves a node, which is of LinkFamily::from.
template <class Visit>
void for_links_from(const Wiring& wiring, int family_index, const NodeKey& node, Visit&& visit) {
  using Kind = LinkFamily::Kind;
  const LinkFamily& family = wiring.link_families()[static_cast<std::size_t>(family_index)];
  LinkKey link{family_index, node.at, absent};
  std::array<bool, max_levels> chosen{};  // digits of a node below that the one above does not have
  for (std::size_t level = 0; level < max_levels; ++level) {
    chosen[level] = family.has[level] && node.at[level] == absent;
    if (!family.has[level]) link.at[level] = absent;
    if (chosen[level]) link.at[level] = 0;
  }
  const auto [first, last] = others_from(wiring, family, node);
  while (true) {
    for (int other = first; other < last; ++other) {
      if (family.kind == Kind::mesh && other == node.at[static_cast<std::size_t>(family.level)]) continue;
      if (family.kind == Kind::mesh || family.kind == Kind::global) link.other = other;
      visit(std::as_const(link));
    }
    int level = wiring.levels() - 1;  // the next member below, the innermost digit fastest
    for (; level >= 0; --level) {
      if (!chosen[static_cast<std::size_t>(level)]) continue;
      int& digit = link.at[static_cast<std::size_t>(level)];
      if (++digit < wiring.count(level)) break;
      digit = 0;
    }
    if (level < 0) return;
  }
}

/// The link that leads back, over the same cables.
LinkKey reverse(const Wiring& wiring, const LinkKey& link);

}  // namespace superpod::topology
