#include "models/costs/bill.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/costs/bill_prices.hpp"
#include "models/costs/cable_count.hpp"

namespace superpod::models {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// The worst grade of some figures, and their sources.
class Origin {
 public:
  template <class T>
  const T& of(const Sourced<T>& figure) {
    add(figure.grade, figure.source);
    return figure.value;
  }
  void add(Grade grade, const std::string& source) {
    grade_ = std::max(grade_.value_or(grade), grade);
    if (!source.empty() && std::ranges::find(sources_, source) == sources_.end()) sources_.push_back(source);
  }
  void leave(BillItem& item) const {
    item.grade = grade_;
    for (const std::string& source : sources_) item.source += (item.source.empty() ? "" : ", ") + source;
  }

 private:
  std::optional<Grade> grade_;
  std::vector<std::string> sources_;
};

double units_of(const System& system, const std::string& level) {
  double units = 1;
  if (level.empty()) return units;
  for (const topology::Level& each : system.levels) {
    units *= each.count;
    if (each.name == level) break;
  }
  return units;
}

template <class T>
std::optional<T> of_all(double count, const std::optional<Sourced<T>>& of_one, Origin& origin) {
  return of_one ? std::optional{count * origin.of(*of_one)} : std::nullopt;
}

/// What no NPU and no cable has: it is part of what they stand in.
void needs_no_room(BillItem& item) {
  item.floor = SquareMetres{};
  item.cabinets = 0;
}

BillItem npu_item(const System& system, double npus) {
  const Chip& chip = system.chip.value;
  BillItem item{.kind = BillItem::Kind::npu, .name = "NPU (" + chip.name + ")", .count = npus, .per = "NPU"};
  needs_no_room(item);
  item.optical_modules = item.cables = 0;
  Origin origin;
  item.power = of_all(npus, chip.power, origin);
  origin.leave(item);
  return item;
}

/// Of all of one kind, without the NPUs in them; none where it is not known, or where the NPUs are said to
/// take more than the whole.
std::optional<Watts> power_of(const Equipment& equipment, const Chip& chip, double count, double npus,
                              Origin& origin) {
  if (!equipment.power_with_npus) return of_all(count, equipment.power, origin);
  Watts rest = count * origin.of(*equipment.power_with_npus);
  if (chip.power) rest -= npus * origin.of(*chip.power);
  constexpr double rounding = 1e-9;
  if (rest < -rounding * npus * Watts{1}) return std::nullopt;
  return std::max(rest, Watts{});
}

BillItem item_of(const Equipment& equipment, const System& system, double npus) {
  Origin origin;
  const double each = equipment.count ? origin.of(*equipment.count) : 1;
  constexpr double rounding = 1e-9;
  const double count = std::ceil(units_of(system, equipment.level) * each * (1 - rounding));
  BillItem item{.kind = BillItem::Kind::equipment,
                .name = equipment.name,
                .count = count,
                .per = equipment.level.empty() ? "system" : equipment.level};
  item.power = power_of(equipment, system.chip.value, count, npus, origin);
  item.cabinets = of_all(count, equipment.cabinets, origin);
  item.floor = of_all(count, equipment.floor, origin);
  item.optical_modules = item.cables = 0;
  origin.leave(item);
  return item;
}

/// The cables that equipment tells of as a published count.
BillItem told_cables(const Equipment& equipment, double count) {
  Origin origin;
  BillItem item{.kind = BillItem::Kind::cables, .name = "cables of", .power = Watts{}};
  for (const std::string& network : equipment.cables_of) item.name += " " + network, item.per = network;
  needs_no_room(item);
  item.optical_modules = of_all(count, equipment.optical_modules, origin);
  item.cables = of_all(count, equipment.cables, origin);
  item.count = item.cables.value_or(not_known);
  origin.leave(item);
  return item;
}

template <class Network>
bool names(const std::vector<std::string>& list, const Network& network) {
  return std::ranges::find(list, network) != list.end();
}

std::string_view word(Medium medium) {
  for (const auto& [text, value] : words(medium))
    if (value == medium) return text;
  return "";
}

BillItem item_of(const CableStage& stage, const System& system) {
  BillItem item{.kind = BillItem::Kind::cables,
                .name = stage.network + " cables of stage " + std::to_string(stage.stage),
                .count = not_known,
                .per = stage.network,
                .power = Watts{}};
  needs_no_room(item);
  const auto its = std::ranges::find_if(system.cables, [&](const Cables& each) {
    return each.network == stage.network && each.stage == stage.stage;
  });
  if (its == system.cables.end()) return item;
  Origin origin;
  origin.add(std::max(stage.grade, Grade::derived), stage.source);
  const Medium medium = origin.of(its->medium);
  item.count = cables(stage, origin.of(its->bandwidth));
  item.cables = medium == Medium::board ? 0 : item.count;
  item.optical_modules = medium == Medium::optical ? item.count * its->modules.value : 0;
  std::string medium_word{word(medium)};
  std::ranges::replace(medium_word, '_', ' ');
  item.name += " (" + medium_word + ")";
  origin.leave(item);
  return item;
}

BillItem item_of(const SwitchTier& tier, const System& system) {
  BillItem item{.kind = BillItem::Kind::switches,
                .name = tier.network + " switches of tier " + std::to_string(tier.tier),
                .count = not_known,
                .per = tier.network,
                .optical_modules = 0,
                .cables = 0};
  const auto its = std::ranges::find_if(system.switches, [&](const Switches& each) {
    return each.network == tier.network && each.tier == tier.tier;
  });
  if (its == system.switches.end()) return item;
  Origin origin;
  origin.add(Grade::derived, "");
  item.name = its->name;
  item.count = switches(tier, origin.of(its->capacity));
  item.power = of_all(item.count, its->power, origin);
  item.cabinets = of_all(item.count, its->cabinets, origin);
  item.floor = of_all(item.count, its->floor, origin);
  origin.leave(item);
  return item;
}

/// What joins the NPUs of a graph: its file tells how they are joined, not what of.
std::vector<BillItem> items_of_graph() {
  BillItem switches{.kind = BillItem::Kind::switches,
                    .name = "switches of the graph",
                    .count = not_known,
                    .per = "graph",
                    .optical_modules = 0,
                    .cables = 0};
  BillItem cables{.kind = BillItem::Kind::cables,
                  .name = "cables of the graph",
                  .count = not_known,
                  .per = "graph",
                  .power = Watts{}};
  needs_no_room(cables);
  return {switches, cables};
}

template <class T>
void add(Total<T>& total, const std::optional<T>& figure, std::string_view what, const std::string& of) {
  if (figure)
    total.known += *figure;
  else
    total.missing.push_back(std::string{what} + " of " + of);
}

void add_up(Bill& bill) {
  for (const BillItem& item : bill.items) {
    const bool is_npu = item.kind == BillItem::Kind::npu;
    if (!(is_npu && bill.npus_in_equipment))
      add(is_npu ? bill.npu_power : bill.equipment_power, item.power, "power", item.name);
    add(bill.floor, item.floor, "floor", item.name);
    add(bill.cabinets, item.cabinets, "cabinets", item.name);
    add(bill.optical_modules, item.optical_modules, "optical modules", item.name);
    add(bill.cables, item.cables, "number", item.name);
  }
}

/// Nothing is told of what NPUs stand in.
void note_no_equipment(Bill& bill) {
  const std::string equipment = "what the NPUs stand in";
  bill.equipment_power.missing.push_back("power of " + equipment);
  bill.floor.missing.push_back("floor of " + equipment);
  bill.cabinets.missing.push_back("cabinets of " + equipment);
}

}  // namespace

