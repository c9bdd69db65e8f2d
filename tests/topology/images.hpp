/// What the symmetry of a wiring makes of its NPUs and links.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// What the wiring's symmetry makes of an address or a link: one level's digits permuted.
struct Image {
  const Wiring& wiring;
  int level;
  std::vector<int> to;  // [digit]

  [[nodiscard]] int of(int digit) const { return to[static_cast<std::size_t>(digit)]; }

  Address operator()(Address npu) const {
    int& digit = npu[static_cast<std::size_t>(level)];
    digit = of(digit);
    return npu;
  }
  LinkKey operator()(LinkKey link) const {
    const LinkFamily& family = wiring.link_families()[static_cast<std::size_t>(link.family)];
    int& digit = link.at[static_cast<std::size_t>(level)];
    if (digit != absent) digit = of(digit);
    if (family.kind == LinkFamily::Kind::mesh && family.level == level) link.other = of(link.other);
    return link;
  }
};

/// A generating set of each level's symmetry: one rotation, and for full symmetry some transpositions.
inline std::vector<Image> images(const Wiring& wiring) {
  std::vector<Image> result;
  for (int level = 0; level < wiring.levels(); ++level) {
    const int count = wiring.count(level);
    if (wiring.symmetry(level) == Wiring::Symmetry::none || count < 2) continue;
    std::vector<int> identity(static_cast<std::size_t>(count));
    std::iota(identity.begin(), identity.end(), 0);
    result.push_back({wiring, level, identity});
    std::rotate(result.back().to.begin(), result.back().to.begin() + 1, result.back().to.end());
    if (wiring.symmetry(level) != Wiring::Symmetry::all) continue;
    for (const int other : {1, count - 1}) {
      result.push_back({wiring, level, identity});
      std::swap(result.back().to[0], result.back().to[static_cast<std::size_t>(other)]);
    }
  }
  return result;
}

}  // namespace superpod::topology
