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
std::string grouped(double count) {
  std::string digits = std::to_string(static_cast<std::int64_t>(std::ceil(count)));
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

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
  return {
      "not_known",
      "gap",
      "what is not public, or was not told: the figures without it are lower bounds or left out",
      {{"figure", "", "that lacks it", gaps.figures}, {"missing", "", "what is not known", gaps.missing}}};
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
       {"cables", "", "of all", column(bill, [](const BillItem& item) { return item.cables; })}}};
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

void add_delivery(const models::System& system, const Planning& planning, double chips, Result& result) {
  const models::Chip& chip = system.chip.value;
  const models::Supply supply = planning.supply.value_or(models::Supply{});
  const auto& made = supply.chips ? supply.chips : chip.supply;
  const auto output = made ? models::output(*made, chip.dies ? chip.dies->value : 1) : std::nullopt;
  if (!output) return;
  const models::Delivery delivery = models::delivery(chips, *output, supply);
  analysis::Figure figure{"delivery_s", number(delivery.expected), "s",
                          "until the chips of the system are made, at " +
                              grouped(std::round(output->expected.in(Hertz{1}) * unit::year.in(unit::s))) +
                              " a year and a share of " + si(supply.share_of_output.value) +
                              ", and the lead time is over"};
  if (delivery.low != delivery.high) figure.interval = {number(delivery.low), number(delivery.high)};
  result.figures.push_back(std::move(figure));
}

/// `at least 6.1 MW`, `160 cabinets`; empty where nothing is known.
template <class T>
std::string phrase(const Total<T>& total, const std::string& words) {
  if (!total.complete() && number(total.known) <= 0) return {};
  return (total.complete() ? "" : "at least ") + words;
}

std::string needs(const Bill& bill, const models::Power& power) {
  std::vector<std::string> parts{
      phrase(power.total, text(power.total.known)),
      phrase(bill.cabinets, grouped(bill.cabinets.known) + " cabinets"),
      phrase(bill.floor, grouped(bill.floor.known.in(unit::m2)) + " m2"),
      phrase(bill.optical_modules, grouped(bill.optical_modules.known) + " optical modules")};
  std::erase(parts, std::string{});
  return parts.empty() ? "" : " At full load it needs " + listed(parts) + ".";
}

/// With the energy at the meter and what it costs, part by part.
Table energy_table(const models::Power& power, Seconds time, const Planning& planning) {
  std::vector<std::string> parts, missing;
  std::vector<double> watts, joules, costs;
  for (const auto& [name, part] : power.parts()) {
    parts.emplace_back(name);
    missing.push_back(listed(part.missing));
    watts.push_back(number(part));
    joules.push_back(number(part) * number(time));
    if (planning.prices && planning.prices->electricity)
      costs.push_back(joules.back() * number(planning.prices->electricity->value));
  }
  Table table{"energy",
              "part",
              "where the energy goes, at full load: an upper bound of what is known",
              {{"part", "", "what takes it", parts},
               {"power_w", "W", "at full load", watts},
               {"energy_j", "J", "power times the time", joules}}};
  if (!costs.empty())
    table.columns.push_back({"cost", planning.prices->currency, "at the price of electricity", costs});
  table.columns.push_back({"not_known", "", "what the part lacks: then it is a lower bound", missing});
  return table;
}

}  // namespace

void add_bill(const models::System& system, const Planning& planning, Result& result) {
  const Bill bill = models::bill(system, planning.prices);
  const models::Power power = models::power(bill, planning.site);
  add_figure({"power_w", "W", "at the meter, with all at full load (NPUs at their thermal design power)"},
             power.total, result);
  add_figure({"cabinets", "", "that the system fills"}, bill.cabinets, result);
  add_figure({"floor_m2", "m2", "that the system needs"}, bill.floor, result);
  add_figure({"optical_modules", "", "of all networks"}, bill.optical_modules, result);
  add_figure({"cables", "", "of all networks; links on a board are none"}, bill.cables, result);
  Gaps gaps;
  gaps.add("power_w", power.total);
  gaps.add("cabinets", bill.cabinets);
  gaps.add("floor_m2", bill.floor);
  gaps.add("optical_modules", bill.optical_modules);
  gaps.add("cables", bill.cables);
  if (planning.prices) {
    add_figure({"purchase_cost", planning.prices->currency, "of all that has a price"}, bill.purchase,
               result);
    gaps.add("purchase_cost", bill.purchase);
  }
  add_delivery(system, planning, bill.npus, result);
  result.tables.push_back(bill_table(bill, planning.prices));
  if (!gaps.figures.empty()) result.tables.push_back(gaps_table(gaps));
  result.verdict += needs(bill, power);
}

void add_energy(const models::System& system, const Planning& planning, Seconds time, const std::string& of,
                Result& result) {
  const Bill bill = models::bill(system, planning.prices);
  const models::Power power = models::power(bill, planning.site);
  add_figure({"energy_j", "J", "of " + of + " at the meter, with all at full load"},
             models::energy(power.total, time), result);
  if (planning.prices) {
    const models::Costs costs = models::costs(bill, power, *planning.prices, time);
    const std::string& currency = planning.prices->currency;
    add_figure({"running_cost", currency, "of " + of + ": energy, floor and maintenance"}, costs.running,
               result);
    add_figure({"cost", currency,
                "of " + of + ": running_cost, and " +
                    (planning.prices->lifetime ? "its share of the purchase over the lifetime"
                                               : "all of the purchase, since no lifetime is told")},
               costs.cost, result);
  }
  result.tables.push_back(energy_table(power, time, planning));
}

void add_energy(const models::System& system, const Planning& planning, Result& result) {
  const analysis::Figure* training = result.figure("time_to_train_s");
  const double time = (training != nullptr ? training : result.figure("step_time_s"))->value;
  add_energy(system, planning, time * unit::s, training != nullptr ? "the training" : "a step", result);
}

}  // namespace superpod::scenarios
