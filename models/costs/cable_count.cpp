#include "models/costs/cable_count.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace superpod::models {
namespace {

/// Rounded up, but not because of a rounding error.
double whole(double count) {
  constexpr double rounding = 1e-9;
  return std::ceil(count * (1 - rounding));
}

/// Where a network's levels stand among those of the system.
struct Within {
  const std::vector<topology::Level>& levels;
  std::size_t outer = 0, inner = 0;  ///< positions of the network's levels

  Within(const System& system, const std::vector<std::string>& names)
      : levels{system.levels}, outer{position(names.front())}, inner{position(names.back())} {}

  [[nodiscard]] std::size_t position(const std::string& name) const {
    return static_cast<std::size_t>(std::ranges::find(levels, name, &topology::Level::name) - levels.begin());
  }
  [[nodiscard]] double count(std::size_t level) const { return levels[level].count; }

  /// Units of levels [first, end).
  [[nodiscard]] double product(std::size_t first, std::size_t end) const {
    double units = 1;
    for (std::size_t level = first; level < std::min(end, levels.size()); ++level) units *= count(level);
    return units;
  }
  [[nodiscard]] double npus() const { return product(0, levels.size()); }
  [[nodiscard]] double outside() const { return product(0, outer); }
};

std::vector<CableStage> stages_of(const topology::FullMesh& mesh, const Within& at) {
  std::vector<CableStage> all;
  for (std::size_t level = at.inner + 1; level-- > at.outer;)
    all.push_back({mesh.name, static_cast<int>(all.size()), at.npus() * (at.count(level) - 1) / 2,
                   mesh.bandwidth.value});
  return all;
}

std::vector<CableStage> stages_of(const topology::Torus& torus, const Within& at) {
  std::vector<CableStage> all;
  for (std::size_t level = at.inner + 1; level-- > at.outer;)
    all.push_back({torus.name, static_cast<int>(all.size()), at.count(level) > 1 ? at.npus() : 0,
                   torus.bandwidth.value});
  return all;
}

std::vector<CableStage> stages_of(const topology::Clos& clos, const Within& at) {
  std::vector<CableStage> all{{clos.name, 0, at.npus(), clos.bandwidth.value}};
  double oversubscribed = 1;
  for (const topology::Tier& tier : clos.tiers) {
    oversubscribed *= tier.oversubscription;
    all.push_back(
        {clos.name, static_cast<int>(all.size()), at.npus(), clos.bandwidth.value / oversubscribed, true});
  }
  return all;
}

std::vector<CableStage> stages_of(const topology::SwitchedMesh& mesh, const Within& at) {
  std::vector<CableStage> all{{mesh.name, 0, at.npus(), mesh.bandwidth.value}};
  const double units = at.product(0, at.inner + 1);
  for (std::size_t level = at.inner + 1; level-- > at.outer;)
    all.push_back(
        {mesh.name, static_cast<int>(all.size()), units * (at.count(level) - 1) / 2, mesh.trunk.value});
  return all;
}

std::vector<CableStage> stages_of(const topology::Dragonfly& dragonfly, const Within& at) {
  const double groups = at.count(at.outer), routers = at.count(at.outer + 1);
  return {{dragonfly.name, 0, at.npus(), dragonfly.bandwidth.value},
          {dragonfly.name, 1, at.outside() * groups * routers * (routers - 1) / 2, dragonfly.local.value},
          {dragonfly.name, 2, at.outside() * groups * (groups - 1) / 2, dragonfly.global.value}};
}

/// Switches of a Clos in groups: one for each unit of the tier's level, and for each rail.
std::vector<SwitchTier> tiers_of(const topology::Clos& clos, const Within& at,
                                 const std::vector<CableStage>& stages) {
  const double rails = clos.rails ? at.product(at.inner + 1, at.levels.size()) : 1;
  std::vector<SwitchTier> all;
  for (std::size_t tier = 0; tier < stages.size(); ++tier) {
    const double units =
        tier < clos.tiers.size() ? at.product(0, at.position(clos.tiers[tier].level) + 1) : at.outside();
    BytesPerSecond ports = stages[tier].links * stages[tier].bandwidth;
    if (tier + 1 < stages.size()) ports += stages[tier + 1].links * stages[tier + 1].bandwidth;
    all.push_back({clos.name, static_cast<int>(tier), units * rails, ports / (units * rails)});
  }
  return all;
}

/// The switches next to the NPUs, of which each trunk joins two.
std::vector<SwitchTier> tier_of(double units, const std::vector<CableStage>& stages) {
  BytesPerSecond ports = stages[0].links * stages[0].bandwidth;
  for (std::size_t trunk = 1; trunk < stages.size(); ++trunk)
    ports += 2 * stages[trunk].links * stages[trunk].bandwidth;
  return {{stages[0].network, 0, units, ports / units}};
}

std::vector<SwitchTier> tiers_of(const topology::SwitchedMesh&, const Within& at,
                                 const std::vector<CableStage>& stages) {
  return tier_of(at.product(0, at.inner + 1), stages);
}

std::vector<SwitchTier> tiers_of(const topology::Dragonfly&, const Within& at,
                                 const std::vector<CableStage>& stages) {
  return tier_of(at.product(0, at.inner), stages);
}

template <class Direct>
std::vector<SwitchTier> tiers_of(const Direct&, const Within&, const std::vector<CableStage>&) {
  return {};
}

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

std::vector<CableStage> cable_stages(const System& system) {
  std::vector<CableStage> all;
  for (const topology::Network& network : system.networks)
    std::visit(
        [&](const auto& its) {
          for (CableStage& stage : stages_of(its, Within{system, its.levels})) {
            stage.grade = its.bandwidth.grade;
            stage.source = its.bandwidth.source;
            all.push_back(std::move(stage));
          }
        },
        network);
  return all;
}

std::vector<SwitchTier> switch_tiers(const System& system) {
  std::vector<SwitchTier> all;
  for (const topology::Network& network : system.networks)
    std::visit(
        [&](const auto& its) {
          const Within at{system, its.levels};
          append(all, tiers_of(its, at, stages_of(its, at)));
        },
        network);
  return all;
}

double cables(const CableStage& stage, BytesPerSecond of_one_cable) {
  const double each = stage.bandwidth / of_one_cable;
  return stage.is_sum ? whole(stage.links * each) : stage.links * whole(each);
}

double switches(const SwitchTier& tier, BytesPerSecond of_one_switch) {
  return tier.groups * whole(tier.ports / of_one_switch);
}

}  // namespace superpod::models
