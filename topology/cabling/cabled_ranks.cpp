#include "topology/cabling/cabled_ranks.hpp"

#include <cmath>

#include "sim/values/index.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::topology {
namespace {

Values values_at(const Grid& grid, int place) {
  Address address{};
  address[0] = place;
  return values_of(grid, address);
}

/// What tells one way from another, whatever links it takes.
struct Profile {
  int links = 0;
  double latency = 0;                // s
  std::map<double, double> carried;  // [B/s] shares of the message that cross links of this bandwidth

  Profile(const CablePath& path, const Cabling& cabling)
      : links{path.links}, latency{path.latency.in(unit::s)} {
    for (const auto& hop : path.hops)
      carried[cabling.links[index(hop.link)].bandwidth.in(unit::B / unit::s)] += hop.share;
  }

  [[nodiscard]] bool is_like(const Profile& other) const {
    constexpr double rounding = 1e-12;
    const auto near = [](double a, double b) { return std::abs(a - b) <= rounding * std::abs(a); };
    if (links != other.links || !near(latency, other.latency) || carried.size() != other.carried.size())
      return false;
    auto theirs = other.carried.begin();
    for (const auto& [bandwidth, share] : carried) {
      if (bandwidth != theirs->first || !near(share, theirs->second)) return false;
      ++theirs;
    }
    return true;
  }
};

}  // namespace

Grid places_of(int npus) {
  Digit digit;
  digit.name = "npu";
  digit.size = npus;
  digit.group = Digit::Group::none;
  return {digit};
}

CabledRanks::CabledRanks(Setting of, Grid grid, Platform& platform)
    : RankClasses{platform},
      of_{std::move(of)},
      grid_{std::move(grid)},
      npus_{npus_of(of_.cabling)},
      routes_{of_.cabling},
      link_ids_(of_.cabling.links.size(), absent) {
  for (RankId rank = 0; rank < static_cast<RankId>(npus_.size()); ++rank) {
    representatives_.push_back(values_at(grid_, rank));
    platform_.ranks.push_back({of_.cabling.nodes[index(node(rank))].name});
    platform_.devices.push_back({rank, "compute"});
  }
}

int CabledRanks::node(RankId rank) const { return npus_[index(of_.order[index(rank)])]; }

RankId CabledRanks::class_of(const Values& values) const { return address_of(grid_, values)[0]; }

std::vector<RankId> CabledRanks::peers(RankId from, std::span<const int> digits) const {
  std::vector<Values> found{representative(from)};
  for (const int d : digits) {
    std::vector<Values> extended;
    for (int value = 0; value < grid_[index(d)].size; ++value)
      for (const Values& peer : found) {
        extended.push_back(peer);
        extended.back()[index(d)] = value;
      }
    found = std::move(extended);
  }
  std::vector<RankId> ranks;
  for (const Values& values : found)
    if (const RankId rank = class_of(values); rank != from) ranks.push_back(rank);
  return ranks;
}

bool CabledRanks::joined_alike(int digit) const {
  const auto [known, is_new] = alike_.try_emplace(digit, false);
  if (is_new) known->second = ways_are_alike(digit);
  return known->second;
}

bool CabledRanks::ways_are_alike(int digit) const {
  const Cabling& built = of_.built ? *of_.built : of_.cabling;
  CablingRoutes ways{built};
  std::vector<Profile> first;
  for (RankId from = 0; from < classes(); ++from)
    for (const RankId to : peers(from, std::span{&digit, 1})) {
      const Profile its{ways.path(node(from), node(to)), built};
      if (first.empty()) first.push_back(its);
      if (!its.is_like(first.front())) return false;
    }
  return true;
}

RouteId CabledRanks::route(RankId from, const Values& to) { return route_between(from, class_of(to)); }

RouteId CabledRanks::route_between(RankId from, RankId to) {
  const auto [found, is_new] =
      route_ids_.try_emplace({from, to}, static_cast<RouteId>(platform_.routes.size()));
  if (!is_new) return found->second;
  const CablePath path = routes_.path(node(from), node(to));
  Platform::Route route{from, to, 1, of_.endpoint_latency + path.latency, {}, {}};
  for (const auto& hop : path.hops) route.hops.push_back({link(hop.link), hop.share});
  platform_.routes.push_back(std::move(route));
  receivers_.push_back(to);
  return found->second;
}

const std::vector<RouteId>& CabledRanks::routes_to_all(RankId from, std::span<const int> digits) {
  const auto [at, added] = routes_to_all_.try_emplace({from, {digits.begin(), digits.end()}});
  if (added)
    for (const RankId to : peers(from, digits)) at->second.push_back(route_between(from, to));
  return at->second;
}

LinkId CabledRanks::link(int number) {
  LinkId& id = link_ids_[index(number)];
  if (id != absent) return id;
  id = static_cast<LinkId>(platform_.links.size());
  const auto& link = of_.cabling.links[index(number)];
  platform_.links.push_back({name(link), 1, link.bandwidth});
  return id;
}

/// Which of the links it is, by its ends.
std::string CabledRanks::name(const Cabling::Link& link) const {
  if (link.from == absent) return "link";
  const auto kind = [&](int node) { return of_.cabling.nodes[index(node)].npu ? "NPU" : "switch"; };
  return std::string{kind(link.from)} + " to " + kind(link.to);
}

}  // namespace superpod::topology
