#include "models/training/classes.hpp"

#include <algorithm>

#include "sim/values/index.hpp"
#include "topology/routing/degraded_units.hpp"

namespace superpod::models {
namespace {

using topology::absent;
using topology::Address;
using topology::Grid;
using topology::Values;

/// Whether the ranks with these values of some outer digits may be among those that `at` stands for.
bool may_be_at(const Grid& grid, int digits, const Values& values, const Address& at) {
  for (int d = 0; d < digits; ++d)
    if (at[index(grid[index(d)].level)] != absent && grid[index(d)].value_in(at) != values[index(d)])
      return false;
  return true;
}

void single_out_unit(Grid& grid, const Address& at) {
  for (topology::Digit& digit : grid)
    if (at[index(digit.level)] != absent) topology::single_out(digit, digit.value_in(at));
}

bool is_unit_of(const OtherChip& other, int unit) { return std::ranges::count(other.units, unit) > 0; }

/// Pods with a chip of their own.
void set_apart(topology::Blocks& blocks, const Grid& grid, const OtherChip& other) {
  const auto unit_of = [&](const Values& values) { return topology::address_of(grid, values)[0]; };
  const bool blocks_tell = blocks.digits() > 0 &&
                           (index(blocks.digits()) == grid.size() || grid[index(blocks.digits())].level > 0);
  if (blocks_tell)
    return blocks.refine([&](const Values& values) { return is_unit_of(other, unit_of(values)); });
  for (const int unit : other.units) {
    Address at;
    at.fill(absent);
    at[0] = unit;
    blocks.refine([&](const Values& values) { return may_be_at(grid, blocks.digits(), values, at); },
                  [&](Grid& of_block) { single_out_unit(of_block, at); });
  }
}

bool has_dead_rail(const topology::Wiring& wiring, const Asymmetry& asymmetry, int network) {
  const auto* clos = std::get_if<topology::Clos>(&wiring.fabric().networks[index(network)]);
  return clos && clos->rails && std::ranges::any_of(asymmetry.links, [&](const topology::Degraded& degraded) {
           return degraded.share == 0 &&
                  wiring.link_families()[index(degraded.link.family)].network == network;
         });
}

}  // namespace

int block_digits(const Mapping& mapping, const topology::Wiring& wiring, const Asymmetry& asymmetry) {
  int digits = 0;
  const auto& grid = mapping.grid;
  for (std::size_t d = 0; d < grid.size();) {
    const int network = wiring.network_of(grid[d].level);
    if (network == 0) break;  // a block has something in it
    if (has_dead_rail(wiring, asymmetry, network)) break;
    for (; d < grid.size() && wiring.network_of(grid[d].level) == network; ++d)
      if (grid[d].size > 1 && std::ranges::count(mapping.data, static_cast<int>(d)) == 0) return digits;
    digits = static_cast<int>(d);
  }
  return digits;
}

StepClasses classes_of(const Mapping& mapping, const topology::Routes& routes, const Asymmetry& asymmetry) {
  const topology::Wiring& wiring = routes.wiring();
  const int digits = block_digits(mapping, wiring, asymmetry);
  StepClasses classes{topology::Blocks{mapping.grid, digits}, topology::Blocks{mapping.grid}};
  const int networks_within = digits == 0 ? static_cast<int>(wiring.fabric().networks.size())
                                          : wiring.network_of(mapping.grid[index(digits) - 1].level);
  for (const topology::LinkKey& link : topology::degraded_units(routes)) {
    const bool within = wiring.link_families()[index(link.family)].network < networks_within;
    const auto concerns = [&, at = link.at](const Values& values) {
      return !within || may_be_at(mapping.grid, digits, values, at);
    };
    (within ? classes.within : classes.across).refine(concerns, [&, key = link](Grid& grid) {
      topology::single_out(grid, wiring, key);
    });
  }
  for (const SlowNpu& slow : asymmetry.npus)
    classes.within.refine(
        [&](const Values& values) { return may_be_at(mapping.grid, digits, values, slow.at); },
        [&](Grid& grid) { single_out_unit(grid, slow.at); });
  for (const OtherChip& other : asymmetry.chips) set_apart(classes.within, mapping.grid, other);
  return classes;
}

StepClasses full_classes_of(const Mapping& mapping, const topology::Wiring& wiring,
                            const Asymmetry& asymmetry) {
  const topology::Grid grid = topology::full(mapping.grid);
  return {topology::Blocks{grid, block_digits(mapping, wiring, asymmetry), topology::Blocks::Alike::none},
          topology::Blocks{grid}};
}

Computing computing_of(const Chip& chip, const Mapping& mapping, const Asymmetry& asymmetry,
                       const topology::RankClasses& ranks) {
  Computing computing;
  for (RankId rank = 0; rank < ranks.classes(); ++rank) {
    const Address at = topology::address_of(ranks.grid(), ranks.representative(rank));
    Variant variant{&chip, mapping.expert_load(ranks.representative(rank))};
    for (const OtherChip& other : asymmetry.chips)
      if (is_unit_of(other, at[0])) variant.chip = &other.chip;
    auto known = std::ranges::find(computing.variants, variant);
    if (known == computing.variants.end()) known = computing.variants.insert(known, variant);
    computing.variant_of.push_back(static_cast<int>(known - computing.variants.begin()));

    double speed = 1;
    for (const SlowNpu& slow : asymmetry.npus)
      if (may_be_at(ranks.grid(), static_cast<int>(ranks.grid().size()), ranks.representative(rank), slow.at))
        speed *= slow.speed;
    computing.speed.push_back(speed);
  }
  return computing;
}

}  // namespace superpod::models
