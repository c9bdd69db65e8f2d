#include "scenarios/answers/bill_result.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Column;
using analysis::Result;
using analysis::Table;
using models::Bill;
using models::BillItem;
using models::Total;

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

double number(double value) { return value; }
template <class Q>
double number(Q value) {
  return value.in(Q{1});
}

template <class T>
double number(const std::optional<T>& value) {
  return value ? number(*value) : not_known;
}

template <class T>
double number(const Total<T>& total) {
  return total.complete() || number(total.known) > 0 ? number(total.known) : not_known;
}

std::string listed(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

/// `10,240`: whole things, rounded up.
std::string whole(double count) { return grouped(std::ceil(count)); }

struct Named {
  const char* key;
  std::string unit, meaning;
};

/// Left out where nothing of it is known; what it lacks is counted in `not_known.KEY`.
template <class T>
void add_figure(const Named& named, const Total<T>& total, Result& result) {
  if (!total.complete())
    result.figures.push_back(
        {std::string{"not_known."} + named.key, static_cast<double>(total.missing.size()), "",
         "what " + std::string{named.key} + " lacks because it is not known: " + listed(total.missing)});
  if (!total.complete() && number(total.known) <= 0) return;
  std::string meaning = named.meaning;
  if (!total.complete()) meaning += "; a lower bound, without what is not known: " + listed(total.missing);
  result.figures.push_back({named.key, number(total.known), named.unit, meaning});
}

/// One row for each thing that a figure lacks.
struct Gaps {
  std::vector<std::string> figures, missing;

  template <class T>
  void add(const std::string& figure, const Total<T>& total) {
    for (const std::string& what : total.missing) {
      figures.push_back(figure);
      missing.push_back(what);
    }
  }
};

Table gaps_table(const Gaps& gaps) {
  return {"not_known",
          "gap",
          "what is not public, or was not told: the figures without it are lower bounds or left out",
          {{"figure", "", "that lacks it", gaps.figures}, {"missing", "", "what is not known", gaps.missing}},
          analysis::View::gaps};
}

template <class Of>
std::vector<double> column(const Bill& bill, Of&& of) {
  std::vector<double> values;
  for (const BillItem& item : bill.items) values.push_back(number(of(item)));
  return values;
}

Table bill_table(const Bill& bill, const std::optional<models::Prices>& prices) {
  std::vector<std::string> items, per, grades, sources;
  for (const BillItem& item : bill.items) {
    items.push_back(item.name);
    per.push_back(item.per);
    sources.push_back(item.source);
    grades.emplace_back();
    for (const auto& [word, grade] : words(Grade{}))
      if (item.grade == grade) grades.back() = word;
  }
  Table table{
      "bill",
      "item",
      "what the system consists of; NaN is what is not known",
      {{"item", "", "what it is", items},
       {"count", "", "how many", column(bill, [](const BillItem& item) { return item.count; })},
       {"per", "", "what has one or some of them", per},
       {"power_w", "W", "of all, at full load, without cooling; equipment without its NPUs",
        column(bill, [](const BillItem& item) { return item.power; })},
       {"floor_m2", "m2", "of all", column(bill, [](const BillItem& item) { return item.floor; })},
       {"cabinets", "", "that all fill", column(bill, [](const BillItem& item) { return item.cabinets; })},
       {"optical_modules", "", "of all",
        column(bill, [](const BillItem& item) { return item.optical_modules; })},
       {"cables", "", "of all", column(bill, [](const BillItem& item) { return item.cables; })}},
      analysis::View::bill};
  if (prices) {
    table.columns.push_back(
        {"price", prices->currency, "of one", column(bill, [](const BillItem& item) { return item.price; })});
    table.columns.push_back({"cost", prices->currency,
                             "of all; not known also where another item's price contains it",
                             column(bill, [](const BillItem& item) { return item.cost; })});
  }
  table.columns.push_back({"grade", "", "the worst of its figures", grades});
  table.columns.push_back({"source", "", "of its figures", sources});
  return table;
}

std::optional<ExpectedDelivery> delivery_of(const models::System& system, const Planning& planning,
                                            double chips) {
  const models::Chip& chip = system.chip.value;
  const models::Supply supply = planning.supply.value_or(models::Supply{});
  const auto& made = supply.chips ? supply.chips : chip.supply;
  const auto output = made ? models::output(*made, chip.dies ? chip.dies->value : 1) : std::nullopt;
  if (!output) return std::nullopt;
  return ExpectedDelivery{*output, supply.share_of_output.value, models::delivery(chips, *output, supply)};
}

void add_delivery(const ExpectedDelivery& delivery, Result& result) {
  const models::Delivery& times = delivery.times;
  analysis::Figure figure{
      "delivery_s", number(times.expected), "s",
      "until the chips of the system are made, at " +
          whole(std::round(delivery.output.expected.in(Hertz{1}) * unit::year.in(unit::s))) +
          " a year and a share of " + si(delivery.share_of_output) + ", and the lead time is over"};
  if (times.low != times.high) figure.interval = {number(times.low), number(times.high)};
  result.figures.push_back(std::move(figure));
}

/// `at least 6.1 MW`, `160 cabinets`; empty where nothing is known.
template <class T>
std::string phrase(const Total<T>& total, const std::string& words) {
  if (!total.complete() && number(total.known) <= 0) return {};
  return (total.complete() ? "" : "at least ") + words;
}

/// With the energy at the meter and what it costs, part by part.
Table energy_table(const EnergyAnswer& energy) {
  std::vector<std::string> parts, missing;
  std::vector<double> watts, joules, costs;
  for (const auto& [name, part] : energy.power.parts()) {
    parts.emplace_back(name);
    missing.push_back(listed(part.missing));
    watts.push_back(number(part));
    joules.push_back(number(part) * number(energy.time));
    if (energy.prices && energy.prices->electricity)
      costs.push_back(joules.back() * number(energy.prices->electricity->value));
  }
  Table table{"energy",
              "part",
              "where the energy goes, at full load: an upper bound of what is known",
              {{"part", "", "what takes it", parts},
               {"power_w", "W", "at full load", watts},
               {"energy_j", "J", "power times the time", joules}},
              analysis::View::energy};
  if (!costs.empty())
    table.columns.push_back({"cost", energy.prices->currency, "at the price of electricity", costs});
  table.columns.push_back({"not_known", "", "what the part lacks: then it is a lower bound", missing});
  return table;
}

}  // namespace

