#include "topology/fabric/wiring.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

using Mask = std::array<bool, max_levels>;

/// Digits [first, last] of the levels, outermost 0.
Mask digits(int first, int last) {
  Mask mask{};
  for (int level = first; level <= last; ++level) mask[index(level)] = true;
  return mask;
}

Mask either(const Mask& a, const Mask& b) {
  Mask mask{};
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = a[i] || b[i];
  return mask;
}

Address only(const Mask& mask, const Address& address) {
  Address result;
  for (std::size_t i = 0; i < mask.size(); ++i) result[i] = mask[i] ? address[i] : absent;
  return result;
}

BytesPerSecond payload(const Sourced<BytesPerSecond>& bandwidth, const Sourced<double>& efficiency) {
  return bandwidth.value * efficiency.value;
}

}  // namespace

Wiring::Wiring(const Fabric& fabric) : fabric_{fabric} {
  if (const auto found = flaws(fabric_); !found.empty()) throw std::invalid_argument{found.front().message};
  nodes_.push_back({"NPU", absent, digits(0, levels() - 1)});
  network_of_.resize(index(levels()));
  symmetry_.resize(index(levels()), Symmetry::all);
  for (std::size_t n = 0; n < fabric_.networks.size(); ++n)
    std::visit(
        [&](const auto& network) {
          Network laid;
          laid.outer = level_named(network.levels.front());
          laid.inner = level_named(network.levels.back());
          laid.first_link = static_cast<int>(links_.size());
          laid.first_node = static_cast<int>(nodes_.size());
          for (int level = laid.outer; level <= laid.inner; ++level)
            network_of_[index(level)] = static_cast<int>(n);
          networks_.push_back(laid);
          add(network, static_cast<int>(n));
        },
        fabric_.networks[n]);
}

int Wiring::level_named(const std::string& name) const {
  return static_cast<int>(std::ranges::find(fabric_.levels, name, &Level::name) - fabric_.levels.begin());
}

void Wiring::add(const FullMesh& mesh, int network) {
  networks_.back().positional = true;
  for (const std::string& level : mesh.levels)
    links_.push_back({.name = mesh.name + " " + level,
                      .network = network,
                      .kind = LinkFamily::Kind::mesh,
                      .level = level_named(level),
                      .has = nodes_[0].has,
                      .bandwidth = payload(mesh.bandwidth, mesh.efficiency),
                      .latency = mesh.latency.value});
}

void Wiring::add(const Torus& torus, int network) {
  networks_.back().positional = true;
  for (const std::string& level : torus.levels) {
    symmetry_[index(level_named(level))] = Symmetry::rotations;
    for (const auto kind : {LinkFamily::Kind::next, LinkFamily::Kind::previous})
      links_.push_back({.name = torus.name + " " + level + (kind == LinkFamily::Kind::next ? " +" : " -"),
                        .network = network,
                        .kind = kind,
                        .level = level_named(level),
                        .has = nodes_[0].has,
                        .bandwidth = payload(torus.bandwidth, torus.efficiency),
                        .latency = torus.latency.value});
  }
}

void Wiring::add(const Clos& clos, int network) {
  Network& laid = networks_.back();
  laid.positional = clos.rails;
  laid.tiers = static_cast<int>(clos.tiers.size());
  const Mask rail = clos.rails ? digits(laid.inner + 1, levels() - 1) : Mask{};
  for (const Tier& tier : clos.tiers)
    nodes_.push_back({clos.name + " switches of a " + tier.level, network,
                      either(digits(0, level_named(tier.level)), rail)});
  nodes_.push_back({clos.name + (clos.tiers.empty() ? " switch" : " top switches"), network,
                    either(digits(0, laid.outer - 1), rail)});

  double ranks_below = 1;     // that share one node of the stage
  double oversubscribed = 1;  // so far
  for (int stage = 0; stage <= laid.tiers; ++stage) {
    const int below = stage == 0 ? 0 : laid.first_node + stage - 1;
    const int above = laid.first_node + stage;
    if (stage > 0) {
      const Tier& tier = clos.tiers[index(stage - 1)];
      const int innermost = clos.rails ? laid.inner : levels() - 1;
      ranks_below = 1;
      for (int level = level_named(tier.level) + 1; level <= innermost; ++level) ranks_below *= count(level);
      oversubscribed *= tier.oversubscription;
    }
    const double share = ranks_below / oversubscribed;
    const std::string tier_name = stage == 0 ? "" : " " + clos.tiers[index(stage - 1)].level;
    add_up_and_down({.name = clos.name + tier_name,
                     .network = network,
                     .from = below,
                     .to = above,
                     .has = nodes_[index(below)].has,
                     .bandwidth = share * payload(clos.bandwidth, clos.efficiency),
                     .latency = clos.latency.value,
                     .cables = share * clos.planes});
  }
}

