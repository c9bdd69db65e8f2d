#include "topology/folding/folding.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

using Group = Digit::Group;

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

std::string name_of(const Grid& grid, const Blocks& blocks, const Values& values) {
  std::string name;
  const bool all_blocks = blocks.kinds().size() == 1;
  for (std::size_t d = 0; d < grid.size(); ++d) {
    const bool of_block = d < index(blocks.digits());
    if (of_block ? !all_blocks : orbit(grid[d], values[d]).second < grid[d].size)
      name += (name.empty() ? "" : ", ") + grid[d].name + " " + std::to_string(values[d]);
  }
  return name.empty() ? "every rank" : name;
}

/// Whether `members` shares are known, all equal.
bool all_alike(const std::vector<double>& shares, double members) {
  return static_cast<double>(shares.size()) == members &&
         std::ranges::all_of(shares, [&](double share) { return share == shares.front(); });
}

}  // namespace

void single_out(Grid& grid, const Wiring& wiring, const LinkKey& link) {
  const LinkFamily& family = wiring.link_families()[index(link.family)];
  for (Digit& digit : grid) {
    if (!family.has[index(digit.level)] || link.at[index(digit.level)] == absent) continue;
    single_out(digit, digit.value_in(link.at));
    if (family.level == digit.level && family.kind == LinkFamily::Kind::mesh)
      single_out(digit, link.other / digit.stride % digit.size);
  }
}

Folding::Folding(const Routes& routes, Blocks blocks, Platform& platform)
    : RankClasses{platform}, routes_{routes}, blocks_{std::move(blocks)} {
  number_classes();
  for (RankId rank = 0; rank < classes(); ++rank) {
    const Grid& grid = blocks_.kinds()[index(blocks_.kind_of(representative(rank)))].grid;
    platform_.ranks.push_back({name_of(grid, blocks_, representative(rank)), size(rank)});
    platform_.devices.push_back({rank, "compute"});
  }
}

Folding::Folding(const Routes& routes, Blocks blocks, const Folding& of_ranks)
    : RankClasses{of_ranks.platform_}, routes_{routes}, blocks_{std::move(blocks)} {
  number_classes();
  ranks_.resize(representatives_.size());
  for (RankId rank = 0; rank < of_ranks.classes(); ++rank)
    ranks_[index(class_of(of_ranks.representative(rank)))].push_back(rank);
  for (RankId rank = 0; rank < classes(); ++rank)
    if (ranks_[index(rank)].empty()) ranks_[index(rank)].push_back(of_ranks.class_of(representative(rank)));
}

bool Folding::joined_alike(int digit) const {
  return wiring().symmetry(grid()[index(digit)].level) == Wiring::Symmetry::all;
}

bool Folding::innermost(int digit) const { return wiring().network_of(grid()[index(digit)].level) == 0; }

bool Folding::lies_within_a_block(const LinkFamily& family) const {
  for (std::size_t d = 0; d < index(blocks_.digits()); ++d)
    if (!family.has[index(grid()[d].level)] || family.level == grid()[d].level) return false;
  return true;
}

/// Rank classes kind by kind, in each by the classes of its digits' values, the innermost digit fastest.
void Folding::number_classes() {
  for (int k = 0; k < static_cast<int>(blocks_.kinds().size()); ++k) {
    const Blocks::Kind& kind = blocks_.kinds()[index(k)];
    KindClasses& here = kinds_.emplace_back();
    here.first = static_cast<int>(representatives_.size());
    std::size_t total = 1;
    for (std::size_t d = 0; d < kind.grid.size(); ++d) {
      auto& firsts = here.first_of_class.emplace_back();
      if (tells_blocks_apart(d)) {
        firsts.push_back(kind.first[d]);
      } else {
        for (int value = kind.grid[d].size - 1; value >= 0; --value) {
          const auto its_class = index(orbit(kind.grid[d], value).first);
          firsts.resize(std::max(firsts.size(), its_class + 1));
          firsts[its_class] = value;
        }
      }
      total *= firsts.size();
    }
    for (std::size_t rank = 0; rank < total; ++rank) {
      Values values{};
      double count = 1;
      std::size_t rest = rank;
      for (std::size_t d = kind.grid.size(); d-- > 0;) {
        const auto& firsts = here.first_of_class[d];
        values[d] = firsts[rest % firsts.size()];
        rest /= firsts.size();
        count *= orbit_of(k, d, values[d]).members;
      }
      representatives_.push_back(values);
      sizes_.push_back(count);
    }
  }
  for (const auto& [key, share] : routes_.degraded())
    if (lies_within_a_block(wiring().link_families()[index(key.family)]))
      share_of_[label(key).digits].push_back(share);
}

/// All blocks of a kind together are one orbit of blocks, which is counted with the first of their digits.
Folding::Orbit Folding::orbit_of(int kind, std::size_t digit, int value) const {
  const Blocks::Kind& of = blocks_.kinds()[index(kind)];
  if (tells_blocks_apart(digit)) return {{0, 0}, digit == 0 ? of.count : 1};
  const auto [label, members] = orbit(of.grid[digit], value);
  return {{label, 0}, members};
}

