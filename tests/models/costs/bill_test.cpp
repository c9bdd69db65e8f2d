/// Laws of bills and prices.
#include "models/costs/bill.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/models/planned_pods.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using testing::ElementsAre;

constexpr double rounding = 1e-12;  // relative: closed forms agree to rounding

const BillItem& item(const Bill& bill, std::string_view name) {
  const auto at = std::ranges::find(bill.items, name, &BillItem::name);
  if (at == bill.items.end()) throw std::out_of_range{std::string{name}};
  return *at;
}

TEST(Bill, CountsWhatThereIs) {
  const Bill bill = models::bill(pods(2));
  EXPECT_EQ(bill.npus, 64);
  EXPECT_EQ(item(bill, "NPU (X1)").count, 64);
  EXPECT_EQ(item(bill, "compute cabinet").count, 8);
  EXPECT_EQ(item(bill, "network cabinet").count, 2);
  EXPECT_EQ(item(bill, "top switch").count, 1);
  // inside: 64 NPUs with 2 cables each, 64 * 100 / 100 cables between switches; between: 64 * 50 / 50.
  EXPECT_EQ(item(bill, "inside cables of stage 0 (electrical)").cables, 128);
  EXPECT_EQ(bill.cables.known, 128 + 64 + 64);
  EXPECT_EQ(bill.optical_modules.known, 2 * (64 + 64));
  EXPECT_EQ(bill.cabinets.known, 8 + 2 + 0.1);
  EXPECT_EQ(bill.floor.known, 51 * m2);
  EXPECT_EQ(bill.npu_power.known, 32 * kW);
  EXPECT_EQ(bill.equipment_power.known, (16 + 2 + 1.5) * kW);
  EXPECT_TRUE(bill.power().complete() && bill.floor.complete() && bill.cabinets.complete() &&
              bill.optical_modules.complete() && bill.cables.complete());
}

TEST(Bill, IsLinearInPods) {
  const Bill one = models::bill(pods(64)), many = models::bill(pods(64 * 7));
  EXPECT_NEAR(many.power().known / one.power().known, 7, 7 * rounding);
  EXPECT_NEAR(many.floor.known / one.floor.known, 7, 7 * rounding);
  EXPECT_NEAR(many.cabinets.known / one.cabinets.known, 7, 7 * rounding);
  EXPECT_EQ(many.optical_modules.known, 7 * one.optical_modules.known);
  EXPECT_EQ(many.cables.known, 7 * one.cables.known);
}

TEST(Bill, TotalsAreTheSumsOfItems) {
  const Bill bill = models::bill(pods(3));
  Watts power;
  SquareMetres floor;
  double cabinets = 0, modules = 0, cables = 0;
  for (const BillItem& each : bill.items) {
    power += *each.power;
    floor += *each.floor;
    cabinets += *each.cabinets;
    modules += *each.optical_modules;
    cables += *each.cables;
  }
  EXPECT_NEAR(bill.power().known / power, 1, rounding);
  EXPECT_NEAR(bill.floor.known / floor, 1, rounding);
  EXPECT_NEAR(bill.cabinets.known / cabinets, 1, rounding);
  EXPECT_EQ(bill.optical_modules.known, modules);
  EXPECT_EQ(bill.cables.known, cables);
}

TEST(Bill, GradesAnItemAsItsWorstFigure) {
  const Bill bill = models::bill(pods(1));
  EXPECT_EQ(item(bill, "compute cabinet").grade, Grade::derived);
  EXPECT_EQ(item(bill, "compute cabinet").source, "maker, plan");
  EXPECT_EQ(item(bill, "NPU (X1)").grade, Grade::assumed);
}

