/// Laws of power, energy, costs and delivery.
#include "models/costs/energy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/hardware/supply.hpp"
#include "tests/models/planned_pods.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using testing::ElementsAre, testing::IsEmpty;

constexpr double rounding = 1e-12;  // relative: closed forms agree to rounding

Site site(double pue) {
  Site site;
  site.pue = pue;
  return site;
}

TEST(Power, AtTheMeterIsThatOfTheRacksTimesThePue) {
  const Bill bill = models::bill(pods(2));
  for (const double pue : {1.0, 1.1, 1.5, 2.0}) {
    const Power power = models::power(bill, site(pue));
    EXPECT_NEAR(power.total.known / bill.power().known, pue, pue * rounding);
    Watts sum;
    for (const auto& part : power.parts()) sum += part.power.known;
    EXPECT_NEAR(sum / power.total.known, 1, rounding);
    EXPECT_TRUE(power.total.complete());
  }
}

TEST(Power, WithoutAPueIsThatOfTheRacksAndALowerBound) {
  const Bill bill = models::bill(pods(2));
  const Power power = models::power(bill, {});
  EXPECT_EQ(power.total.known, bill.power().known);
  EXPECT_THAT(power.total.missing, ElementsAre("PUE of the site"));
}

TEST(Energy, IsPowerTimesTime) {
  const Power power = models::power(models::bill(pods(2)), site(1.2));
  const Joules day = energy(power.total, 86400 * s).known;
  EXPECT_NEAR(day / (power.total.known * 86400 * s), 1, rounding);
  EXPECT_NEAR(energy(power.total, 2 * 86400 * s).known / day, 2, rounding);
}

TEST(Costs, OfATimeAreRunningCostsAndItsShareOfThePurchase) {
  Prices all = prices();
  all.electricity = MoneyPerJoule{0.1 / kWh.in(J)};
  all.floor = Rent{1000.0 / year.in(s)};
  all.maintenance = Hertz{0.05 / year.in(s)};
  all.lifetime = 5.0 * year;
  const Bill bill = models::bill(pods(2), all);
  const Power power = models::power(bill, site(1.25));
  const Costs costs = models::costs(bill, power, all, 0.5 * year);
  const double purchase = bill.purchase.known.in(money);
  EXPECT_NEAR(costs.energy.known.in(money), 1.25 * 51.5 * 0.1 * 4380, 1e-6);  // kW, per kWh, h in half a year
  EXPECT_NEAR(costs.floor.known.in(money), 51 * 1000 * 0.5, 1e-6);
  EXPECT_NEAR(costs.maintenance.known.in(money), 0.05 * 0.5 * purchase, 1e-6);
  EXPECT_NEAR(costs.capital.known.in(money), purchase / 10, 1e-6);
  EXPECT_NEAR(costs.cost.known / (costs.capital.known + costs.running.known), 1, rounding);
  EXPECT_TRUE(costs.cost.complete());
}

TEST(Costs, OfALifetimeWithInterestRepayThePurchase) {
  // The present value of n equal payments at the end of each year is the purchase.
  Prices all = prices();
  all.lifetime = 4.0 * year;
  all.interest = Hertz{0.08 / year.in(s)};
  const Bill bill = models::bill(pods(2), all);
  const double a_year = models::costs(bill, power(bill, {}), all, 1.0 * year).capital.known.in(money);
  double present = 0;
  for (int n = 1; n <= 4; ++n) present += a_year / std::pow(1.08, n);
  EXPECT_NEAR(present / bill.purchase.known.in(money), 1, 1e-9);
  all.interest = Hertz{1e-12 / year.in(s)};
  EXPECT_NEAR(models::costs(bill, power(bill, {}), all, 1.0 * year).capital.known / bill.purchase.known, 0.25,
              1e-9);
}

