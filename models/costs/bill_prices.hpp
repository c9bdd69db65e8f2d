#pragma once

#include <optional>
#include <string>

#include "models/costs/bill_items.hpp"
#include "models/costs/prices.hpp"
#include "models/hardware/system.hpp"

namespace superpod::models {

/// The user's prices put to the items of a bill, and their sum; units that have a price become items of their
/// own.
void add_prices(const Prices& prices, const System& system, Bill& bill);

/// Where a level stands, outermost 0; the whole system is -1. None where there is no such level.
std::optional<int> position_of(const System& system, const std::string& level);

/// The unit whose price contains all at `position` and further in: outermost of those with a price, by name.
/// None where there is none.
std::optional<std::string> container(const Prices& prices, const System& system, int position);

}  // namespace superpod::models
