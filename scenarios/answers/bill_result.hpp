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

/// When the chips of a system are made, at the known output of chips.
struct ExpectedDelivery {
  models::Output output;
  double share_of_output = 1;
  models::Delivery times;
};

/// What a system consists of, and what it takes at full load.
struct BillAnswer {
  models::Bill bill;
  models::Power power;
  std::optional<models::Prices> prices;
  std::optional<ExpectedDelivery> delivery;  ///< none: the output of its chip is not known
};

BillAnswer bill_of(const models::System& system, const Planning& planning);

/// The tables `bill` and `not_known`; the figures `power_w` (at the meter, full load), `cabinets`,
/// `floor_m2`, `optical_modules`, `cables`, with prices `purchase_cost`, with a known output of chips
/// `delivery_s`. A figure of which nothing is known is left out; one of which a part is not known is a lower
/// bound, and its meaning says of what, and `not_known.KEY` of how many things. In tables NaN is what is not
/// known.
void add_bill(const BillAnswer& answer, analysis::Result& result);

/// What the system needs, in a sentence of the verdict; empty where nothing is known.
std::string sentence(const BillAnswer& answer);

/// What a time on the system takes.
struct EnergyAnswer {
  models::Power power;
  Seconds time;
  std::string of;  ///< what takes the time: `a step`, `the training`
  models::Total<Joules> energy;
  std::optional<models::Prices> prices;
  std::optional<models::Costs> costs;  ///< with prices
};

EnergyAnswer energy_of(const BillAnswer& bill, Seconds time, std::string of);

/// The table `energy` and the figure `energy_j`, with prices also `running_cost` and `cost`.
void add_energy(const EnergyAnswer& energy, analysis::Result& result);

}  // namespace superpod::scenarios