Folding::Orbit Folding::orbit_of(int kind, std::size_t digit, int from, int to) const {
  if (tells_blocks_apart(digit)) {
    if (from != to) throw std::logic_error{"folding: a message or link leaves its block"};
    return orbit_of(kind, digit, from);
  }
  const auto [label, members] = orbit(blocks_.kinds()[index(kind)].grid[digit], from, to);
  return {label, members};
}

RankId Folding::class_of(const Values& values) const {
  const int kind = blocks_.kind_of(values);
  const KindClasses& here = kinds_[index(kind)];
  int rank = 0;
  for (std::size_t d = 0; d < here.first_of_class.size(); ++d)
    rank = rank * static_cast<int>(here.first_of_class[d].size()) + orbit_of(kind, d, values[d]).label[0];
  return here.first + rank;
}

Folding::Label Folding::label(const LinkKey& key) const {
  const LinkFamily& family = wiring().link_families()[index(key.family)];
  if (!lies_within_a_block(family)) throw std::logic_error{"folding: a link is shared by several blocks"};
  Values at{};
  for (std::size_t d = 0; d < grid().size(); ++d)
    if (family.has[index(grid()[d].level)]) at[d] = grid()[d].value_in(key.at);
  const int kind = blocks_.kind_of(at);
  const bool pairs = family.kind == LinkFamily::Kind::mesh;
  Label result{{key.family, pairs ? absent : key.other, kind}, 1};
  for (std::size_t d = 0; d < grid().size(); ++d) {
    const Digit& digit = grid()[d];
    if (!family.has[index(digit.level)]) continue;
    const bool pair = pairs && digit.level == family.level;
    const Orbit its =
        pair ? orbit_of(kind, d, at[d], key.other / digit.stride % digit.size) : orbit_of(kind, d, at[d]);
    result.digits.insert(result.digits.end(), its.label.begin(), its.label.begin() + (pair ? 2 : 1));
    result.members *= its.members;
  }
  return result;
}

LinkId Folding::link(const LinkKey& key) {
  const Label its_label = label(key);
  const auto [at, added] = links_.try_emplace(its_label.digits, static_cast<LinkId>(platform_.links.size()));
  if (added) {
    const LinkFamily& family = wiring().link_families()[index(key.family)];
    const auto slow = share_of_.find(its_label.digits);
    if (slow != share_of_.end() && !all_alike(slow->second, its_label.members))
      throw std::logic_error{"folding: a degraded link is not singled out"};
    const double share = slow == share_of_.end() ? 1 : slow->second.front();
    platform_.links.push_back({family.name, its_label.members, share * family.bandwidth});
  }
  return at->second;
}

RouteId Folding::route(RankId from, const Values& to) {
  const int kind = blocks_.kind_of(representative(from));
  double pairs = 1;
  for (std::size_t d = 0; d < grid().size(); ++d)
    pairs *= orbit_of(kind, d, representative(from)[d], to[d]).members;
  if (pairs != size(from))
    throw std::logic_error{"folding: the grid has more symmetry than this message; restrict its digits"};
  return route(from, to, 1);
}

RouteId Folding::route(RankId from, const Values& to, double peers) {
  const Path path = routes_.path(address_of(grid(), representative(from)), address_of(grid(), to));
  if (path.hops.empty()) throw std::logic_error{"folding: a rank does not send to itself"};
  std::map<LinkId, double> times;
  for (const auto& [key, share] : path.hops) times[link(key)] += share;

  RouteKey key{{from, class_of(to)}, {path.latency.in(unit::s), peers}};
  for (const auto& [id, count] : times) key.second.insert(key.second.end(), {static_cast<double>(id), count});
  const auto [at, added] =
      route_ids_.try_emplace(std::move(key), static_cast<RouteId>(platform_.routes.size()));
  if (added) {
    const RankId receiver = class_of(to);
    Platform::Route route{from, receiver, peers * size(from), path.latency, {}, {}};
    if (!ranks_.empty()) {
      const auto& senders = ranks_[index(from)];
      const auto& receivers = ranks_[index(receiver)];
      route.from = senders.front();
      route.to = receivers.front();
      route.also.assign(senders.begin() + 1, senders.end());
      if (receiver != from) route.also.insert(route.also.end(), receivers.begin() + 1, receivers.end());
    }
    for (const auto& [id, count] : times) route.hops.push_back({id, count});
    platform_.routes.push_back(std::move(route));
    receivers_.resize(platform_.routes.size(), absent);
    receivers_.back() = receiver;
  }
  return at->second;
}

/// One peer for each orbit of the ranks that a representative can reach, with the number of peers alike.
std::vector<Folding::Peer> Folding::peers(RankId from, std::span<const int> digits) const {
  const int kind = blocks_.kind_of(representative(from));
  const Grid& grid = blocks_.kinds()[index(kind)].grid;
  std::vector<Peer> found{{representative(from), 1}};
  for (const int d : digits) {
    const Digit& digit = grid[index(d)];
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
      const auto& firsts = kinds_[index(kind)].first_of_class[index(d)];
      for (int cell = 0; cell < static_cast<int>(firsts.size()); ++cell) {
        const bool own = cell == cell_of(digit, here);
        const double others = cell_size(digit, cell) - (own ? 1 : 0);
        if (others == 0) continue;
        int value = firsts[index(cell)];
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
    const Path path = routes_.path(address_of(grid(), representative(from)), address_of(grid(), peer.to));
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
