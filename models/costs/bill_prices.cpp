#include "models/costs/bill_prices.hpp"

#include <algorithm>
#include <cmath>

namespace superpod::models {
namespace {

constexpr std::string_view whole_system = "system";

/// Where the outermost level of a network stands: units further out contain all of the network.
int outermost_of(const System& system, const std::string& network) {
  for (const topology::Network& each : system.networks) {
    const auto [name, level] = std::visit(
        [](const auto& its) {
          return std::pair{its.name, its.levels.front()};
        },
        each);
    if (name == network) return position_of(system, level).value_or(0);
  }
  return 0;
}

/// How far in the units stand that contain an item whole: those at this position or further out.
int position_of(const BillItem& item, const System& system) {
  switch (item.kind) {
    case BillItem::Kind::npu:
      return static_cast<int>(system.levels.size()) - 1;
    case BillItem::Kind::switches:
    case BillItem::Kind::cables:
      return outermost_of(system, item.per) - 1;
    case BillItem::Kind::equipment:
    case BillItem::Kind::unit:
      break;
  }
  return position_of(system, item.per).value_or(-1);
}

std::optional<Money> value(const std::optional<Sourced<Money>>& price) {
  return price ? std::optional{price->value} : std::nullopt;
}

std::optional<Money> unit_price(const Prices& prices, const std::string& name) {
  const auto at = prices.units.find(name);
  return at == prices.units.end() ? std::nullopt : std::optional{at->second.value};
}

void note_missing(Total<Money>& total, const std::string& what) {
  const std::string words = "price of " + what;
  if (std::ranges::find(total.missing, words) == total.missing.end()) total.missing.push_back(words);
}

/// Modules and cables have prices of their own: the item has a cost, and no price for one.
void price_cables(BillItem& item, const Prices& prices, Total<Money>& purchase) {
  std::optional<Money> cost = Money{};
  const auto add = [&](const std::optional<double>& count, const std::optional<Money>& price,
                       const std::string& what) {
    if (count == 0.0) return;
    if (!price) note_missing(purchase, what);
    if (count && price && cost)
      cost = *cost + *count * *price;
    else
      cost.reset();
    if (count && price) purchase.known += *count * *price;
    if (!count && price) note_missing(purchase, item.name + ": their number is not known");
  };
  add(item.optical_modules, value(prices.optical_module), "optical module");
  add(item.cables, value(prices.cable), "cable");
  item.cost = cost;
}

void price(BillItem& item, const Prices& prices, const System& system, Total<Money>& purchase) {
  if (container(prices, system, position_of(item, system))) return;
  if (item.kind == BillItem::Kind::cables) return price_cables(item, prices, purchase);
  const bool is_npu = item.kind == BillItem::Kind::npu;
  item.price = is_npu ? value(prices.npu) : unit_price(prices, item.name);
  if (!item.price) return note_missing(purchase, item.name);
  if (std::isnan(item.count)) return note_missing(purchase, item.name + ": their number is not known");
  item.cost = item.count * *item.price;
  purchase.known += *item.cost;
}

}  // namespace

std::optional<int> position_of(const System& system, const std::string& level) {
  if (level == whole_system) return -1;
  const auto at = std::ranges::find(system.levels, level, &topology::Level::name);
  return at == system.levels.end() ? std::nullopt
                                   : std::optional{static_cast<int>(at - system.levels.begin())};
}

std::optional<std::string> container(const Prices& prices, const System& system, int position) {
  std::optional<std::string> outermost;
  int furthest_out = position + 1;
  for (const auto& [name, price] : prices.units) {
    const auto at = position_of(system, name);
    if (at && *at < furthest_out) {
      furthest_out = *at;
      outermost = name;
    }
  }
  return outermost;
}

void add_prices(const Prices& prices, const System& system, Bill& bill) {
  for (BillItem& item : bill.items) price(item, prices, system, bill.purchase);
  for (const auto& [name, price] : prices.units) {
    const auto position = position_of(system, name);
    if (!position) continue;
    double units = 1;
    for (int level = 0; level <= *position; ++level)
      units *= system.levels[static_cast<std::size_t>(level)].count;
    BillItem item{.kind = BillItem::Kind::unit, .name = name, .count = units, .per = name};
    item.power = Watts{};
    item.floor = SquareMetres{};
    item.cabinets = item.optical_modules = item.cables = 0;
    item.price = price.value;
    item.cost = units * price.value;
    item.grade = price.grade;
    item.source = price.source;
    bill.purchase.known += *item.cost;
    bill.items.push_back(std::move(item));
  }
}

}  // namespace superpod::models
