#include "scenarios/asked/planning_keys.hpp"

#include "models/costs/bill.hpp"
#include "scenarios/text/parameters.hpp"

namespace superpod::scenarios {
namespace {

void note(const std::vector<topology::Flaw>& flaws, const std::string& path, const Places& places,
          Mistakes& mistakes) {
  for (const topology::Flaw& flaw : flaws)
    mistakes.add(places.at(flaw.key.empty() ? path : path + "." + flaw.key), flaw.message, flaw.help);
}

}  // namespace

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
  if (std::holds_alternative<models::TrainingWorkload>(scenario.workload)) {
    note(models::equipment_flaws(system), "system", file.places, mistakes);
    return;
  }
  for (const char* key : {"site", "prices", "supply"})
    if (file.places.contains(key))
      mistakes.add(file.places.at(key), "only a training says what its system needs and costs",
                   "leave it out, or run a training");
}

}  // namespace superpod::scenarios