TEST(Bill, WhatIsNotKnownIsNamedAndNeverZero) {
  System system = pods(1);
  system.equipment[0].power.reset();
  system.equipment[1].floor.reset();
  system.switches.clear();
  system.cables.pop_back();
  const Bill bill = models::bill(system);
  EXPECT_FALSE(item(bill, "compute cabinet").power);
  EXPECT_THAT(bill.equipment_power.missing,
              ElementsAre("power of compute cabinet", "power of between switches of tier 0"));
  EXPECT_THAT(bill.floor.missing,
              ElementsAre("floor of network cabinet", "floor of between switches of tier 0"));
  EXPECT_THAT(bill.cabinets.missing, ElementsAre("cabinets of between switches of tier 0"));
  EXPECT_THAT(bill.optical_modules.missing, ElementsAre("optical modules of between cables of stage 0"));
  EXPECT_TRUE(std::isnan(item(bill, "between switches of tier 0").count));
  EXPECT_EQ(bill.equipment_power.known, 1 * kW);  // a lower bound
}

TEST(Bill, OfASystemWithoutEquipmentIsThatOfItsNpus) {
  System system = pods(1);
  system.equipment.clear();
  const Bill bill = models::bill(system);
  EXPECT_EQ(bill.npu_power.known, 16 * kW);
  EXPECT_FALSE(bill.power().complete());
  EXPECT_FALSE(bill.floor.complete());
  EXPECT_FALSE(bill.cabinets.complete());
}

TEST(Bill, PowerToldWithNpusIsConserved) {
  System system = pods(4);
  system.equipment[0].power.reset();
  system.equipment[0].power_with_npus = told(7 * kW);
  const Watts others = (4 * 1.0 + 2 * 1.5) * kW;  // 128 NPUs take two top switches
  for (const double chip : {100.0, 500.0, 875.0}) {
    system.chip.value.power = told(chip * W);
    EXPECT_NEAR(models::bill(system).power().known / (16 * 7 * kW + others), 1, rounding) << chip;
  }
  system.chip.value.power.reset();
  const Bill unknown_chip = models::bill(system);
  EXPECT_NEAR(unknown_chip.power().known / (16 * 7 * kW + others), 1, rounding);
  EXPECT_TRUE(unknown_chip.power().complete());
  EXPECT_TRUE(unknown_chip.npus_in_equipment);
}

TEST(Bill, NpusThatTakeMoreThanTheWholeMakeItsPowerUnknown) {
  System system = pods(1);
  system.equipment[0].power.reset();
  system.equipment[0].power_with_npus = told(3 * kW);  // 8 NPUs of 500 W are more
  EXPECT_THAT(models::bill(system).equipment_power.missing, ElementsAre("power of compute cabinet"));
}

TEST(Bill, EquipmentIsCountedInWholes) {
  System system = pods(1);
  system.levels[1].count = 5;  // 5 * 0.25 network cabinets
  EXPECT_EQ(item(models::bill(system), "network cabinet").count, 2);
}

TEST(Bill, PublishedCountsOfCablesReplaceThoseOfTheFabric) {
  System system = pods(1);
  system.equipment[1].cables_of = {"inside"};
  system.equipment[1].optical_modules = told(40.0);
  system.cables.erase(system.cables.begin(), system.cables.begin() + 2);
  const Bill bill = models::bill(system);
  EXPECT_EQ(bill.optical_modules.known, 40 + 64);
  EXPECT_TRUE(bill.optical_modules.complete());
  EXPECT_THAT(bill.cables.missing, ElementsAre("number of cables of inside"));
}

TEST(Prices, AddUpToThePurchase) {
  const Bill bill = models::bill(pods(2), prices());
  EXPECT_EQ(bill.purchase.known.in(money),
            64 * 10e3 + 8 * 20e3 + 2 * 30e3 + 1 * 25e3 + 256 * 500 + 256 * 100);
  EXPECT_TRUE(bill.purchase.complete());
  Money costs;
  for (const BillItem& each : bill.items) costs += each.cost.value_or(Money{});
  EXPECT_NEAR(costs / bill.purchase.known, 1, rounding);
}

TEST(Prices, ThatAreMissingAreNamed) {
  Prices some = prices();
  some.npu.reset();
  some.cable.reset();
  const Bill bill = models::bill(pods(2), some);
  EXPECT_THAT(bill.purchase.missing, ElementsAre("price of NPU (X1)", "price of cable"));
  EXPECT_EQ(bill.purchase.known.in(money), 8 * 20e3 + 2 * 30e3 + 1 * 25e3 + 256 * 500);
}

