/// What the catalogue's systems need, against what their makers and others state; and the keys `site`,
/// `prices` and `supply` of a scenario.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/costs/bill.hpp"
#include "models/costs/energy.hpp"
#include "models/hardware/supply.hpp"
#include "scenarios/asked/explain.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/text/entry.hpp"
#include "scenarios/text/source_file.hpp"

namespace superpod::scenarios {
namespace {

using models::Bill, models::BillItem;
using testing::Contains, testing::ElementsAre, testing::HasSubstr, testing::IsEmpty;
using namespace unit;

constexpr double rounding = 1e-9;  // relative: sums of a few products

const Library& library() {
  static const Library brought{{std::filesystem::path{SUPERPOD_ROOT} / "scenarios" / "library"}};
  return brought;
}

Bill bill_of(const std::string& system) { return models::bill(system_named(system, library())); }

TEST(PlanningCatalogue, SaysNothingAboutEquipmentThatDoesNotFit) {
  for (const std::string& name : library().names("systems")) {
    const models::System system = system_named(name, library());
    for (const auto& flaw : models::equipment_flaws(system))
      ADD_FAILURE() << name << ": " << flaw.key << ": " << flaw.message;
    if (system.chip.value.supply)
      for (const auto& flaw : models::flaws(*system.chip.value.supply))
        ADD_FAILURE() << name << ": " << flaw.key << ": " << flaw.message;
  }
}

TEST(PlanningCatalogue, PowerIsThatOfPublishedWholes) {
  // Reported for a CloudMatrix384 (559 kW), estimated for the racks of 72 GPUs: chips and the rest together.
  for (const auto& [name, kilowatts] : std::map<std::string, double>{{"cloudmatrix384", 559},
                                                                     {"atlas_900_a3_superpod", 559},
                                                                     {"gb200_nvl72", 132},
                                                                     {"gb300_nvl72", 140},
                                                                     {"vr_nvl72", 200}}) {
    const auto power = bill_of(name).power();
    EXPECT_NEAR(power.known.in(kW), kilowatts, rounding * kilowatts) << name;
    EXPECT_TRUE(power.complete()) << name;
  }
  EXPECT_NEAR(bill_of("gb200_nvl72_cluster").power().known.in(kW), 8 * 132, 8 * 132 * rounding);
  EXPECT_NEAR(bill_of("cloudmatrix384_cluster").power().known.in(kW), 24 * 559, 24 * 559 * rounding);
}

TEST(PlanningCatalogue, CabinetsAndFloorAreThoseOfTheKeynote) {
  struct Room {
    double cabinets, floor;
  };
  for (const auto& [name, room] :
       std::map<std::string, Room>{{"atlas_950_superpod", {160, 1000}},
                                   {"atlas_950_superpod_ub_mesh", {160, 1000}},
                                   {"atlas_960_superpod", {220, 2200}},
                                   {"atlas_950_supercluster", {64 * 160, 64 * 1000}},
                                   {"atlas_960_supercluster", {65 * 220, 65 * 2200}}}) {
    const Bill bill = bill_of(name);
    EXPECT_EQ(bill.cabinets.known, room.cabinets) << name;
    EXPECT_NEAR(bill.floor.known.in(m2), room.floor, rounding * room.floor) << name;
  }
  EXPECT_EQ(bill_of("cloudmatrix384").cabinets.known, 16);
}

TEST(PlanningCatalogue, ASuperClusterIsAsManySuperPodsAndWhatJoinsThem) {
  const Bill pod = bill_of("atlas_950_superpod"), cluster = bill_of("atlas_950_supercluster");
  EXPECT_EQ(cluster.npus, 64 * pod.npus);
  EXPECT_NEAR(cluster.npu_power.known / pod.npu_power.known, 64, 64 * rounding);
  const auto of_network = [](const Bill& bill, std::string_view network) {
    double modules = 0;
    for (const BillItem& item : bill.items)
      if (item.per == network) modules += item.optical_modules.value_or(0);
    return modules;
  };
  EXPECT_NEAR(of_network(cluster, "pod clos") / of_network(pod, "pod clos"), 64, 64 * 1e-4);  // whole cables
  EXPECT_EQ(of_network(cluster, "UBoE"),
            524'288 * 2 * 4);  // 2 ports of 400 Gb/s, 2 stages, 2 modules a cable
  EXPECT_THAT(cluster.cabinets.missing,
              ElementsAre("cabinets of UBoE switches of tier 0", "cabinets of UBoE switches of tier 1"));
}

TEST(PlanningCatalogue, OpticalModulesOfCloudMatrix384AreThoseCounted) {
  // SemiAnalysis: 6,912 modules of 400G in a pod, 5,376 for scale-up and 1,536 for scale-out.
  EXPECT_EQ(bill_of("cloudmatrix384").optical_modules.known, 5376);
  EXPECT_EQ(bill_of("cloudmatrix384_cluster").optical_modules.known, 24 * 6912);
}

TEST(PlanningCatalogue, OpticsOfThe960SuperNodeAreThePublishedEngines) {
  const Bill bill = bill_of("ascend_960_supernode_2026");
  EXPECT_EQ(bill.optical_modules.known, 5500);
  EXPECT_TRUE(bill.optical_modules.complete());
}

TEST(PlanningCatalogue, AssumedPortsOfThe960NeedFewerModulesThanThePublishedComparison) {
  // "instead of about 48,000 modules of 800 Gb/s" for 4,096 NPUs. The wiring that is assumed here (6 of 18
  // ports to the Clos, optics between cabinets only) has 2 * 4096 * 366.6 / 100 = 30,033: the published
  // machine has more ports there.
  models::System system = system_named("atlas_960_superpod", library());
  system.levels[0].count = 64;
  system.levels[1].count = 8;
  EXPECT_NEAR(models::bill(system).optical_modules.known, 30'034, 2);
}

TEST(PlanningCatalogue, CablesOfUbMeshAreMostlyPassive) {
  // Published: 86.7 % passive electrical, 7.2 % active electrical, 4.8 % and 1.2 % optical, by links; of a
  // system with the Clos above its pods, which this pod does not have. Counted in cables of 4 lanes.
  const Bill bill = bill_of("ubmesh_pod");
  std::map<std::string, double> of_medium;
  for (const BillItem& item : bill.items)
    if (item.kind == BillItem::Kind::cables)
      of_medium[item.name.substr(item.name.find('('))] += *item.cables / bill.cables.known;
  constexpr double without_the_clos = 0.015;
  EXPECT_NEAR(of_medium["(electrical)"], 0.867, without_the_clos);
  EXPECT_NEAR(of_medium["(active electrical)"], 0.072, without_the_clos);
  EXPECT_NEAR(of_medium["(optical)"], 0.060, without_the_clos);
}

TEST(PlanningCatalogue, FatTreesOfTheH800ClusterHaveThePublishedSwitches) {
  double switches = 0;
  for (const BillItem& item : bill_of("h800_deepseek_cluster").items)
    if (item.kind == BillItem::Kind::switches) switches += item.count;
  EXPECT_EQ(switches, 96);
}

TEST(PlanningCatalogue, PowerThatIsNotPublicIsNotTold) {
  for (const char* name : {"atlas_950_superpod", "atlas_960_superpod", "atlas_950_supercluster"})
    EXPECT_THAT(bill_of(name).equipment_power.missing, Contains("power of compute cabinet")) << name;
  EXPECT_THAT(bill_of("atlas_960_superpod").npu_power.missing, ElementsAre("power of NPU (Ascend 960)"));
}

TEST(PlanningCatalogue, ThePublicEstimateOfChipsDeliversASuperClusterInNineToElevenMonths) {
  const models::System system = system_named("atlas_950_supercluster", library());
  const auto output = models::output(*system.chip.value.supply, system.chip.value.dies->value);
  ASSERT_TRUE(output);
  const auto delivery = models::delivery(524'288, *output, {});
  EXPECT_NEAR(delivery.low / year, 524'288.0 / 700'000, rounding);
  EXPECT_NEAR(delivery.high / year, 524'288.0 / 600'000, rounding);
  EXPECT_EQ(delivery.grade, Grade::assumed);
}

constexpr const char* training = R"(name: priced
system: {base: dgx_h100_superpod, levels: {unit: {count: 1}}}
workload:
  kind: training
  model: llama3_8b
  sequence_length: 8192
  batch: 256
  parallel: {tensor: 4}
  schedule: 1f1b
  recompute: selective
  precision: {gemm: bf16}
)";

/// The scenario with more keys, or the mistakes in it.
std::optional<ScenarioFile> scenario(const std::string& keys, std::string& mistakes_text) {
  Mistakes mistakes;
  const auto source = std::make_shared<const Source>(Source{"priced.yaml", training + keys});
  auto file = read_scenario(source, library(), {}, mistakes);
  mistakes_text = mistakes.empty() ? "" : text(mistakes);
  return file;
}

analysis::Result result_of(const std::string& keys) {
  std::string mistakes;
  const auto file = scenario(keys, mistakes);
  if (!file) throw std::runtime_error{mistakes};
  return simulate(*file, models::Detail::folded).result;
}

double figure(const analysis::Result& result, const std::string& key) {
  const analysis::Figure* found = result.figure(key);
  return found == nullptr ? std::nan("") : found->value;
}

constexpr const char* priced = R"(site: {pue: 1.2}
prices:
  npu: 30 kUSD
  optical_module: 500 USD
  cable: {value: 100 USD, grade: assumed, note: a round figure}
  units: {server: 150 kUSD, leaf switch: 30 kUSD, spine switch: 30 kUSD}
  electricity: 0.1 USD/kWh
  maintenance: 5 %/y
  lifetime: 4 y
supply: {share_of_output: 0.5, lead_time: 30 d, chips: {output: 1 1/s}}
)";

TEST(PlanningKeys, GiveARunPowerEnergyCostsAndDelivery) {
  const analysis::Result result = result_of(priced);
  analysis::check(result);
  // 32 servers of 10 kW, 8 leaf switches and, on 8 rails, one top switch each, at 1.7 kW.
  EXPECT_NEAR(figure(result, "power_w"), 1.2 * (320e3 + 16 * 1700), 1);
  EXPECT_NEAR(figure(result, "energy_j"), figure(result, "power_w") * figure(result, "step_time_s"), 1);
  EXPECT_EQ(figure(result, "optical_modules"), 256 * 4);
  EXPECT_NEAR(figure(result, "purchase_cost"), 256 * 30e3 + 1024 * 500 + 512 * 100 + 32 * 150e3 + 16 * 30e3,
              1);
  EXPECT_EQ(result.figure("purchase_cost")->unit, "USD");
  EXPECT_NEAR(figure(result, "delivery_s"), 256 / 0.5 + 30 * 86400, 1e-6);
  const double step = figure(result, "step_time_s"), in_a_year = 31'536'000;
  const double running =
      figure(result, "energy_j") / 3.6e6 * 0.1 + 0.05 * figure(result, "purchase_cost") * step / in_a_year;
  EXPECT_NEAR(figure(result, "running_cost"), running, rounding * running);
  const double all = running + figure(result, "purchase_cost") / 4 * step / in_a_year;
  EXPECT_NEAR(figure(result, "cost"), all, rounding * all);
  EXPECT_THAT(result.figure("cost")->meaning, HasSubstr("rent of the floor"));
}

TEST(PlanningKeys, EnergyAddsUpOverItsParts) {
  const analysis::Result result = result_of(priced);
  double power = 0, energy = 0;
  for (const double part : std::get<std::vector<double>>(result.table("energy")->column("power_w")->values))
    power += part;
  for (const double part : std::get<std::vector<double>>(result.table("energy")->column("energy_j")->values))
    energy += part;
  EXPECT_NEAR(power, figure(result, "power_w"), rounding * power);
  EXPECT_NEAR(energy, figure(result, "energy_j"), rounding * energy);
}

TEST(PlanningKeys, WithoutThemWhatIsNotKnownIsLeftOutOrALowerBound) {
  const analysis::Result result = result_of("");
  EXPECT_THAT(result.figure("power_w")->meaning, HasSubstr("a lower bound"));
  for (const char* key : {"floor_m2", "purchase_cost", "running_cost", "cost", "delivery_s"})
    EXPECT_EQ(result.figure(key), nullptr) << key;
  EXPECT_EQ(figure(result, "not_known.floor_m2"), 3);  // of servers, leaf and spine switches
  EXPECT_EQ(figure(result, "not_known.power_w"), 1);   // the PUE
  EXPECT_EQ(result.table("bill")->column("price"), nullptr);
  const analysis::Table* gaps = result.table("not_known");
  ASSERT_NE(gaps, nullptr);
  EXPECT_THAT(std::get<std::vector<std::string>>(gaps->column("missing")->values),
              Contains("PUE of the site"));
}

TEST(PlanningKeys, AreExplained) {
  std::string mistakes;
  const auto file = scenario(priced, mistakes);
  ASSERT_TRUE(file) << mistakes;
  const std::string said = explain(*file, library());
  for (const char* words :
       {"site.pue", "prices.npu", "30 kUSD", "prices.units.leaf switch", "supply.share_of_output"})
    EXPECT_THAT(said, HasSubstr(words));
}

std::string mistakes_of(const std::string& keys) {
  std::string mistakes;
  scenario(keys, mistakes);
  return mistakes;
}

TEST(PlanningKeys, MistakesAreNamed) {
  EXPECT_THAT(mistakes_of("site: {pue: 0.9}\n"),
              HasSubstr("pue must be at least 1 and at most 100, but is '0.9'"));
  EXPECT_THAT(mistakes_of("prices: {npu: 30000}\n"),
              HasSubstr("'30000' is not an amount of money: it has no unit"));
  EXPECT_THAT(mistakes_of("prices: {npu: 30 kW}\n"), HasSubstr("'kW' is not a unit of an amount of money"));
  EXPECT_THAT(mistakes_of("prices: {npu: 30 kUSD, electricity: 0.6 CNY/kWh}\n"),
              HasSubstr("this price is in CNY, that of prices.npu in USD"));
  EXPECT_THAT(mistakes_of("prices: {units: {sever: 1 kUSD}}\n"), HasSubstr("did you mean 'server'?"));
  EXPECT_THAT(mistakes_of("prices: {npu: 30 kUSD, units: {node: 400 kUSD}}\n"),
              HasSubstr("the price of a node contains its NPUs"));
  EXPECT_THAT(mistakes_of("supply: {chips: {wafers: 20000 1/month}}\n"),
              HasSubstr("an output follows from wafers, dies_per_wafer and yield together"));
  EXPECT_THAT(mistakes_of("supply: {share_of_output: 0}\n"), HasSubstr("share_of_output must be at least"));
}

TEST(PlanningKeys, MeanNothingToACollective) {
  Mistakes mistakes;
  const auto source = std::make_shared<const Source>(
      Source{"collective.yaml",
             "name: c\nsystem: gb200_nvl72\nworkload: {kind: collective, "
             "operation: all_reduce, algorithm: direct, size: 1 GB}\nsite: {pue: 1.2}\n"});
  EXPECT_FALSE(read_scenario(source, library(), {}, mistakes));
  EXPECT_THAT(text(mistakes), HasSubstr("only a training says what its system needs and costs"));
}

}  // namespace
}  // namespace superpod::scenarios