TEST(Costs, WithoutALifetimeATrainingPaysAll) {
  const Bill bill = models::bill(pods(2), prices());
  const Costs costs = models::costs(bill, power(bill, {}), prices(), 30 * 86400 * s);
  EXPECT_EQ(costs.capital.known, bill.purchase.known);
  EXPECT_THAT(costs.running.missing, ElementsAre("price of electricity", "rent of the floor", "maintenance"));
}

ChipSupply made(double a_year) {
  ChipSupply supply;
  supply.output = told(Hertz{a_year / year.in(s)}, Grade::assumed, "press");
  return supply;
}

TEST(Delivery, OfAYearsOutputTakesAYear) {
  const Output output = *models::output(made(650'000), 2);
  const Delivery delivery = models::delivery(650'000, output, {});
  EXPECT_NEAR(delivery.expected / (1.0 * year), 1, rounding);
  EXPECT_EQ(delivery.low, delivery.expected);
  EXPECT_EQ(delivery.high, delivery.expected);
}

TEST(Delivery, GrowsWithChipsAndShrinksWithTheShare) {
  const Output output = *models::output(made(650'000), 2);
  Seconds last;
  for (const double chips : {384.0, 8192.0, 524288.0, 1e6}) {
    const Seconds time = delivery(chips, output, {}).expected;
    EXPECT_GT(time, last);
    last = time;
  }
  last = Seconds{1e30};
  for (const double part : {0.01, 0.2, 0.5, 1.0}) {
    Supply supply;
    supply.share_of_output = part;
    const Seconds time = delivery(8192, output, supply).expected;
    EXPECT_LT(time, last);
    EXPECT_NEAR(time * part / delivery(8192, output, {}).expected, 1, rounding);
    last = time;
  }
}

TEST(Delivery, HasTheRangeOfTheOutput) {
  ChipSupply range = made(650'000);
  range.output_low = Hertz{600'000 / year.in(s)};
  range.output_high = Hertz{700'000 / year.in(s)};
  Supply supply;
  supply.lead_time = 10 * 86400 * s;
  const Delivery delivery = models::delivery(524'288, *output(range, 2), supply);
  EXPECT_NEAR((delivery.low - supply.lead_time) / year, 524'288 / 700e3, 1e-9);
  EXPECT_NEAR((delivery.expected - supply.lead_time) / year, 524'288 / 650e3, 1e-9);
  EXPECT_NEAR((delivery.high - supply.lead_time) / year, 524'288 / 600e3, 1e-9);
}

TEST(Output, FollowsFromWafersDiesAndYield) {
  ChipSupply wafers;
  wafers.wafers = told(Hertz{12 * 20'000 / year.in(s)});
  wafers.dies_per_wafer = told(80.0);
  wafers.yield = told(0.3, Grade::assumed);
  const Output output = *models::output(wafers, 2);
  EXPECT_NEAR(output.expected.in(Hz)*year.in(s), 240'000 * 80 * 0.3 / 2, 1e-3);
  EXPECT_EQ(output.grade, Grade::assumed);
  EXPECT_EQ(output.source, "maker");
  wafers.yield.reset();
  EXPECT_FALSE(models::output(wafers, 2));
}

TEST(ChipSupply, ThatIsContradictoryIsAMistake) {
  EXPECT_THAT(flaws(made(1)), IsEmpty());
  ChipSupply wrong = made(100);
  wrong.output_low = Hertz{200 / year.in(s)};
  EXPECT_EQ(flaws(wrong).front().message, "the lowest estimate is above the output");
  wrong = made(100);
  wrong.yield = 0.5;
  EXPECT_EQ(flaws(wrong).front().message, "the output is told twice, itself and by wafers");
  wrong = {};
  EXPECT_EQ(flaws(wrong).front().message, "a supply without output");
  wrong.wafers = Hertz{1};
  EXPECT_EQ(flaws(wrong).front().message, "an output follows from wafers, dies_per_wafer and yield together");
}

}  // namespace
}  // namespace superpod::models
