/// What a system consists of, needs and costs to buy: items, and their sums.
///
///     count of an item = ceil(units of its level * count in each)
///     power of an item = count * power of one                        at full load
///     NPUs             = product of the levels' counts, each at its thermal design power
///
/// Cables and switches are counted in the fabric (cabling.hpp).
/// Assumes: thermal design power while training, which is an upper bound of what an NPU takes in the long
///          run: no public figure tells how an NPU's power follows its use.
/// Cost: some microseconds; it grows with the number of items, not with the system.
#pragma once

#include <optional>
#include <vector>

#include "models/costs/bill_items.hpp"
#include "models/costs/prices.hpp"
#include "models/hardware/system.hpp"

namespace superpod::models {

/// Of the whole system, i.e. of as many units as its levels say. Without prices there are neither prices nor
/// costs.
Bill bill(const System& system, const std::optional<Prices>& prices = std::nullopt);

/// What is wrong with what a system says about its equipment, and with names in prices; keys begin at the
/// system (`equipment.0.level`) and at the prices (`units.pods`).
std::vector<topology::Flaw> equipment_flaws(const System& system);
std::vector<topology::Flaw> flaws(const Prices& prices, const System& system);

}  // namespace superpod::models