TEST(Prices, OfAUnitContainWhatIsWithinAndNotWhatJoinsUnits) {
  Prices of_pods;
  of_pods.units = {{"pod", 1e6 * money}};
  of_pods.optical_module = 500 * money;
  of_pods.cable = 100 * money;
  const Bill bill = models::bill(pods(3), of_pods);
  // 3 pods; between them 96 cables of two modules and a switch that has no price.
  EXPECT_EQ(bill.purchase.known.in(money), 3e6 + 96 * (2 * 500 + 100));
  EXPECT_THAT(bill.purchase.missing, ElementsAre("price of top switch"));
  Prices of_all;
  of_all.units = {{"system", 5e6 * money}};
  const Bill whole = models::bill(pods(3), of_all);
  EXPECT_EQ(whole.purchase.known.in(money), 5e6);
  EXPECT_TRUE(whole.purchase.complete());
}

std::string first_flaw(const Prices& wrong) {
  const auto found = flaws(wrong, pods(1));
  return found.empty() ? "none" : found.front().key + ": " + found.front().message;
}

TEST(Prices, OfWhatIsNotThereOrTwiceAreMistakes) {
  EXPECT_EQ(first_flaw(prices()), "none");
  Prices wrong = prices();
  wrong.units["cabinnet"] = money;
  EXPECT_EQ(first_flaw(wrong), "units.cabinnet: no level, equipment or switch is called 'cabinnet'");
  wrong = prices();
  wrong.units["pod"] = money;
  EXPECT_EQ(first_flaw(wrong), "units.compute cabinet: the price of a pod contains that of compute cabinet");
  wrong = Prices{};
  wrong.units = {{"pod", money}, {"cabinet", money}};
  EXPECT_EQ(first_flaw(wrong), "units.cabinet: the price of a pod contains that of a cabinet");
  wrong = Prices{};
  wrong.units = {{"cabinet", money}};
  wrong.npu = money;
  EXPECT_EQ(first_flaw(wrong), "npu: the price of a cabinet contains its NPUs");
  wrong = Prices{};
  wrong.interest = Hertz{1e-9};
  EXPECT_EQ(first_flaw(wrong), "interest: interest is paid over a lifetime, which is not told");
}

std::string first_equipment_flaw(const System& system) {
  const auto found = equipment_flaws(system);
  return found.empty() ? "none" : found.front().key + ": " + found.front().message;
}

TEST(EquipmentFlaws, NameWhatIsNotThere) {
  EXPECT_EQ(first_equipment_flaw(pods(1)), "none");
  System system = pods(1);
  system.equipment[0].level = "cabinett";
  EXPECT_EQ(first_equipment_flaw(system), "equipment.0.level: no level is called 'cabinett'");
  system = pods(1);
  system.equipment[1].switches_of = {"inside", "outside"};
  EXPECT_EQ(first_equipment_flaw(system), "equipment.1.switches_of: no network is called 'outside'");
  system = pods(1);
  system.equipment[0].name = "cabinet";
  EXPECT_EQ(first_equipment_flaw(system), "equipment.0.name: 'cabinet' is the name of a level, too");
  system = pods(1);
  system.equipment[0].power_with_npus = told(5 * kW);
  EXPECT_EQ(first_equipment_flaw(system),
            "equipment.0.power: its power is told twice, without NPUs and with them");
  system = pods(1);
  system.cables[2].stage = 1;
  EXPECT_EQ(first_equipment_flaw(system), "cables.2.stage: 'between' has 1 stage");
  system = pods(1);
  system.cables[1].stage = 0;
  EXPECT_EQ(first_equipment_flaw(system), "cables.1: inside, stage 0, is told twice");
  system = pods(1);
  system.switches[0].tier = 2;
  EXPECT_EQ(first_equipment_flaw(system), "switches.0.tier: 'between' has 1 tier");
}

}  // namespace
}  // namespace superpod::models