void Wiring::add_up_and_down(LinkFamily up) {
  LinkFamily down = up;
  up.name += " up";
  up.kind = LinkFamily::Kind::up;
  down.name += " down";
  down.kind = LinkFamily::Kind::down;
  std::swap(down.from, down.to);
  links_.push_back(std::move(up));
  links_.push_back(std::move(down));
}

void Wiring::add(const SwitchedMesh& mesh, int network) {
  const int unit = networks_.back().first_node;
  nodes_.push_back({mesh.name + " switch", network, digits(0, networks_.back().inner)});
  add_up_and_down({.name = mesh.name,
                   .network = network,
                   .to = unit,
                   .has = nodes_[0].has,
                   .bandwidth = payload(mesh.bandwidth, mesh.efficiency),
                   .latency = mesh.latency.value});
  for (const std::string& level : mesh.levels)
    links_.push_back({.name = mesh.name + " trunk " + level,
                      .network = network,
                      .kind = LinkFamily::Kind::mesh,
                      .from = unit,
                      .to = unit,
                      .level = level_named(level),
                      .has = nodes_[index(unit)].has,
                      .bandwidth = payload(mesh.trunk, mesh.efficiency),
                      .latency = mesh.latency.value});
}

void Wiring::add(const Dragonfly& dragonfly, int network) {
  const int group = networks_.back().outer;
  const int router_node = networks_.back().first_node;
  symmetry_[index(group)] = Symmetry::rotations;
  symmetry_[index(group + 1)] = Symmetry::none;
  nodes_.push_back({dragonfly.name + " router", network, digits(0, group + 1)});
  add_up_and_down({.name = dragonfly.name,
                   .network = network,
                   .to = router_node,
                   .has = nodes_[0].has,
                   .bandwidth = payload(dragonfly.bandwidth, dragonfly.efficiency),
                   .latency = dragonfly.latency.value});
  links_.push_back({.name = dragonfly.name + " local",
                    .network = network,
                    .kind = LinkFamily::Kind::mesh,
                    .from = router_node,
                    .to = router_node,
                    .level = group + 1,
                    .has = nodes_[index(router_node)].has,
                    .bandwidth = payload(dragonfly.local, dragonfly.efficiency),
                    .latency = dragonfly.latency.value});
  links_.push_back({.name = dragonfly.name + " global",
                    .network = network,
                    .kind = LinkFamily::Kind::global,
                    .from = router_node,
                    .to = router_node,
                    .level = group,
                    .extras = count(group) - 1,
                    .has = digits(0, group),
                    .bandwidth = payload(dragonfly.global, dragonfly.efficiency),
                    .latency = dragonfly.latency.value});
}

double Wiring::members(const NodeFamily& family) const {
  double product = 1;
  for (int level = 0; level < levels(); ++level)
    if (family.has[index(level)]) product *= count(level);
  return product;
}

double Wiring::members(const LinkFamily& family) const {
  double product = family.extras;
  for (int level = 0; level < levels(); ++level)
    if (family.has[index(level)]) product *= count(level);
  return family.kind == LinkFamily::Kind::mesh ? product * (count(family.level) - 1) : product;
}

LinkKey Wiring::link(int family, const Address& from, int other) const {
  return {family, only(links_[index(family)].has, from), other};
}

std::pair<NodeKey, NodeKey> Wiring::ends(const LinkKey& link) const {
  const LinkFamily& family = links_[index(link.family)];
  Address from = link.at;
  Address to = link.at;
  const std::size_t level = index(std::max(family.level, 0));
  const int size = count(static_cast<int>(level));
  switch (family.kind) {
    case LinkFamily::Kind::mesh:
      to[level] = link.other;
      break;
    case LinkFamily::Kind::next:
      to[level] = (from[level] + 1) % size;
      break;
    case LinkFamily::Kind::previous:
      to[level] = (from[level] + size - 1) % size;
      break;
    case LinkFamily::Kind::global: {
      const int links_of_router = family.extras / count(family.level + 1);
      to[level] = (from[level] + link.other + 1) % size;
      from[level + 1] = link.other / links_of_router;
      to[level + 1] = (family.extras - 1 - link.other) / links_of_router;
      break;
    }
    case LinkFamily::Kind::up:
    case LinkFamily::Kind::down:
      break;
  }
  return {NodeKey{family.from, only(nodes_[index(family.from)].has, from)},
          NodeKey{family.to, only(nodes_[index(family.to)].has, to)}};
}

