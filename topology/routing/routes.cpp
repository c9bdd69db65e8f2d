#include "topology/routing/routes.hpp"

#include <algorithm>

#include "sim/values/index.hpp"
#include "topology/fabric/places.hpp"

namespace superpod::topology {
namespace {

using Kind = LinkFamily::Kind;

bool is_clos(const Wiring& wiring, int network) {
  return std::holds_alternative<Clos>(wiring.fabric().networks[index(network)]);
}

/// `at` with the digits within `level` that `inner` has.
Address with_inner(Address at, const Address& inner, int level) {
  for (std::size_t l = index(level) + 1; l < at.size(); ++l) at[l] = inner[l];
  return at;
}

/// The next values of the digits within `level`, the innermost fastest; false after the last ones.
bool advance(const Wiring& wiring, Address& at, int level) {
  for (int l = wiring.levels() - 1; l > level; --l) {
    if (++at[index(l)] < wiring.count(l)) return true;
    at[index(l)] = 0;
  }
  return false;
}

}  // namespace

Routes::Routes(const Wiring& wiring, std::span<const Degraded> degraded) : wiring_{wiring}, dead_{wiring} {
  for (const auto& [link, share] : degraded) {
    const auto [at, added] = share_of_.try_emplace(link, share);
    if (!added) at->second *= share;
  }
  for (const auto& [link, share] : share_of_)
    if (share == 0) dead_.add(link);
}

Path Routes::path(const Address& from, const Address& to) const {
  const auto links = wiring_.route(from, to);
  const Seconds endpoints = wiring_.fabric().endpoint_latency.value;
  if (std::ranges::none_of(links, [&](const LinkKey& link) { return dead_.contains(link); })) {
    Path path{{}, wiring_.latency(links)};
    for (const LinkKey& link : links) path.hops.push_back({link, 1});
    return path;
  }
  Found found = ways(from, to);
  if (Ways* all = std::get_if<Ways>(&found)) return {std::move(all->hops), endpoints + all->latency};
  throw Unreachable{"no way is left from NPU (" + in_words(wiring_, from) + ") to NPU (" +
                    in_words(wiring_, to) + "): " + in_words(wiring_, std::get<LinkKey>(found)) +
                    " is dead, and no way leads around it"};
}

/// The route rule of fabric.hpp, network by network: the last network that is crossed is that of the
/// outermost level on which the ends differ; a positional one is crossed after the inner digits were put
/// right.
Routes::Found Routes::ways(const Address& from, const Address& to) const {
  int outermost = 0;
  while (outermost < wiring_.levels() && from[index(outermost)] == to[index(outermost)]) ++outermost;
  if (outermost == wiring_.levels()) return Ways{};
  const int network = wiring_.network_of(outermost);
  if (!wiring_.is_positional(network)) return crossing(network, from, to);

  const Address turn = with_inner(from, to, wiring_.levels_of(network).second);
  const Found inside = ways(from, turn);
  const Found outside = crossing(network, turn, to);
  const auto* first = std::get_if<Ways>(&inside);
  const auto* second = std::get_if<Ways>(&outside);
  if (first && second) return then(*first, *second);
  if (is_clos(wiring_, network))
    if (const auto around = over_rails(network, from, to)) return *around;
  return first ? outside : inside;
}

Routes::Found Routes::crossing(int network, const Address& from, const Address& to) const {
  const auto links = wiring_.crossing(network, from, to);
  const auto obstacle =
      std::ranges::find_if(links, [&](const LinkKey& link) { return dead_.contains(link); });
  if (obstacle == links.end()) return one_way(wiring_, links);
  if (is_clos(wiring_, network)) return *obstacle;

  // Of the NPU and its switch there is one link; what lies between the switches, or between NPUs, can be gone
  // around.
  const auto kind = [&](const LinkKey& link) { return wiring_.link_families()[index(link.family)].kind; };
  const bool switched = kind(links.front()) == Kind::up;
  if (switched && dead_.contains(links.front())) return links.front();
  if (switched && dead_.contains(links.back())) return links.back();
  const NodeKey start = switched ? wiring_.ends(links.front()).second : wiring_.ends(links.front()).first;
  const NodeKey end = switched ? wiring_.ends(links.back()).first : wiring_.ends(links.back()).second;
  const auto around = shortest_ways(wiring_, dead_, network, start, end);
  if (!around) return *obstacle;
  if (!switched) return *around;
  return then(then(one_way(wiring_, {links.front()}), *around), one_way(wiring_, {links.back()}));
}

std::optional<Ways> Routes::over_rails(int network, const Address& from, const Address& to) const {
  const int within = wiring_.levels_of(network).second;
  std::vector<Ways> shortest;
  Address rail{};
  do {
    const Address enter = with_inner(from, rail, within);
    const Address leave = with_inner(to, rail, within);
    const Found along = crossing(network, enter, leave);
    if (!std::holds_alternative<Ways>(along)) continue;
    const Found before = ways(from, enter);
    const Found after = ways(leave, to);
    if (!std::holds_alternative<Ways>(before) || !std::holds_alternative<Ways>(after)) continue;
    Ways whole = then(then(std::get<Ways>(before), std::get<Ways>(along)), std::get<Ways>(after));
    if (!shortest.empty() && whole.links > shortest.front().links) continue;
    if (!shortest.empty() && whole.links < shortest.front().links) shortest.clear();
    shortest.push_back(std::move(whole));
  } while (advance(wiring_, rail, within));
  if (shortest.empty()) return std::nullopt;
  return spread(shortest);
}

}  // namespace superpod::topology
