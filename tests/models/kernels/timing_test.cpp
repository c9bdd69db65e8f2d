// Laws of the timing model that hold whatever a fit finds, also far outside of any table.
#include "models/kernels/timing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "models/calibration/parameters.hpp"
#include "models/hardware/kernel_time.hpp"

namespace superpod::models {
namespace {

using Form = KernelFamily::Form;
constexpr double rounding = 1e-12;
constexpr int cases = 400;

/// Random parameters within the bounds of fits, shapes over nine decades, a chip.
class Draw {
 public:
  explicit Draw(unsigned seed) : random_{seed} {}

  double between(double low, double high) {  // evenly on a logarithmic axis
    return std::exp(std::uniform_real_distribution{std::log(low), std::log(high)}(random_));
  }
  double whole(double high) { return std::ceil(between(1, high)); }

  TimingParameters parameters(Form form) {
    TimingParameters p;
    for (const FittedParameter& each : fitted_parameters(form)) each.set(p, between(each.low, each.high));
    return p;
  }
  ChipRates rates() {
    const double cores = whole(200);
    const BytesPerSecond bandwidth{between(1e11, 1e13)};
    const double tile_rows = std::ceil(between(0.01, 64));  // a matrix core's, or a vector unit's
    return {cores, FlopsPerSecond{between(1e14, 1e16)} / cores, bandwidth, bandwidth / cores, tile_rows};
  }
  MatrixShape matrix() { return {whole(300), between(0.01, 1e6), whole(1e6), whole(1e6)}; }
  AttentionShape prefill() {
    const double keys = whole(1e6), kv = whole(16);
    AttentionShape shape{whole(300), kv * whole(16), kv, keys, keys, keys * (keys + 1) / 2, 192, 128};
    return shape;
  }
  AttentionShape decode() {
    const double keys = 8 + whole(1e6), kv = whole(16);
    return {whole(3000), kv * whole(16), kv, 1, keys, keys, 128, 128};
  }

