#include "topology/fabric/node_links.hpp"

#include <algorithm>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

using Kind = LinkFamily::Kind;

}  // namespace

std::pair<int, int> others_from(const Wiring& wiring, const LinkFamily& family, const NodeKey& node) {
  switch (family.kind) {
    case Kind::mesh:
      return {0, wiring.count(family.level)};
    case Kind::global: {
      const int of_router = family.extras / wiring.count(family.level + 1);
      const int router = node.at[index(family.level + 1)];
      return {router * of_router, (router + 1) * of_router};
    }
    case Kind::next:
    case Kind::previous:
      return {0, wiring.count(family.level) > 1 ? 1 : 0};
    case Kind::up:
    case Kind::down:
      return {0, 1};
  }
  return {0, 0};
}

LinkKey reverse(const Wiring& wiring, const LinkKey& link) {
  const LinkFamily& family = wiring.link_families()[index(link.family)];
  LinkKey back = link;
  const std::size_t level = index(std::max(family.level, 0));
  switch (family.kind) {
    case Kind::mesh:
      std::swap(back.at[level], back.other);
      break;
    case Kind::next:  // a wiring lays the two directions of a ring, or up and down, one after the other
      ++back.family;
      back.at[level] = (link.at[level] + 1) % wiring.count(family.level);
      break;
    case Kind::previous:
      --back.family;
      back.at[level] = (link.at[level] + wiring.count(family.level) - 1) % wiring.count(family.level);
      break;
    case Kind::up:
      ++back.family;
      break;
    case Kind::down:
      --back.family;
      break;
    case Kind::global:
      back.at[level] = (link.at[level] + link.other + 1) % wiring.count(family.level);
      back.other = family.extras - 1 - link.other;
      break;
  }
  return back;
}

}  // namespace superpod::topology
