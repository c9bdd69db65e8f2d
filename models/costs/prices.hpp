/// What things cost: the user's figures. None are known here, and none are made up.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// All in one currency. What has no price of its own is contained in the price of the unit around it (a pod
/// with everything in it); where there is none, sums are lower bounds.
struct Prices {
  std::optional<Sourced<Money>> npu, optical_module, cable;
  std::map<std::string, Sourced<Money>> units;
  std::optional<Sourced<MoneyPerJoule>> electricity;
  std::optional<Sourced<Rent>> floor;
  std::optional<Sourced<Hertz>> maintenance, interest;
  std::optional<Sourced<Seconds>> lifetime;
  std::string currency;  ///< in which they were written, e.g. USD; not a key of its own

  static constexpr std::string_view kind = "prices";
  static constexpr auto fields() {
    return std::tuple{
        optional("npu", &Prices::npu, "of one NPU", not_negative),
        optional("optical_module", &Prices::optical_module, "of one", not_negative),
        optional("cable", &Prices::cable, "of one, of every medium, without its modules", not_negative),
        optional(
            "units", &Prices::units,
            "of one of the system's equipment or switches, or of one unit of a level with all within, by "
            "name: `{pod: 90 MUSD, leaf switch: 25 kUSD}`; `system` is all of it",
            not_negative),
        optional("electricity", &Prices::electricity, "of the energy at the meter, e.g. 0.08 USD/kWh",
                 not_negative),
        optional("floor", &Prices::floor, "rent, e.g. 1500 USD/m2/y", not_negative),
        optional("maintenance", &Prices::maintenance, "share of the purchase a year, e.g. 5 %/y",
                 not_negative),
        optional("lifetime", &Prices::lifetime,
                 "over which the purchase is paid off in equal yearly payments; none: a training pays all of "
                 "it",
                 positive),
        optional("interest", &Prices::interest, "on what is not paid off yet, e.g. 4 %/y", not_negative)};
  }
};

}  // namespace superpod::models
