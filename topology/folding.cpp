#include "topology/folding.hpp"

#include <algorithm>
#include <stdexcept>

namespace superpod::topology {
namespace {

using Group = Digit::Group;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

int cell_of(const Digit& digit, int value) { return digit.cell.empty() ? 0 : digit.cell[index(value)]; }

double cell_size(const Digit& digit, int cell) {
  return digit.cell.empty() ? digit.size : static_cast<double>(std::ranges::count(digit.cell, cell));
}

/// Class of a value, and how many values are in it.
std::pair<int, double> orbit(const Digit& digit, int value) {
  switch (digit.group) {
    case Group::all:
      return {cell_of(digit, value), cell_size(digit, cell_of(digit, value))};
    case Group::rotations:
    case Group::xors:
      return {0, digit.size};
    case Group::none:
      return {value, 1};
  }
  throw std::logic_error{"folding: a digit without a group"};
}

/// Class of an ordered pair of values as two numbers, and how many pairs are in it.
std::pair<std::array<int, 2>, double> orbit(const Digit& digit, int u, int v) {
  switch (digit.group) {
    case Group::all: {
      const int from = cell_of(digit, u);
      const int to = cell_of(digit, v);
      const double others = cell_size(digit, to) - (from == to ? 1 : 0);
      return {{2 * from + (u == v ? 1 : 0), to}, cell_size(digit, from) * (u == v ? 1 : others)};
    }
    case Group::rotations:
      return {{(v - u + digit.size) % digit.size, 0}, static_cast<double>(digit.size)};
    case Group::xors:
      return {{u ^ v, 0}, static_cast<double>(digit.size)};
    case Group::none:
      return {{u, v}, 1.0};
  }
  throw std::logic_error{"folding: a digit without a group"};
}

std::string name_of(const Grid& grid, const Values& values) {
  std::string name;
  for (std::size_t d = 0; d < grid.size(); ++d)
    if (orbit(grid[d], values[d]).second < grid[d].size)
      name += (name.empty() ? "" : ", ") + grid[d].name + " " + std::to_string(values[d]);
  return name.empty() ? "every rank" : name;
}

}  // namespace

void single_out(Grid& grid, const Wiring& wiring, const LinkKey& link) {
  const LinkFamily& family = wiring.link_families()[index(link.family)];
  for (Digit& digit : grid) {
    if (!family.has[index(digit.level)]) continue;
    single_out(digit, digit.value_in(link.at));
    if (family.level == digit.level && family.kind == LinkFamily::Kind::mesh)
      single_out(digit, link.other / digit.stride % digit.size);
  }
}

Folding::Folding(const Routes& routes, Grid grid) : routes_{routes}, grid_{std::move(grid)} {
  // A link or route label needs the values of every digit to be told from the address: strides are those of the level.
  for (const Digit& digit : grid_) {
    auto& firsts = first_of_cell_.emplace_back();
    if (digit.group == Group::all) {
      const int cells = digit.cell.empty() ? 1 : *std::ranges::max_element(digit.cell) + 1;
      for (int cell = 0; cell < cells; ++cell)
        firsts.push_back(digit.cell.empty()
                             ? 0
                             : static_cast<int>(std::ranges::find(digit.cell, cell) - digit.cell.begin()));
    } else if (digit.group == Group::none) {
      for (int value = 0; value < digit.size; ++value) firsts.push_back(value);
    } else {
      firsts.push_back(0);
    }
    classes_.push_back(static_cast<int>(firsts.size()));
  }

  std::size_t total = 1;
  for (const int classes : classes_) total *= index(classes);
  for (std::size_t rank = 0; rank < total; ++rank) {
    Values values{};
    double count = 1;
    std::size_t rest = rank;
    for (std::size_t d = grid_.size(); d-- > 0;) {
      values[d] = first_of_cell_[d][rest % index(classes_[d])];
      rest /= index(classes_[d]);
      count *= orbit(grid_[d], values[d]).second;
    }
    representatives_.push_back(values);
    platform_.ranks.push_back({name_of(grid_, values), count});
    platform_.devices.push_back({static_cast<RankId>(rank), "compute"});
  }

  for (const auto& [key, share] : routes_.degraded()) {
    const Label its_label = label(key);
    if (its_label.members != 1) throw std::logic_error{"folding: a degraded link is not singled out"};
    share_of_[its_label.digits] = share;
  }
}

RankId Folding::class_of(const Values& values) const {
  int rank = 0;
  for (std::size_t d = 0; d < grid_.size(); ++d) rank = rank * classes_[d] + orbit(grid_[d], values[d]).first;
  return rank;
}

Folding::Label Folding::label(const LinkKey& key) const {
  const LinkFamily& family = wiring().link_families()[index(key.family)];
  const bool pairs = family.kind == LinkFamily::Kind::mesh;
  Label result{{key.family, pairs ? absent : key.other}, 1};
  for (const Digit& digit : grid_) {
    if (!family.has[index(digit.level)]) continue;
    const int from = digit.value_in(key.at);
    if (pairs && digit.level == family.level) {
      const auto [pair, members] = orbit(digit, from, key.other / digit.stride % digit.size);
      result.digits.insert(result.digits.end(), pair.begin(), pair.end());
      result.members *= members;
    } else {
      const auto [value, members] = orbit(digit, from);
      result.digits.push_back(value);
      result.members *= members;
    }
  }
  return result;
}

LinkId Folding::link(const LinkKey& key) {
  const Label its_label = label(key);
  const auto [at, added] = links_.try_emplace(its_label.digits, static_cast<LinkId>(platform_.links.size()));
  if (added) {
    const LinkFamily& family = wiring().link_families()[index(key.family)];
    const auto slow = share_of_.find(its_label.digits);
    const double share = slow == share_of_.end() ? 1 : slow->second;
    platform_.links.push_back({family.name, its_label.members, share * family.bandwidth});
  }
  return at->second;
}

RouteId Folding::route(RankId from, const Values& to) {
  double pairs = 1;
  for (std::size_t d = 0; d < grid_.size(); ++d)
    pairs *= orbit(grid_[d], representative(from)[d], to[d]).second;
  if (pairs != size(from))
    throw std::logic_error{"folding: the grid has more symmetry than this message; restrict its digits"};
  return route(from, to, 1);
}

RouteId Folding::route(RankId from, const Values& to, double peers) {
  const Path path = routes_.path(address_of(grid_, representative(from)), address_of(grid_, to));
  if (path.hops.empty()) throw std::logic_error{"folding: a rank does not send to itself"};
  std::map<LinkId, double> times;
  for (const auto& [key, share] : path.hops) times[link(key)] += share;

  RouteKey key{{from, class_of(to)}, {path.latency.in(unit::s), peers}};
  for (const auto& [id, count] : times) key.second.insert(key.second.end(), {static_cast<double>(id), count});
  const auto [at, added] =
      route_ids_.try_emplace(std::move(key), static_cast<RouteId>(platform_.routes.size()));
  if (added) {
    Platform::Route route{from, class_of(to), peers * size(from), path.latency, {}};
    for (const auto& [id, count] : times) route.hops.push_back({id, count});
    platform_.routes.push_back(std::move(route));
  }
  return at->second;
}

/// One peer for each orbit of the ranks that a representative can reach, with the number of peers alike.
std::vector<Folding::Peer> Folding::peers(RankId from, std::span<const int> digits) const {
  std::vector<Peer> found{{representative(from), 1}};
  for (const int d : digits) {
    const Digit& digit = grid_[index(d)];
    std::vector<Peer> extended;
    for (const Peer& peer : found) {
      const int here = peer.to[index(d)];
      const auto add = [&](int value, double count) {
        Peer next{peer.to, peer.count * count};
        next.to[index(d)] = value;
        extended.push_back(next);
      };
      add(here, 1);
      if (digit.group != Group::all) {
        for (int value = 0; value < digit.size; ++value)
          if (value != here) add(value, 1);
        continue;
      }
      for (int cell = 0; cell < classes_[index(d)]; ++cell) {
        const bool own = cell == cell_of(digit, here);
        const double others = cell_size(digit, cell) - (own ? 1 : 0);
        if (others == 0) continue;
        int value = first_of_cell_[index(d)][index(cell)];
        while (value == here || cell_of(digit, value) != cell) ++value;
        add(value, others);
      }
    }
    found = std::move(extended);
  }
  found.erase(found.begin());  // the sender itself: it was added first for each digit
  return found;
}

const std::vector<RouteId>& Folding::routes_to_all(RankId from, std::span<const int> digits) {
  const auto [at, added] = routes_to_all_.try_emplace({from, {digits.begin(), digits.end()}});
  if (!added) return at->second;

  // Peers reached over the same classes of links, with the same latency, are one class of flows.
  struct Alike {
    Values to;
    double count = 0;
  };
  std::map<RouteKey, Alike> classes;
  std::vector<const RouteKey*> order;
  for (const Peer& peer : peers(from, digits)) {
    const Path path = routes_.path(address_of(grid_, representative(from)), address_of(grid_, peer.to));
    RouteKey key{{from, class_of(peer.to)}, {path.latency.in(unit::s)}};
    std::map<LinkId, double> times;
    for (const auto& [link_key, share] : path.hops) times[link(link_key)] += share;
    for (const auto& [id, count] : times)
      key.second.insert(key.second.end(), {static_cast<double>(id), count});
    const auto [alike, is_new] = classes.try_emplace(std::move(key), Alike{peer.to, 0});
    if (is_new) order.push_back(&alike->first);
    alike->second.count += peer.count;
  }
  for (const RouteKey* key : order)
    at->second.push_back(route(from, classes.at(*key).to, classes.at(*key).count));
  return at->second;
}

std::size_t Folding::Hash::operator()(const std::vector<int>& label) const {
  std::size_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const int part : label)
    hash = (hash ^ static_cast<std::size_t>(static_cast<unsigned>(part))) * 1099511628211ULL;
  return hash;
}

}  // namespace superpod::topology
