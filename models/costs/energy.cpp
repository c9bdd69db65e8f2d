#include "models/costs/energy.hpp"

#include <algorithm>
#include <cmath>

namespace superpod::models {
namespace {

template <class Q>
void add(Total<Q>& sum, const Total<Q>& part) {
  sum.known += part.known;
  for (const std::string& missing : part.missing)
    if (std::ranges::find(sum.missing, missing) == sum.missing.end()) sum.missing.push_back(missing);
}

/// Share of the purchase that is paid in a time: equal payments at the end of each year.
double paid_share(const Prices& prices, Seconds time) {
  if (!prices.lifetime) return 1;
  const double years = prices.lifetime->value / unit::year;
  const double interest = prices.interest ? prices.interest->value.in(Hertz{1}) * unit::year.in(unit::s) : 0;
  const double a_year = interest > 0 ? interest / -std::expm1(-years * std::log1p(interest)) : 1 / years;
  return a_year * (time / unit::year);
}

/// `rate` times what is known; what is charged for, but has no price, is missing.
template <class Q, class Rate>
Total<Money> charged(const Total<Q>& of, const std::optional<Sourced<Rate>>& rate, Seconds time,
                     const std::string& without) {
  Total<Money> cost{Money{}, of.missing};
  if (rate)
    cost.known = of.known * rate->value * time;
  else
    cost.missing = {without};
  return cost;
}

}  // namespace

std::vector<Power::Part> Power::parts() const {
  return {
      {"NPUs", npus}, {"host and network equipment", equipment}, {"cooling and conversion (PUE)", cooling}};
}

Power power(const Bill& bill, const Site& site) {
  Power power{.npus = bill.npu_power, .equipment = bill.equipment_power, .cooling = {}, .total = {}};
  const Total<Watts> racks = bill.power();
  if (site.pue) {
    power.cooling.known = (site.pue->value - 1) * racks.known;
    power.cooling.missing = site.pue->value > 1 ? racks.missing : std::vector<std::string>{};
  } else {
    power.cooling.missing.emplace_back("PUE of the site");
  }
  power.total = racks;
  power.total.known += power.cooling.known;
  if (!site.pue) power.total.missing.emplace_back("PUE of the site");
  return power;
}

Total<Joules> energy(const Total<Watts>& power, Seconds time) { return {power.known * time, power.missing}; }

Costs costs(const Bill& bill, const Power& power, const Prices& prices, Seconds time) {
  Costs costs;
  costs.purchase = bill.purchase;
  costs.capital = {paid_share(prices, time) * bill.purchase.known, bill.purchase.missing};
  costs.energy = charged(power.total, prices.electricity, time, "price of electricity");
  costs.floor = charged(bill.floor, prices.floor, time, "rent of the floor");
  costs.maintenance = charged(bill.purchase, prices.maintenance, time, "maintenance");
  for (const auto* part : {&costs.energy, &costs.floor, &costs.maintenance}) add(costs.running, *part);
  costs.cost = costs.capital;
  add(costs.cost, costs.running);
  return costs;
}

}  // namespace superpod::models
