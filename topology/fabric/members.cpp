#include "topology/fabric/members.hpp"

#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

using Kind = LinkFamily::Kind;

/// The values of the digits in `has`, the innermost fastest; takes them off `number`.
Address take_digits(const Wiring& wiring, const std::array<bool, max_levels>& has, std::int64_t& number) {
  Address at;
  at.fill(absent);
  for (int level = wiring.levels(); level-- > 0;)
    if (has[index(level)]) {
      at[index(level)] = static_cast<int>(number % wiring.count(level));
      number /= wiring.count(level);
    }
  return at;
}

template <class Family>
std::int64_t size_of(const Wiring& wiring, const Family& family) {
  return static_cast<std::int64_t>(wiring.members(family));
}

template <class Family>
std::vector<int> families_of(const std::vector<Family>& families, int network) {
  std::vector<int> found;
  for (std::size_t f = 0; f < families.size(); ++f)
    if (families[f].network == network) found.push_back(static_cast<int>(f));
  return found;
}

/// A network's switches, the lowest tier first; the top one only where there is no other.
std::vector<int> switch_families(const Wiring& wiring, int network) {
  std::vector<int> found = families_of(wiring.node_families(), network);
  if (found.size() > 1) found.pop_back();
  return found;
}

template <class Family>
std::int64_t members_in(const Wiring& wiring, const std::vector<Family>& families,
                        const std::vector<int>& chosen) {
  std::int64_t sum = 0;
  for (const int f : chosen) sum += size_of(wiring, families[index(f)]);
  return sum;
}

/// The family that a member belongs to; its number within the family is left in `number`.
template <class Family>
int family_of(const Wiring& wiring, const std::vector<Family>& families, const std::vector<int>& chosen,
              std::int64_t& number) {
  for (const int f : chosen) {
    const std::int64_t members = size_of(wiring, families[index(f)]);
    if (number < members) return f;
    number -= members;
  }
  throw std::out_of_range{"members: the network has fewer of them"};
}

}  // namespace

std::int64_t links_in(const Wiring& wiring, int network) {
  return members_in(wiring, wiring.link_families(), families_of(wiring.link_families(), network));
}

LinkKey link_numbered(const Wiring& wiring, int network, std::int64_t number) {
  const int f =
      family_of(wiring, wiring.link_families(), families_of(wiring.link_families(), network), number);
  const LinkFamily& family = wiring.link_families()[index(f)];
  LinkKey link{f, take_digits(wiring, family.has, number)};
  if (family.kind == Kind::mesh)  // of the values that are left to the other end
    link.other = static_cast<int>(number) + (number >= link.at[index(family.level)] ? 1 : 0);
  if (family.kind == Kind::global) link.other = static_cast<int>(number);
  return link;
}

std::int64_t switches_in(const Wiring& wiring, int network) {
  return members_in(wiring, wiring.node_families(), switch_families(wiring, network));
}

NodeKey switch_numbered(const Wiring& wiring, int network, std::int64_t number) {
  const int f = family_of(wiring, wiring.node_families(), switch_families(wiring, network), number);
  return {f, take_digits(wiring, wiring.node_families()[index(f)].has, number)};
}

Ends named_ends(const Wiring& wiring, const LinkKey& link) {
  const LinkFamily& family = wiring.link_families()[index(link.family)];
  auto [from, to] = wiring.ends(link);
  if (family.kind == Kind::global)
    for (int level = family.level + 1; level < wiring.levels(); ++level)
      from.at[index(level)] = to.at[index(level)] = absent;
  Ends ends{from.at, to.at};
  if (family.kind == Kind::up) ends.to.reset();
  if (family.kind == Kind::down) ends.from.reset();
  return ends;
}

std::string address_text(const Wiring& wiring, const Address& at) {
  std::string text = "[";
  int level = 0;
  for (; level < wiring.levels() && at[index(level)] != absent; ++level)
    text += (level == 0 ? "" : ", ") + std::to_string(at[index(level)]);
  text += "]";
  std::string rail;
  for (; level < wiring.levels(); ++level)
    if (at[index(level)] != absent) rail += (rail.empty() ? "" : ", ") + std::to_string(at[index(level)]);
  return rail.empty() ? text : text + " rail [" + rail + "]";
}

std::string name_of(const Wiring& wiring, const LinkKey& link) {
  const int network = wiring.link_families()[index(link.family)].network;
  const Ends ends = named_ends(wiring, link);
  const std::string name = name_of(wiring.fabric().networks[index(network)]) + " ";
  if (!ends.to) return name + address_text(wiring, *ends.from) + " up";
  if (!ends.from) return name + address_text(wiring, *ends.to) + " down";
  return name + address_text(wiring, *ends.from) + " to " + address_text(wiring, *ends.to);
}

const std::string& name_of(const Network& network) {
  return std::visit([](const auto& n) -> const std::string& { return n.name; }, network);
}

}  // namespace superpod::topology