std::vector<LinkKey> Wiring::route(const Address& from, const Address& to) const {
  std::vector<LinkKey> result;
  Address here = from;
  // Digits are put right from the inside out; `reached` is the outermost level on which `here` may still
  // differ.
  int outermost = 0;
  while (outermost < levels() && from[index(outermost)] == to[index(outermost)]) ++outermost;
  if (outermost == levels()) return result;
  int first =
      0;  // innermost network that has to be crossed: an addressed network settles all digits below it
  const int last = network_of(outermost);
  for (int n = 0; n <= last; ++n)
    if (!networks_[index(n)].positional) {
      const Network& addressed = networks_[index(n)];
      for (int level = addressed.outer; level <= addressed.inner; ++level)
        if (from[index(level)] != to[index(level)]) first = n;
    }
  for (int n = first; n <= last; ++n) {
    Address next = here;
    const Network& network = networks_[index(n)];
    const int innermost = network.positional ? network.inner : levels() - 1;
    for (int level = network.outer; level <= innermost; ++level) next[index(level)] = to[index(level)];
    if (next != here) cross(n, here, next, result);
    here = next;
  }
  return result;
}

std::vector<LinkKey> Wiring::crossing(int network, const Address& from, const Address& to) const {
  std::vector<LinkKey> links;
  cross(network, from, to, links);
  return links;
}

void Wiring::cross(int n, const Address& from, const Address& to, std::vector<LinkKey>& route) const {
  const Network& network = networks_[index(n)];
  if (std::holds_alternative<Clos>(fabric_.networks[index(n)])) return cross_clos(network, from, to, route);
  if (std::holds_alternative<Dragonfly>(fabric_.networks[index(n)]))
    return cross_dragonfly(network, from, to, route);

  const bool switched = std::holds_alternative<SwitchedMesh>(fabric_.networks[index(n)]);
  const bool torus = std::holds_alternative<Torus>(fabric_.networks[index(n)]);
  Address here = from;
  if (switched) route.push_back(link(network.first_link, from));
  for (int level = network.inner; level >= network.outer; --level) {  // dimension order, innermost first
    int& digit = here[index(level)];
    const int goal = to[index(level)];
    const int dimension = level - network.outer;
    if (torus) {
      const int size = count(level);
      const int ahead = (goal - digit + size) % size;
      const bool forward = 2 * ahead <= size;  // a tie goes forward, on every rank alike
      for (int step = 0; step < (forward ? ahead : size - ahead); ++step) {
        route.push_back(link(network.first_link + 2 * dimension + (forward ? 0 : 1), here));
        digit = (digit + (forward ? 1 : size - 1)) % size;
      }
    } else if (digit != goal) {
      route.push_back(link(network.first_link + dimension + (switched ? 2 : 0), here, goal));
      digit = goal;
    }
  }
  if (switched) route.push_back(link(network.first_link + 1, to));
}

void Wiring::cross_clos(const Network& clos, const Address& from, const Address& to,
                        std::vector<LinkKey>& route) const {
  int stage = 0;  // the lowest switches that both ends are below
  while (stage < clos.tiers && only(nodes_[index(clos.first_node + stage)].has, from) !=
                                   only(nodes_[index(clos.first_node + stage)].has, to))
    ++stage;
  for (int s = 0; s <= stage; ++s) route.push_back(link(clos.first_link + 2 * s, from));
  for (int s = stage; s >= 0; --s) route.push_back(link(clos.first_link + 2 * s + 1, to));
}

void Wiring::cross_dragonfly(const Network& d, const Address& from, const Address& to,
                             std::vector<LinkKey>& route) const {
  const std::size_t group = index(d.outer);
  const std::size_t router = group + 1;
  const int up = d.first_link;
  const int down = up + 1;
  const int local = up + 2;
  const int global = up + 3;
  route.push_back(link(up, from));
  Address here = from;
  if (from[group] != to[group]) {
    const int groups = count(d.outer);
    const LinkKey jump = link(global, from, (to[group] - from[group] + groups) % groups - 1);
    const auto [leave, arrive] = ends(jump);
    if (here[router] != leave.at[router]) route.push_back(link(local, here, leave.at[router]));
    route.push_back(jump);
    here[group] = to[group];
    here[router] = arrive.at[router];
  }
  if (here[router] != to[router]) route.push_back(link(local, here, to[router]));
  route.push_back(link(down, to));
}

Seconds Wiring::latency(const std::vector<LinkKey>& route) const {
  Seconds total = fabric_.endpoint_latency.value;
  for (const LinkKey& hop : route) total += links_[index(hop.family)].latency;
  return total;
}

}  // namespace superpod::topology
