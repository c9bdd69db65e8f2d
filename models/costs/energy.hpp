/// Power and energy of a bill on a site, and what it costs to own and run it for a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/costs/bill.hpp"
#include "models/costs/prices.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// Where a system stands.
struct Site {
  std::optional<Sourced<double>> pue;

  static constexpr std::string_view kind = "site";
  static constexpr auto fields() {
    return std::tuple{
        optional("pue", &Site::pue,
                 "power usage effectiveness: power at the meter over that of the racks, at least 1; none: "
                 "cooling and conversion are not known",
                 between(1, 100))};
  }
};

/// Where the power goes, at full load.
///
///     at the meter = PUE * (NPUs + equipment)
///
/// Source: PUE as defined by ISO/IEC 30134-2, total energy of the data centre over that of its IT equipment.
struct Power {
  Total<Watts> npus, equipment, cooling;  ///< cooling: and conversion; (PUE - 1) * (NPUs + equipment)
  Total<Watts> total;                     ///< at the meter

  /// In the order above, for tables: `NPUs`, `host and network equipment`, `cooling and conversion (PUE)`.
  struct Part {
    std::string_view name;
    Total<Watts> power;
  };
  [[nodiscard]] std::vector<Part> parts() const;
};
Power power(const Bill& bill, const Site& site);

/// Power at full load for a time: an upper bound of the energy of what is known (see bill.hpp).
Total<Joules> energy(const Total<Watts>& power, Seconds time);

/// Cost of a time, with all that belongs to the bill in use by nobody else:
///
///     energy      = power at the meter * time * price of electricity
///     floor       = area * time * rent
///     maintenance = share a year * purchase * time
///     capital     = purchase * r / (1 - (1 + r)^-n) * time in years     r: interest a year, n: years of life
///                   (purchase / n * time in years without interest; the whole purchase without a lifetime)
///     running     = energy + floor + maintenance
///     cost        = capital + running
///
/// Assumes: a training that lasts no longer than the lifetime; equal payments at the end of each year
///          (annuity).
struct Costs {
  Total<Money> purchase, capital, energy, floor, maintenance, running, cost;
};
Costs costs(const Bill& bill, const Power& power, const Prices& prices, Seconds time);

}  // namespace superpod::models
