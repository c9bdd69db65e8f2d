#include "topology/routing/faults.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "sim/values/index.hpp"
#include "topology/fabric/node_links.hpp"
#include "topology/fabric/places.hpp"

namespace superpod::topology {
namespace {

using Kind = LinkFamily::Kind;

/// A switch that joins more units than this is a network: what it loses is a plane of it.
constexpr int most_links_of_a_switch = 200'000;

/// Shares of bandwidth are told apart down to this: below it nothing is left but rounding.
constexpr double no_share = 1e-9;

const std::string& name_of(const Network& network) {
  return std::visit([](const auto& n) -> const std::string& { return n.name; }, network);
}

/// The number of a network, or the flaw that there is none of this name.
std::optional<int> network_named(const Fabric& fabric, const std::string& name, const std::string& key,
                                 std::vector<Flaw>& found) {
  std::string names;
  for (std::size_t n = 0; n < fabric.networks.size(); ++n) {
    if (name_of(fabric.networks[n]) == name) return static_cast<int>(n);
    names += (n == 0 ? "" : ", ") + name_of(fabric.networks[n]);
  }
  found.push_back({key + ".network", "no network is called '" + name + "'", "networks here: " + names});
  return std::nullopt;
}

const Clos* clos(const Wiring& wiring, int network) {
  return std::get_if<Clos>(&wiring.fabric().networks[index(network)]);
}

bool is_dragonfly(const Wiring& wiring, int network) {
  return std::holds_alternative<Dragonfly>(wiring.fabric().networks[index(network)]);
}

Address within_levels(const Wiring& wiring, Address at) {
  for (std::size_t level = index(wiring.levels()); level < at.size(); ++level) at[level] = absent;
  return at;
}

/// What a fault does to one link.
struct Loss {
  std::set<int> planes;
  double cables = 0;
  double share = 1;
};

/// The faults of a system, link by link, and what is wrong with them.
class Damage {
 public:
  explicit Damage(const Wiring& wiring) : wiring_{wiring} {}

  void add(const CableFault& fault, const std::string& key);
  void add(const SwitchFault& fault, const std::string& key);

  [[nodiscard]] const std::vector<Flaw>& flaws() const { return flaws_; }
  [[nodiscard]] std::vector<Degraded> degraded() const;

 private:
  void flaw(const std::string& key, std::string message, std::string help) {
    flaws_.push_back({key, std::move(message), std::move(help)});
  }
  bool is_in_range(const Address& at, const std::string& key);
  [[nodiscard]] std::vector<NodeKey> nodes(int network, const Address& at, bool switches_only) const;
  std::vector<LinkKey> cut(int network, const CableFault& fault, const std::string& key);
  [[nodiscard]] std::vector<LinkKey> between(int network, const Address& from, const Address& to) const;
  [[nodiscard]] std::vector<LinkKey> up_from(int network, const Address& at) const;
  [[nodiscard]] std::vector<LinkKey> links_from(int network, const NodeKey& node) const;
  bool check(const CableFault& fault, const std::string& key, const LinkKey& link);
  bool check_planes(int network, const SwitchFault& fault, const std::string& key);

