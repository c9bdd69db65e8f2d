#include "scenarios/asked/planning_keys.hpp"

#include "models/costs/bill.hpp"
#include "scenarios/asked/flaws.hpp"
#include "scenarios/text/parameters.hpp"

namespace superpod::scenarios {
void read_currency(models::Prices& prices, const std::string& path, const Places& places,
                   Mistakes& mistakes) {
  std::string first;
  for (const Parameter& price : parameters(prices, places, path)) {
    const std::string currency = currency_in(price.value);
    if (currency.empty() || currency == prices.currency) continue;
    if (!prices.currency.empty()) {
      mistakes.add(places.at(price.path),
                   "this price is in " + currency + ", that of " + first + " in " + prices.currency,
                   "write all prices in one currency: exchange rates are not known here");
      continue;
    }
    prices.currency = currency;
    first = price.path;
  }
}

void read_planning(ScenarioFile& file, Mistakes& mistakes) {
  Scenario& scenario = file.scenario;
  const models::System& system = scenario.system.value;
  if (scenario.prices) {
    read_currency(*scenario.prices, "prices", file.places, mistakes);
    note(models::flaws(*scenario.prices, system), "prices", file.places, mistakes);
  }
  if (scenario.supply && scenario.supply->chips)
    note(models::flaws(*scenario.supply->chips), "supply.chips", file.places, mistakes);
  if (system.chip.value.supply)
    note(models::flaws(*system.chip.value.supply), "system.chip.supply", file.places, mistakes);
}

}  // namespace superpod::scenarios
