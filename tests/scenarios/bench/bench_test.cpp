// What is measured, how often, and what the table says of it. No test asserts a time.

#include "scenarios/bench/bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <tuple>

#include "models/kernels/family.hpp"
#include "scenarios/bench/design.hpp"
#include "scenarios/bench/machine.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {
namespace {

using models::Measurement;
using models::Precision;
using models::Scaling;
using namespace superpod::unit;
using Caches = Measurement::Caches;

const Library& library() {
  static const Library ours{{SUPERPOD_ROOT "/scenarios/library"}};
  return ours;
}

Abilities everything() {
  return {.gemm = {{Precision::bf16, Scaling::none}, {Precision::fp8, Scaling::block}},
          .grouped_gemm = {{Precision::fp8, Scaling::block}},
          .attention = {{Precision::bf16, Precision::bf16}},
          .works = {RowWork::What::launch, RowWork::What::quantise},
          .largest_work = Flops{1e12},
          .largest_traffic = 1 * GB};
}

/// Time by a formula: what is said of it can be checked.
class ClockworkTask : public ReadyTask {
 public:
  explicit ClockworkTask(const models::Kernel& kernel) : kernel_{kernel} {}
  Seconds run(int, Caches caches) override {
    const double slower = (++runs_ % 4) * 0.1;
    return (1 + slower) * (1 * us + kernel_.flops / (1 * TFLOP / s)) + (caches == Caches::cold ? 5 : 0) * us;
  }
  [[nodiscard]] std::string implementation() const override { return "clockwork, in turns"; }

 private:
  models::Kernel kernel_;
  int runs_ = 0;
};

class Clockwork : public BenchDevice {
 public:
  [[nodiscard]] std::string name() const override { return "clockwork_chip"; }
  [[nodiscard]] std::string notes() const override { return "a clockwork"; }
  [[nodiscard]] const Abilities& abilities() const override { return abilities_; }
  std::unique_ptr<ReadyTask> prepare(const Task& task, std::uint64_t) override {
    if (task.kernel.kind == models::Kernel::Kind::attention) return nullptr;
    return std::make_unique<ClockworkTask>(task.kernel);
  }

 private:
  Abilities abilities_ = everything();
};

BenchPlan short_plan() {
  BenchPlan plan = quick_plan();
  plan.effort.warm_up = Seconds{};
  plan.effort.most = 8;
  return plan;
}

TEST(Bench, ItsTableReadsBackAndSaysWhatWasLeftOut) {
  Clockwork device;
  double share = -1;
  const BenchTable table = measure(device, library(), short_plan(), [&](double done) {
    EXPECT_GE(done, share);
    EXPECT_LE(done, 1);
    share = done;
  });
  std::ostringstream out;
  write(out, table);
  EXPECT_THAT(out.str(), testing::HasSubstr("# machine: a clockwork\n"));
  EXPECT_THAT(out.str(), testing::HasSubstr("# left out: "));
  EXPECT_FALSE(table.left_out.empty());

  Mistakes mistakes;
  const KernelTable read =
      read_kernel_table(std::make_shared<Source>(Source{"bench.csv", out.str()}), mistakes);
  EXPECT_EQ(text(mistakes), "");
  EXPECT_TRUE(read.unread.empty());
  ASSERT_EQ(read.rows.size(), table.rows.size());
  for (std::size_t i = 0; i < read.rows.size(); ++i) {
    EXPECT_EQ(text(family_of(read.rows[i].kernels[0])), text(family_of(table.rows[i].kernels[0])));
    EXPECT_EQ(read.rows[i].kernels[0].flops, table.rows[i].kernels[0].flops);
    EXPECT_EQ(read.rows[i].caches, table.rows[i].caches);
    EXPECT_EQ(read.rows[i].device, "clockwork_chip");
    EXPECT_LE(*read.rows[i].low, read.rows[i].time);
    EXPECT_GE(*read.rows[i].high, read.rows[i].time);
    EXPECT_GT(read.rows[i].repeats, 0);
  }
}

TEST(Bench, EachKernelIsMeasuredWarmAndCold) {
  Clockwork device;
  std::map<Caches, int> rows;
  for (const Measurement& row : measure(device, library(), short_plan()).rows) ++rows[row.caches];
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[Caches::warm], rows[Caches::cold]);
}

TEST(Bench, TheDeviceMayBeGivenAName) {
  Clockwork device;
  BenchPlan plan = short_plan();
  plan.shapes = 1;
  plan.name = "mine";
  EXPECT_EQ(measure(device, library(), plan).rows.at(0).device, "mine");
}

TEST(Design, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const auto llms = models_of(library());
  const auto flops = [&](std::uint64_t seed) {
    std::vector<double> all;
    for (const Task& task : tasks(llms, everything(), 40, seed)) all.push_back(task.kernel.flops.in(FLOP));
    return all;
  };
  EXPECT_EQ(flops(1), flops(1));
  EXPECT_NE(flops(1), flops(2));
}

