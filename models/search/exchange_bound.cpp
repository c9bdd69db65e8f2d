#include "models/search/exchange_bound.hpp"

#include <algorithm>
#include <set>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using topology::Address;
using topology::Digit;
using topology::Grid;
using topology::LinkKey;

/// What tells sets of digits apart, whatever the grid calls them.
std::vector<int> key_of(const Grid& grid, const std::vector<int>& digits, const std::vector<int>& pipeline) {
  std::vector<int> key;
  for (const auto* set : {&digits, &pipeline}) {
    for (const int d : *set)
      key.insert(key.end(), {grid[index(d)].level, grid[index(d)].stride, grid[index(d)].size});
    key.push_back(-1);
  }
  return key;
}

/// All NPUs that differ from the first one on these digits only, itself included.
std::vector<Address> members_of(const Grid& grid, const std::vector<int>& digits) {
  std::vector<Address> members{Address{}};
  for (const int d : digits) {
    const Digit& digit = grid[index(d)];
    const std::size_t before = members.size();
    for (int value = 1; value < digit.size; ++value)
      for (std::size_t p = 0; p < before; ++p) {
        members.push_back(members[p]);
        members.back()[index(digit.level)] += value * digit.stride;
      }
  }
  return members;
}

/// The value of a digit one further, around its end.
Address next_on(const Digit& digit, Address at) {
  int& value = at[index(digit.level)];
  const bool last = value / digit.stride % digit.size == digit.size - 1;
  value += last ? -(digit.size - 1) * digit.stride : digit.stride;
  return at;
}

}  // namespace

ExchangeBound& ExchangeBound::operator+=(const ExchangeBound& next) {
  latency += next.latency;
  per_byte += next.per_byte;
  of_family.resize(std::max(of_family.size(), next.of_family.size()));
  for (std::size_t f = 0; f < next.of_family.size(); ++f) of_family[f] += next.of_family[f];
  return *this;
}

ExchangeBounds::Touched ExchangeBounds::touched_by(const Exchange& exchange) const {
  using Symmetry = topology::Wiring::Symmetry;
  std::vector<int> told_apart;  // digits on which a sender's place changes its routes
  bool first_hop_only = false;
  for (const int d : exchange.digits) {
    const Symmetry symmetry = wiring_.symmetry(exchange.grid[index(d)].level);
    if (symmetry == Symmetry::rotations) told_apart.push_back(d);
    first_hop_only = first_hop_only || symmetry == Symmetry::none;
  }
  const std::vector<Address> places = members_of(exchange.grid, told_apart);
  const double share = 1.0 / static_cast<double>(places.size());
  const std::size_t families = wiring_.link_families().size();
  Touched touched{{}, std::vector<double>(families), std::vector<double>(families)};
  for (const Address& place : places) {
    std::set<LinkKey> links;
    for (const Address& peer : exchange.peers_of(place)) {
      auto route = wiring_.route(place, peer);
      const Seconds latency = wiring_.latency(route);
      touched.least_latency =
          touched.least_latency == Seconds{} ? latency : std::min(touched.least_latency, latency);
      if (first_hop_only) route.resize(1);
      for (const LinkKey& link : route) {
        touched.hops[index(link.family)] += share;
        links.insert(link);
      }
    }
    for (const LinkKey& link : links) touched.links[index(link.family)] += share;
  }
  return touched;
}

ExchangeBound ExchangeBounds::bound_of(const Exchange& exchange) const {
  const auto& families = wiring_.link_families();
  const Touched touched = touched_by(exchange);
  double senders = 1;
  std::vector<double> told_apart(index(wiring_.levels()), 1);  // [level] pipeline ranks
  for (int level = 0; level < wiring_.levels(); ++level) senders *= wiring_.count(level);
  for (const int d : exchange.pipeline) {
    const Digit& digit = exchange.grid[index(d)];
    senders /= digit.size;
    told_apart[index(digit.level)] *= digit.size;
  }
  ExchangeBound bound;
  bound.latency = touched.least_latency;
  bound.of_family.resize(families.size());
  for (std::size_t f = 0; f < families.size(); ++f) {
    if (touched.hops[f] == 0) continue;
    double members = wiring_.members(families[f]);
    const bool passed_through = families[f].kind == topology::LinkFamily::Kind::next ||
                                families[f].kind == topology::LinkFamily::Kind::previous;
    for (std::size_t level = 0; level < told_apart.size(); ++level)
      if (families[f].has[level] && !passed_through) members /= told_apart[level];
    const double used = std::min(members, senders * touched.links[f]);
    const SecondsPerByte per_byte =
        SecondsPerByte{senders * touched.hops[f] / used / families[f].bandwidth.in(unit::B / unit::s)};
    bound.per_byte = std::max(bound.per_byte, per_byte);
    if (used == members) bound.of_family[f] = per_byte;
  }
  return bound;
}

const ExchangeBound& ExchangeBounds::with_all(const Grid& grid, const std::vector<int>& digits,
                                              const std::vector<int>& pipeline) {
  const auto [at, added] = known_.try_emplace(key_of(grid, digits, pipeline));
  if (!added) return at->second;
  const std::vector<Address> members = members_of(grid, digits);
  return at->second = bound_of({grid, digits, pipeline, [&](const Address& place) {
                                  std::vector<Address> peers = members;
                                  std::erase(peers, place);
                                  return peers;
                                }});
}

ExchangeBound ExchangeBounds::next_along(const Grid& grid, int digit,
                                         const std::vector<int>& pipeline) const {
  const std::vector<int> along{digit};
  return bound_of({grid, along, pipeline,
                   [&](const Address& place) { return std::vector{next_on(grid[index(digit)], place)}; }});
}

ExchangeBound ExchangeBounds::scatter(const Grid& grid, const std::vector<int>& digits,
                                      const std::vector<int>& pipeline) {
  ExchangeBound sum;
  double size = 1;
  for (const int d : digits) {
    const int ranks = grid[index(d)].size;
    const bool alike = wiring_.symmetry(grid[index(d)].level) == topology::Wiring::Symmetry::all;
    ExchangeBound phase = alike ? with_all(grid, {d}, pipeline) : next_along(grid, d, pipeline);
    const double times = alike ? 1 : ranks - 1;
    phase.latency *= times;
    phase.per_byte *= times * size / ranks;
    for (SecondsPerByte& of_family : phase.of_family) of_family *= times * size / ranks;
    sum += phase;
    size /= ranks;
  }
  return sum;
}

ExchangeBound ExchangeBounds::to_neighbour(const Grid& grid, const std::vector<int>& pipeline) const {
  ExchangeBound least;
  for (const int d : pipeline) {
    Address next{};
    next[index(grid[index(d)].level)] = grid[index(d)].stride;
    const auto route = wiring_.route(Address{}, next);
    ExchangeBound bound;
    bound.latency = wiring_.latency(route);
    for (const LinkKey& link : route) {
      const BytesPerSecond bandwidth = wiring_.link_families()[index(link.family)].bandwidth;
      bound.per_byte = std::max(bound.per_byte, SecondsPerByte{1 / bandwidth.in(unit::B / unit::s)});
    }
    if (least.latency == Seconds{} || bound.latency < least.latency) least.latency = bound.latency;
    if (least.per_byte == SecondsPerByte{} || bound.per_byte < least.per_byte)
      least.per_byte = bound.per_byte;
  }
  return least;
}

}  // namespace superpod::models