BillAnswer bill_of(const models::System& system, const Planning& planning) {
  BillAnswer answer;
  answer.bill = models::bill(system, planning.prices);
  answer.power = models::power(answer.bill, planning.site);
  answer.prices = planning.prices;
  answer.delivery = delivery_of(system, planning, answer.bill.npus);
  return answer;
}

void add_bill(const BillAnswer& answer, Result& result) {
  const auto& [bill, power, prices, delivery] = answer;
  Gaps gaps;
  const auto add = [&](const Named& named, const auto& total) {
    add_figure(named, total, result);
    gaps.add(named.key, total);
  };
  add({"power_w", "W", "at the meter, with all at full load (NPUs at their thermal design power)"},
      power.total);
  add({"cabinets", "", "that the system fills"}, bill.cabinets);
  add({"floor_m2", "m2", "that the system needs"}, bill.floor);
  add({"optical_modules", "", "of all networks"}, bill.optical_modules);
  add({"cables", "", "of all networks; links on a board are none"}, bill.cables);
  if (prices) add({"purchase_cost", prices->currency, "of all that has a price"}, bill.purchase);
  if (delivery) add_delivery(*delivery, result);
  result.tables.push_back(bill_table(bill, prices));
  if (!gaps.figures.empty()) result.tables.push_back(gaps_table(gaps));
}

std::string sentence(const BillAnswer& answer) {
  const auto& [bill, power, prices, delivery] = answer;
  std::vector<std::string> parts{
      phrase(power.total, text(power.total.known)),
      phrase(bill.cabinets, whole(bill.cabinets.known) + " cabinets"),
      phrase(bill.floor, whole(bill.floor.known.in(unit::m2)) + " m2"),
      phrase(bill.optical_modules, whole(bill.optical_modules.known) + " optical modules")};
  std::erase(parts, std::string{});
  return parts.empty() ? "" : "At full load it needs " + listed(parts) + ".";
}

EnergyAnswer energy_of(const BillAnswer& bill, Seconds time, std::string of) {
  EnergyAnswer answer{bill.power,  time, std::move(of), models::energy(bill.power.total, time),
                      bill.prices, {}};
  if (bill.prices) answer.costs = models::costs(bill.bill, bill.power, *bill.prices, time);
  return answer;
}

void add_energy(const EnergyAnswer& energy, Result& result) {
  const std::string& of = energy.of;
  add_figure({"energy_j", "J", "of " + of + " at the meter, with all at full load"}, energy.energy, result);
  if (energy.costs) {
    const std::string& currency = energy.prices->currency;
    add_figure({"running_cost", currency, "of " + of + ": energy, floor and maintenance"},
               energy.costs->running, result);
    add_figure({"cost", currency,
                "of " + of + ": running_cost, and " +
                    (energy.prices->lifetime ? "its share of the purchase over the lifetime"
                                             : "all of the purchase, since no lifetime is told")},
               energy.costs->cost, result);
  }
  result.tables.push_back(energy_table(energy));
}

}  // namespace superpod::scenarios