TEST(Design, NothingIsTooLargeForTheDevice) {
  const Abilities abilities = everything();
  for (const Task& task : tasks(models_of(library()), abilities, 400, 3)) {
    EXPECT_LE(task.kernel.flops, abilities.largest_work);
    EXPECT_LE(task.kernel.bytes, abilities.largest_traffic);
  }
}

TEST(Design, EveryTypeOfADeviceIsMeasuredAtTheSameShapes) {
  std::map<Precision, std::multiset<double>> flops;
  for (const Task& task : tasks(models_of(library()), everything(), 100, 1))
    if (task.kernel.kind == models::Kernel::Kind::gemm)
      flops[task.kernel.precision].insert(task.kernel.flops.in(FLOP));
  EXPECT_EQ(flops.size(), 2U);
  EXPECT_EQ(flops[Precision::bf16], flops[Precision::fp8]);
}

TEST(Design, ModelsBringTheirProducts) {
  // DeepSeek-V3: gate and up projection of an expert, 2 x 2048 by 7168, on 8 experts of a rank.
  const auto shapes = model_products(models_of(library()));
  EXPECT_TRUE(std::any_of(shapes.begin(), shapes.end(), [](const models::MatrixShape& shape) {
    return shape.groups == 8 && shape.n == 4096 && shape.k == 7168;
  }));
}

TEST(Design, ThePointsFillTheSpace) {
  // Any 64 points of a sequence in base 2 put 16 into each quarter of the axis; a shift moves at most one.
  std::map<int, int> quarters;
  for (const models::MatrixShape& shape : space_filling(64, 7)) {
    EXPECT_GE(shape.m, 1);
    EXPECT_LE(shape.m, 16384);
    for (const double size : {shape.n, shape.k}) {
      EXPECT_GE(size, 256);
      EXPECT_LE(size, 16384);
      EXPECT_EQ(std::fmod(size, 128), 0);
    }
    ++quarters[std::min(3, static_cast<int>(4 * std::log(shape.m) / std::log(16384)))];
  }
  for (const auto& [quarter, points] : quarters) EXPECT_NEAR(points, 16, 1) << quarter;
}

TEST(Sampled, SteadyTimesNeedFewSamplesAndWildOnesStopSomewhere) {
  const Effort effort{.least = 5,
                      .most = 20,
                      .spread = 0.02,
                      .budget = 100 * s,
                      .warm_up = Seconds{},
                      .shortest_sample = 1 * us};
  const Sampled steady = sampled([](int) { return 3 * us; }, effort);
  EXPECT_EQ(steady.samples, 5);
  EXPECT_EQ(steady.median, 3 * us);
  EXPECT_EQ(steady.runs, 1);
  int calls = 0;
  const Sampled wild = sampled([&](int) { return (1 + ++calls % 7) * us; }, effort);
  EXPECT_EQ(wild.samples, 20);
  EXPECT_LE(wild.low, wild.median);
  EXPECT_LE(wild.median, wild.high);
}

TEST(Sampled, ShortRunsAreTimedSeveralAtOnce) {
  Effort effort;
  effort.warm_up = Seconds{};
  effort.shortest_sample = 100 * us;
  EXPECT_EQ(sampled([](int) { return 1 * us; }, effort).runs, 100);
}

TEST(Machine, IsReadAsLinuxTellsOfIt) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path{testing::TempDir()} / "superpod_machine";
  const fs::path cpu = root / "sys/devices/system/cpu/cpu0";
  fs::create_directories(root / "proc");
  fs::create_directories(cpu / "cache/index3");
  fs::create_directories(cpu / "cpufreq");
  std::ofstream{root / "proc/cpuinfo"}
      << "processor\t: 0\nmodel name\t: Some CPU @ 2.60GHz\ncpu MHz\t\t: 2600.0\n";
  std::ofstream{root / "proc/loadavg"} << "1.50 0.70 0.30 2/90 17\n";
  std::ofstream{cpu / "cache/index3/size"} << "32768K\n";
  std::ofstream{cpu / "cpufreq/scaling_governor"} << "performance\n";
  const Machine machine = this_machine(root);
  fs::remove_all(root);
  EXPECT_EQ(machine.model, "Some CPU @ 2.60GHz");
  EXPECT_NEAR(machine.clock.in(GHz), 2.6, 1e-12);
  EXPECT_EQ(machine.largest_cache, 32 * MiB);
  EXPECT_THAT(text(machine), testing::EndsWith("at 2.6 GHz, governor performance, 32 MiB cache, load 1.5"));
}

TEST(Machine, ThatSaysNothingIsUnknown) {
  EXPECT_THAT(text(this_machine("/nowhere")), testing::HasSubstr("unknown CPU"));
}

TEST(Machine, NamesOfDevicesAreWords) {
  EXPECT_EQ(device_name("cpu", "Intel(R) Xeon(R) CPU @ 2.60GHz"), "cpu_intel_xeon");
  EXPECT_EQ(device_name("cpu", "AMD EPYC 9B45 128-Core Processor"), "cpu_amd_epyc_9b45_128");
  EXPECT_EQ(device_name("gpu", "NVIDIA H200 NVL"), "gpu_nvidia_h200_nvl");
}

}  // namespace
}  // namespace superpod::scenarios