  const Wiring& wiring_;
  std::map<LinkKey, Loss> losses_;
  std::vector<Flaw> flaws_;
};

bool Damage::is_in_range(const Address& at, const std::string& key) {
  for (int level = 0; level < wiring_.levels(); ++level)
    if (const int digit = at[index(level)]; digit != absent && (digit < 0 || digit >= wiring_.count(level))) {
      const std::string& name = wiring_.fabric().levels[index(level)].name;
      flaw(key, "there is no " + name + " " + std::to_string(digit),
           name + " counts from 0 to " + std::to_string(wiring_.count(level) - 1));
      return false;
    }
  return true;
}

/// The nodes of a network that have just these digits; where rails are not told apart, those of all rails.
std::vector<NodeKey> Damage::nodes(int network, const Address& at, bool switches_only) const {
  const int inner = wiring_.levels_of(network).second;
  std::vector<NodeKey> found;
  for (int f = switches_only ? 1 : 0; f < static_cast<int>(wiring_.node_families().size()); ++f) {
    const NodeFamily& family = wiring_.node_families()[index(f)];
    if (f != 0 && family.network != network) continue;
    bool outside = true, inside = true, no_rail = f != 0;
    for (int level = 0; level < wiring_.levels(); ++level) {
      const bool has = family.has[index(level)], given = at[index(level)] != absent;
      (level <= inner ? outside : inside) &= has == given;
      no_rail &= level <= inner || (has && !given);
    }
    if (!outside || (!inside && !no_rail)) continue;
    std::vector<NodeKey> here{{f, at}};
    for (int level = inner + 1; level < wiring_.levels() && !inside; ++level) {
      std::vector<NodeKey> each;
      for (NodeKey node : here)
        for (int digit = 0; digit < wiring_.count(level); ++digit) {
          node.at[index(level)] = digit;
          each.push_back(node);
        }
      here = std::move(each);
    }
    found.insert(found.end(), here.begin(), here.end());
  }
  return found;
}

std::vector<LinkKey> Damage::links_from(int network, const NodeKey& node) const {
  std::vector<LinkKey> links;
  for (int f = 0; f < static_cast<int>(wiring_.link_families().size()); ++f) {
    const LinkFamily& family = wiring_.link_families()[index(f)];
    if (family.network == network && family.from == node.family)
      for_links_from(wiring_, f, node, [&](const LinkKey& link) { links.push_back(link); });
  }
  return links;
}

std::vector<LinkKey> Damage::between(int network, const Address& from, const Address& to) const {
  std::vector<LinkKey> found;
  const auto goals = nodes(network, to, false);
  for (const NodeKey& node : nodes(network, from, false))
    for (const LinkKey& link : links_from(network, node))
      if (std::ranges::find(goals, wiring_.ends(link).second) != goals.end()) found.push_back(link);
  if (!is_dragonfly(wiring_, network) || !found.empty()) return found;

  const int group = wiring_.levels_of(network).first;  // two groups have one link, whichever routers hold it
  for (int level = 0; level < wiring_.levels(); ++level)
    if ((from[index(level)] == absent) != (level > group) ||
        (to[index(level)] == absent) != (level > group) ||
        (level < group && from[index(level)] != to[index(level)]))
      return {};
  for (int f = 0; f < static_cast<int>(wiring_.link_families().size()); ++f) {
    const LinkFamily& family = wiring_.link_families()[index(f)];
    if (family.network != network || family.kind != Kind::global) continue;
    const int groups = wiring_.count(group);
    const int other = (to[index(group)] - from[index(group)] + groups) % groups - 1;
    if (other >= 0) found.push_back({f, from, other});
  }
  return found;
}

std::vector<LinkKey> Damage::up_from(int network, const Address& at) const {
  std::vector<LinkKey> found;
  for (const NodeKey& node : nodes(network, at, false))
    for (const LinkKey& link : links_from(network, node))
      if (wiring_.link_families()[index(link.family)].kind == Kind::up &&
          (found.empty() || found.front().family == link.family))
        found.push_back(link);
  return found;
}

/// The links that a fault is about: those from `from` to `to`, and back.
std::vector<LinkKey> Damage::cut(int network, const CableFault& fault, const std::string& key) {
  std::vector<LinkKey> links;
  if (!fault.from && !fault.to) {
    flaw(key, "a cable has two ends",
         "name `from` and `to`, or one of them for the cable to the switch above");
    return links;
  }
  const auto from = within_levels(wiring_, fault.from.value_or(nowhere));
  const auto to = within_levels(wiring_, fault.to.value_or(nowhere));
  if (!is_in_range(from, key + ".from") || !is_in_range(to, key + ".to")) return links;
  if (fault.from && fault.to) {
    links = between(network, from, to);
    if (links.empty())
      flaw(key + ".to",
           "'" + fault.network + "' has no link from " + in_words(wiring_, from) + " to " +
               in_words(wiring_, to),
           "a link joins neighbours: NPUs or switches of units that differ on one level of the network");
  } else {
    links = up_from(network, fault.from ? from : to);
    if (links.empty())
      flaw(key + (fault.from ? ".from" : ".to"),
           "'" + fault.network + "' has no link up from " + in_words(wiring_, fault.from ? from : to),
           "NPUs, and units with switches below other switches, have one; else name both ends");
    if (!fault.from)
      for (LinkKey& link : links) link = reverse(wiring_, link);
  }
  if (!fault.one_way) {
    const auto there = links;
    for (const LinkKey& link : there) links.push_back(reverse(wiring_, link));
  }
  return links;
}

bool Damage::check(const CableFault& fault, const std::string& key, const LinkKey& link) {
  const double cables = wiring_.link_families()[index(link.family)].cables;
  if (fault.share && !(*fault.share >= 0 && *fault.share <= 1)) {
    flaw(key + ".share", "a share is between 0 and 1", "0: dead, 1: whole");
    return false;
  }
  if (fault.cables && (*fault.cables < 0 || *fault.cables > std::ceil(cables - no_share))) {
    flaw(key + ".cables",
         "there are not " + std::to_string(*fault.cables) + " cables in " + in_words(wiring_, link),
         "it has " + std::to_string(static_cast<int>(std::ceil(cables - no_share))));
    return false;
  }
  return true;
}

void Damage::add(const CableFault& fault, const std::string& key) {
  const auto network = network_named(wiring_.fabric(), fault.network, key, flaws_);
  if (!network) return;
  const auto links = cut(*network, fault, key);
  if (links.empty() || !check(fault, key, links.front())) return;
  for (const LinkKey& link : std::set<LinkKey>(links.begin(), links.end())) {
    Loss& loss = losses_[link];
    loss.cables += fault.cables.value_or(0);
    loss.share *= fault.share.value_or(fault.cables ? 1 : 0);
  }
}

bool Damage::check_planes(int network, const SwitchFault& fault, const std::string& key) {
  const Clos* of = clos(wiring_, network);
  if (!of && !fault.planes.empty()) {
    flaw(key + ".planes", "'" + fault.network + "' has no planes", "its switches are dead as a whole");
    return false;
  }
  for (const int plane : fault.planes)
    if (plane < 0 || plane >= of->planes) {
      flaw(key + ".planes", "'" + fault.network + "' has no plane " + std::to_string(plane),
           "its planes count from 0 to " + std::to_string(of->planes - 1));
      return false;
    }
  return true;
}

void Damage::add(const SwitchFault& fault, const std::string& key) {
  const auto network = network_named(wiring_.fabric(), fault.network, key, flaws_);
  const Address at = within_levels(wiring_, fault.at);
  if (!network || !check_planes(*network, fault, key) || !is_in_range(at, key + ".at")) return;
  const auto switches = nodes(*network, at, true);
  if (switches.empty())
    return flaw(key + ".at",
                "'" + fault.network + "' has no switch of its own at " +
                    (at == nowhere ? "the top" : in_words(wiring_, at)),
                "switches belong to the units of a tier, or to a whole network");
  double links = 0;
  for (const LinkFamily& family : wiring_.link_families())
    if (family.from == switches.front().family)
      links += static_cast<double>(switches.size()) * wiring_.members(family) /
               wiring_.members(wiring_.node_families()[index(family.from)]);
  if (links > most_links_of_a_switch)
    return flaw(key + ".at", "this switch has too many links to be told apart", "a dead plane says the same");
  for (const NodeKey& node : switches)
    for (const LinkKey& link : links_from(*network, node))
      for (const LinkKey& way : {link, reverse(wiring_, link)}) {
        Loss& loss = losses_[way];
        if (fault.planes.empty()) loss.share = 0;
        loss.planes.insert(fault.planes.begin(), fault.planes.end());
      }
}

std::vector<Degraded> Damage::degraded() const {
  std::vector<Degraded> result;
  for (const auto& [link, loss] : losses_) {
    const LinkFamily& family = wiring_.link_families()[index(link.family)];
    const Clos* of = clos(wiring_, family.network);
    const double left =
        1 - static_cast<double>(loss.planes.size()) / (of ? of->planes : 1) - loss.cables / family.cables;
    const double share = left * loss.share;
    if (share != 1) result.push_back({link, share < no_share ? 0 : share});
  }
  return result;
}

Damage damage(const Wiring& wiring, const HardwareFaults& faults) {
  Damage damage{wiring};
  for (std::size_t i = 0; i < faults.cables.size(); ++i)
    damage.add(faults.cables[i], "cables." + std::to_string(i));
  for (std::size_t i = 0; i < faults.switches.size(); ++i)
    damage.add(faults.switches[i], "switches." + std::to_string(i));
  return damage;
}

}  // namespace

Address unit(std::span<const int> digits) {
  if (digits.size() > max_levels) throw std::invalid_argument{"an address has at most one digit a level"};
  Address address = nowhere;
  std::ranges::copy(digits, address.begin());
  return address;
}

std::vector<Flaw> flaws(const Fabric& fabric, std::span<const PlaneFault> faults) {
  std::vector<Flaw> found;
  std::map<int, int> lost;  // by network
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const std::string key = "planes." + std::to_string(i);
    const auto network = network_named(fabric, faults[i].network, key, found);
    if (!network) continue;
    const Clos* of = std::get_if<Clos>(&fabric.networks[index(*network)]);
    if (!of)
      found.push_back({key + ".network", "'" + faults[i].network + "' has no planes", "a Clos has"});
    else if (faults[i].planes < 0)
      found.push_back({key + ".planes", "fewer than no planes are dead", "name how many are"});
    else if ((lost[*network] += faults[i].planes) >= of->planes)
      found.push_back({key + ".planes", "no plane is left of '" + faults[i].network + "'",
                       "it has " + std::to_string(of->planes)});
  }
  return found;
}

Fabric without(Fabric fabric, std::span<const PlaneFault> faults) {
  if (const auto found = flaws(fabric, faults); !found.empty())
    throw std::invalid_argument{found.front().message};
  for (const PlaneFault& fault : faults)
    for (Network& network : fabric.networks) {
      if (name_of(network) != fault.network) continue;
      Clos& of = std::get<Clos>(network);
      const int left = of.planes - fault.planes;
      of.bandwidth.value = of.bandwidth.value * (static_cast<double>(left) / of.planes);
      of.planes = left;
    }
  return fabric;
}

std::vector<Flaw> flaws(const Wiring& wiring, const HardwareFaults& faults) {
  return damage(wiring, faults).flaws();
}

std::vector<Degraded> degraded(const Wiring& wiring, const HardwareFaults& faults) {
  const Damage all = damage(wiring, faults);
  if (!all.flaws().empty()) throw std::invalid_argument{all.flaws().front().message};
  return all.degraded();
}

}  // namespace superpod::topology