Total<Watts> Bill::power() const {
  Total<Watts> sum = npu_power;
  sum.known += equipment_power.known;
  sum.missing.insert(sum.missing.end(), equipment_power.missing.begin(), equipment_power.missing.end());
  return sum;
}

Bill bill(const System& system, const std::optional<Prices>& prices) {
  Bill bill;
  bill.npus = system.levels.empty() ? 1 : units_of(system, system.levels.back().name);
  bill.items.push_back(npu_item(system, bill.npus));
  std::vector<std::string> housed, told;
  for (const Equipment& equipment : system.equipment) {
    bill.items.push_back(item_of(equipment, system, bill.npus));
    if (!equipment.cables_of.empty()) bill.items.push_back(told_cables(equipment, bill.items.back().count));
    if (equipment.power_with_npus && !system.chip.value.power) bill.npus_in_equipment = true;
    housed.insert(housed.end(), equipment.switches_of.begin(), equipment.switches_of.end());
    told.insert(told.end(), equipment.cables_of.begin(), equipment.cables_of.end());
  }
  for (const SwitchTier& tier : switch_tiers(system))
    if (!names(housed, tier.network)) bill.items.push_back(item_of(tier, system));
  for (const CableStage& stage : cable_stages(system))
    if (stage.links > 0 && !names(told, stage.network)) bill.items.push_back(item_of(stage, system));
  if (system.graph)
    for (BillItem& item : items_of_graph()) bill.items.push_back(std::move(item));
  add_up(bill);
  if (system.equipment.empty()) note_no_equipment(bill);
  if (prices) add_prices(*prices, system, bill);
  return bill;
}

}  // namespace superpod::models
