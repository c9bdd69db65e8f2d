/// What a system needs beside time, in a result.
#pragma once

#include <optional>
#include <string>

#include "analysis/result.hpp"
#include "models/costs/bill.hpp"
#include "models/costs/energy.hpp"
#include "models/hardware/supply.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// A scenario's keys `site`, `prices` and `supply`.
struct Planning {
  const models::Site& site;
  const std::optional<models::Prices>& prices;
  const std::optional<models::Supply>& supply;
};

/// The tables `bill` and `not_known`; the figures `power_w` (at the meter, full load), `cabinets`,
/// `floor_m2`, `optical_modules`, `cables`, with prices `purchase_cost`, with a known output of chips
/// `delivery_s`; a sentence in the verdict. A figure of which nothing is known is left out; one of which a
/// part is not known is a lower bound, and its meaning says of what, and `not_known.KEY` of how many things.
/// In tables NaN is what is not known.
void add_bill(const models::System& system, const Planning& planning, analysis::Result& result);

/// The table `energy` and the figure `energy_j` of a time, with prices also `running_cost` and `cost`. `of`
/// says what takes the time: `a step`, `the training`.
void add_energy(const models::System& system, const Planning& planning, Seconds time, const std::string& of,
                analysis::Result& result);

/// The same of what a training result knows: the training if it tells its time, otherwise a step.
void add_energy(const models::System& system, const Planning& planning, analysis::Result& result);

}  // namespace superpod::scenarios