 private:
  std::mt19937 random_;
};

Kernel product(const MatrixShape& shape) {
  Kernel kernel = gemm("product", Precision::fp8, shape, Bytes{2});
  kernel.kind = Kernel::Kind::grouped_gemm;
  return kernel;
}
Kernel core_attention(const AttentionShape& shape) { return attention("attention", Precision::bf16, shape); }

double seconds(const Kernel& kernel, const TimingParameters& p, const ChipRates& rates, Load load) {
  return time_of(kernel, p, rates, load).time.in(unit::s);
}

/// `larger` takes no less than `smaller`, in benchmarks and under load.
void expect_no_faster(const Kernel& larger, const Kernel& smaller, const TimingParameters& p,
                      const ChipRates& rates, int number) {
  for (const Load load : {Load::brief, Load::sustained})
    EXPECT_GE(seconds(larger, p, rates, load), seconds(smaller, p, rates, load) * (1 - rounding))
        << "case " << number;
}

TEST(Timing, OfAProductNeverFallsWhenASizeGrows) {
  Draw draw{1};
  for (int i = 0; i < cases; ++i) {
    const TimingParameters p = draw.parameters(Form::grouped_gemm);
    const ChipRates rates = draw.rates();
    const MatrixShape shape = draw.matrix();
    for (double MatrixShape::*size :
         {&MatrixShape::groups, &MatrixShape::m, &MatrixShape::n, &MatrixShape::k}) {
      MatrixShape larger = shape;
      larger.*size = std::ceil(larger.*size * draw.between(1, 4));
      expect_no_faster(product(larger), product(shape), p, rates, i);
    }
  }
}

TEST(Timing, OfAttentionNeverFallsWhenASizeGrows) {
  Draw draw{2};
  for (int i = 0; i < cases; ++i) {
    const ChipRates rates = draw.rates();
    const double factor = std::ceil(draw.between(1, 8));
    {
      const TimingParameters p = draw.parameters(Form::attention_prefill);
      const AttentionShape shape = draw.prefill();
      AttentionShape more = shape, longer = shape;
      more.sequences *= factor;
      longer.queries *= factor, longer.keys *= factor, longer.pairs = longer.keys * (longer.keys + 1) / 2;
      expect_no_faster(core_attention(more), core_attention(shape), p, rates, i);
      expect_no_faster(core_attention(longer), core_attention(shape), p, rates, i);
    }
    const TimingParameters p = draw.parameters(Form::attention_decode);
    const AttentionShape shape = draw.decode();
    AttentionShape more = shape, longer = shape, wider = shape;
    more.sequences *= factor;
    longer.keys *= factor, longer.pairs *= factor;
    wider.heads *= factor;
    expect_no_faster(core_attention(more), core_attention(shape), p, rates, i);
    expect_no_faster(core_attention(longer), core_attention(shape), p, rates, i);
    expect_no_faster(core_attention(wider), core_attention(shape), p, rates, i);
  }
}

TEST(Timing, IsNeverBelowTheRoofOfItsOwnEfficiencies) {
  Draw draw{3};
  for (int i = 0; i < cases; ++i) {
    const ChipRates rates = draw.rates();
    for (const auto& [form, kernel] : {std::pair{Form::grouped_gemm, product(draw.matrix())},
                                       std::pair{Form::attention_prefill, core_attention(draw.prefill())}}) {
      const TimingParameters p = draw.parameters(form);
      const Seconds compute = kernel.flops / (p.matrix_efficiency * rates.cores * rates.core_peak);
      const Seconds memory = kernel.bytes / (p.memory_efficiency * rates.memory_bandwidth);
      EXPECT_GE(time_of(kernel, p, rates, Load::brief).time, (1 - rounding) * std::max(compute, memory))
          << "case " << i;
    }
    const Kernel decode = core_attention(draw.decode());
    const TimingParameters p = draw.parameters(Form::attention_decode);
    const Seconds memory = decode.bytes / (p.memory_efficiency * rates.memory_bandwidth);
    const Seconds peak = decode.flops / (rates.cores * rates.core_peak);
    EXPECT_GE(time_of(decode, p, rates, Load::brief).time, (1 - rounding) * std::max(peak, memory))
        << "case " << i;
  }
}

TEST(Timing, UnderLoadIsNoShorterAndApproachesTheBenchmarksOfLongKernels) {
  Draw draw{4};
  for (int i = 0; i < cases; ++i) {
    const TimingParameters p = draw.parameters(Form::gemm);
    const ChipRates rates = draw.rates();
    const Kernel any = product(draw.matrix()), endless = product({1, 1e9, 1e6, 1e6});
    EXPECT_GE(seconds(any, p, rates, Load::sustained), seconds(any, p, rates, Load::brief) * (1 - rounding));
    EXPECT_NEAR(seconds(endless, p, rates, Load::sustained) / seconds(endless, p, rates, Load::brief), 1,
                1e-9);
  }
}

TEST(Timing, SlowedParametersSlowEveryKernelByTheFactor) {
  Draw draw{5};
  for (int i = 0; i < cases; ++i) {
    const ChipRates rates = draw.rates();
    const double factor = draw.between(0.5, 2);
    AttentionShape one_row = draw.decode();  // far from the chip's peak, which nothing moves
    one_row.heads = one_row.kv_heads;
    for (const auto& [form, kernel] : {std::pair{Form::grouped_gemm, product(draw.matrix())},
                                       std::pair{Form::attention_prefill, core_attention(draw.prefill())},
                                       std::pair{Form::attention_decode, core_attention(one_row)}}) {
      TimingParameters p = draw.parameters(form);
      p.matrix_efficiency *= 0.5;  // twice as fast is within the peak
      for (const Load load : {Load::brief, Load::sustained}) {
        const double base = seconds(kernel, p, rates, load);
        EXPECT_NEAR(seconds(kernel, slowed(p, factor), rates, load), factor * base, 1e-9 * factor * base)
            << "case " << i;
      }
    }
  }
}

TEST(Timing, OfAProductThatFillsTheCoresInWholeWavesIsItsFormula) {
  TimingParameters p;
  p.launch = Seconds{3e-6}, p.fill = Seconds{2e-6}, p.latency = Seconds{1e-9};
  p.matrix_efficiency = 0.5, p.cache_gain = 1e6, p.overlap = 20, p.split_cost = Seconds{1};
  const ChipRates rates{8, FlopsPerSecond{1e12}, BytesPerSecond{1e15}, BytesPerSecond{1e14}};
  // 64 x 64 tiles have the least rounding, but 128 x 256 the fewest fills: 16 of them on 8 cores are two
  // waves.
  const Kernel kernel = gemm("product", Precision::bf16, {1, 512, 1024, 1280}, Bytes{2});
  const double tile = 2e-6 + 10 * (2.0 * 128 * 256 * 128 / 0.5e12);
  EXPECT_NEAR(seconds(kernel, p, rates, Load::brief), 3e-6 + 2 * tile, 1e-9);
}

TEST(Timing, OfExpertsWithoutATokenCostsTheirGroupOnly) {
  Draw draw{6};
  for (int i = 0; i < cases; ++i) {
    const TimingParameters p = draw.parameters(Form::grouped_gemm);
    const ChipRates rates = draw.rates();
    // 32 rows for 256 experts: as 32 experts of one row, and 224 groups to skip.
    Kernel few = product({32, 1, 4096, 7168}), many = few;
    many.matrix.groups = 256, many.matrix.m = 0.125;
    EXPECT_NEAR(seconds(many, p, rates, Load::sustained) - seconds(few, p, rates, Load::sustained),
                224 * p.group.in(unit::s), 1e-9 * seconds(many, p, rates, Load::sustained));
  }
}

KernelTimings timings(const std::string& name, std::vector<FamilyTiming> families) {
  return {name, 100, std::move(families)};
}
FamilyTiming family(Form form, Precision precision, double error) {
  FamilyTiming timing;
  timing.form = form, timing.precision = timing.cached = precision;
  timing.held_out = {error, error, error, error};
  timing.transfer = {3 * error, 3 * error, 3 * error, 3 * error};
  return timing;
}

TEST(TimingChoice, IsTheSameFormFirstThenThePrecisionThenTheNearestChip) {
  Chip chip;
  chip.name = "mine";
  chip.timings = {{"mine_kernels", timings("mine", {family(Form::gemm, Precision::bf16, 0.01)})},
                  {"other_kernels", timings("other", {family(Form::gemm, Precision::fp8, 0.02),
                                                      family(Form::gemm, Precision::bf16, 0.03),
                                                      family(Form::grouped_gemm, Precision::bf16, 0.04)})}};
  const auto error = [&](Form form, Precision precision) {
    return expected_error(timing_of({form, precision, Scaling::none, precision}, chip));
  };
  EXPECT_EQ(error(Form::gemm, Precision::bf16), 0.01);             // its own: on unseen shapes
  EXPECT_EQ(error(Form::gemm, Precision::fp8), 3 * 0.02);          // borrowed: on other chips
  EXPECT_EQ(error(Form::grouped_gemm, Precision::fp8), 3 * 0.04);  // the form before the precision
  EXPECT_EQ(error(Form::gemm, Precision::int8), 3 * 0.01);         // the nearest chip, another precision
  EXPECT_EQ(timing_of({Form::vector}, chip).timing, nullptr);
  EXPECT_EQ(timing_of({Form::mla_decode, Precision::bf16, Scaling::none, Precision::bf16}, chip).timing,
            nullptr);
}

TEST(TimingChoice, MovesAChipsKernelsByTheirExpectedError) {
  Chip chip;
  chip.name = "mine";
  chip.peak.bf16 = FlopsPerSecond{1e15};
  chip.memory_bandwidth = BytesPerSecond{1e12};
  chip.cores = 100;
  chip.timings = {{"mine_kernels", timings("mine", {family(Form::gemm, Precision::bf16, 0.1)})}};
  const Kernel kernel = gemm("product", Precision::bf16, {1, 4096, 4096, 4096}, Bytes{2});
  const double base = time_of(kernel, chip).time.in(unit::s);
  EXPECT_NEAR(time_of(kernel, with_kernels_off(chip, 1)).time.in(unit::s), base * 1.1, 1e-9 * base);
  EXPECT_NEAR(time_of(kernel, with_kernels_off(chip, -1)).time.in(unit::s), base / 1.1, 1e-9 * base);
}

}  // namespace
}  // namespace superpod::models
