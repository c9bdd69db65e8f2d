// Tables of measured kernels: ours in and out, and those of others as they were published.

#include "scenarios/tables/kernel_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "models/kernels/family.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {
namespace {

using models::Kernel;
using models::Measurement;
using models::Precision;
using models::Scaling;
using namespace superpod::unit;
using testing::HasSubstr;

constexpr double exact = 1e-12;

KernelTable parsed(std::string table, std::string_view chip = {}) {
  Mistakes mistakes;
  KernelTable all =
      read_kernel_table(std::make_shared<Source>(Source{"t.csv", std::move(table)}), mistakes, chip);
  EXPECT_EQ(text(mistakes), "");
  return all;
}

std::string mistakes_of(std::string table) {
  Mistakes mistakes;
  static_cast<void>(read_kernel_table(std::make_shared<Source>(Source{"t.csv", std::move(table)}), mistakes));
  return text(mistakes);
}

/// The one kernel of the one row.
Kernel kernel_of(const std::string& table, std::string_view chip = "some_chip") {
  const KernelTable all = parsed(table, chip);
  EXPECT_EQ(all.rows.size(), 1U);
  EXPECT_EQ(all.rows.front().kernels.size(), 1U);
  return all.rows.front().kernels.front();
}

TEST(KernelTable, AGemmHasItsShapeAndTime) {
  const KernelTable table = parsed(
      "# source: a paper\nsystem,framework,dtype,m,n,k,latency_us\nh200_sxm,lib "
      "1,fp8_block,128,4096,7168,12.5\n");
  const Measurement& row = table.rows.at(0);
  EXPECT_EQ(row.device, "h200_sxm");
  EXPECT_EQ(row.implementation, "lib 1");
  EXPECT_EQ(row.source, "a paper");
  EXPECT_EQ(row.line, 3);
  EXPECT_NEAR(row.time.in(us), 12.5, exact);
  EXPECT_EQ(text(family_of(row.kernels.back())), "gemm fp8 block");
  EXPECT_EQ(row.kernels.back().flops, Flops{2.0 * 128 * 4096 * 7168});
  // Operands of 1 + 1/32 B with their scales, and a result of 2 B.
  EXPECT_NEAR(row.kernels.back().bytes.in(B), (128 + 4096) * 7168 * (1 + 1.0 / 32) + 128 * 4096 * 2, 1e-3);
}

TEST(KernelTable, ScalesOfAWholeTensorTakeNoTraffic) {
  const Kernel kernel = kernel_of("system,dtype,m,n,k,latency_us\nh100_sxm,fp8,16,32,64,1\n");
  EXPECT_EQ(kernel.scaling, Scaling::tensor);
  EXPECT_NEAR(kernel.bytes.in(B), (16 + 32) * 64 + 16 * 32 * 2, exact);
}

TEST(KernelTable, OtherNamesOfAChipBecomeItsCatalogueName) {
  EXPECT_EQ(parsed("system,dtype,m,n,k,latency_us\na100_sxm,bf16,1,1,1,1\n").rows[0].device, "a100_sxm_80");
}

TEST(KernelTable, ATableOfOneChipTakesItFromItsCommentsOrTheCaller) {
  const std::string table = "# one Ascend 910B NPU\ndtype,m,n,k,latency_us\nbf16,1,1,1,1\n";
  EXPECT_EQ(parsed(table).rows[0].device, "ascend_910b");
  EXPECT_EQ(parsed(table, "my_chip").rows[0].device, "ascend_910b");
  EXPECT_EQ(parsed("dtype,m,n,k,latency_us\nbf16,1,1,1,1\n", "my_chip").rows[0].device, "my_chip");
  EXPECT_THAT(mistakes_of("dtype,m,n,k,latency_us\nbf16,1,1,1,1\n"),
              HasSubstr("t.csv:1:1: error: the table does not say which chip it is about"));
}

TEST(KernelTable, WhatIsNotModelledIsNamedNotDropped) {
  const KernelTable table =
      parsed("system,dtype,m,n,k,latency_us\na100_sxm,int4_wo,1,1,1,1\na100_sxm,bf16,1,1,1,1\n");
  ASSERT_EQ(table.unread.size(), 1U);
  EXPECT_EQ(table.unread[0].line, 2);
  EXPECT_EQ(table.unread[0].why, "weight-only kernels are not modelled");
  EXPECT_EQ(table.rows.size(), 1U);
}

TEST(KernelTable, RatesWithoutShapesAreUnread) {
  const KernelTable table =
      parsed("kernel,chip,regime,value,unit\ndense MLA decode,H800,compute-bound,660,TFLOPS\n");
  ASSERT_EQ(table.unread.size(), 1U);
  EXPECT_EQ(table.unread[0].why, "a rate of 'dense MLA decode' without a shape");
}

TEST(KernelTable, DeepGemmsRatesAreTimes) {
  const KernelTable table = parsed(
      "# on "
      "H800\nreadme_date,kind,groups,m_per_group,n,k,tflops\n2025-02-26,grouped_masked,1,1024,4096,7168,"
      "1233\n");
  const Measurement& row = table.rows.at(0);
  EXPECT_EQ(row.device, "h800_sxm");
  EXPECT_EQ(row.kernels.at(0).kind, Kernel::Kind::grouped_gemm);
  EXPECT_NEAR(row.time.in(us), 2.0 * 1024 * 4096 * 7168 / 1233e12 * 1e6, 1e-9);
}

constexpr const char* attention_header =
    "system,phase,dtype,kv_dtype,heads,kv_heads,batch,isl,step,latency_us\n";

TEST(KernelTable, ContextAttentionIsCausal) {
  const Kernel kernel =
      kernel_of(std::string{attention_header} + "h100_sxm,context,fp8,fp8,64,8,4,1024,0,99\n");
  EXPECT_EQ(text(family_of(kernel)), "attention_prefill fp8");
  EXPECT_NEAR(kernel.flops.in(FLOP), 4.0 * 64 * (1024 * 1025 / 2) * 4 * 128, 1);
}

TEST(KernelTable, GenerationReadsTheCacheInItsOwnPrecision) {
  const auto bytes = [](const std::string& cached) {
    const Kernel kernel = kernel_of(std::string{attention_header} + "h100_sxm,generation,bfloat16," + cached +
                                    ",8,1,2,1,1023,9\n");
    EXPECT_EQ(kernel.attention.keys, 1024);
    return kernel.bytes.in(B);
  };
  // K and V: 2 sequences x 1024 tokens x 1 head x 256 elements, of 2 B or of 1 + 1/32 B.
  EXPECT_NEAR(bytes("bfloat16") - bytes("fp8"), 2 * 1024 * 256 * (1 - 1.0 / 32), 1e-6);
}

TEST(KernelTable, LatentDecodeReadsItsCacheOnce) {
  const Kernel kernel = kernel_of(
      "system,phase,dtype,kv_dtype,num_heads,tp,batch,isl,step,latency_us\n"
      "h100_sxm,generation,bfloat16,bfloat16,128,1,1,1,4095,9\n");
  EXPECT_EQ(text(family_of(kernel)), "mla_decode bf16");
  // One latent of 576 elements a token, queries of 576 and results of 512 for each head, one log-sum-exp.
  EXPECT_NEAR(kernel.bytes.in(B), 4096 * 576 * 2 + 128 * (576 + 512) * 2 + 128 * 4, 1e-6);
  EXPECT_NEAR(kernel.flops.in(FLOP), 128.0 * 4096 * 2 * (576 + 512), 1);
}

TEST(KernelTable, LatentAttentionOnAnFp8CacheReckonsInFp8) {
  const Kernel kernel = kernel_of(
      "system,phase,dtype,kv_dtype,num_heads,tp,batch,isl,step,latency_us\n"
      "b200_sxm,generation,bfloat16,fp8,128,1,1,1,4095,9\n");
  EXPECT_EQ(text(family_of(kernel)), "mla_decode fp8");
}

TEST(KernelTable, AnExpertsWorkDoesNotDependOnHowManyRanksShareTheExperts) {
  const auto flops = [](const std::string& ranks) {
    const KernelTable table = parsed(
        "system,kernel,dtype,num_tokens,hidden,inter,topk,experts,moe_tp,moe_ep,distribution,latency_us\n"
        "h200_sxm,k,fp8_block,4096,7168,2048,8,256,1," +
        ranks + ",balanced,100\n");
    EXPECT_EQ(table.rows.at(0).routing, "balanced");
    return models::matrix_flops(table.rows[0].kernels).in(FLOP)*std::stod(ranks);
  };
  const double all = 4096.0 * 8 * 3 * 2 * 7168 * 2048;
  for (const char* ranks : {"1", "8", "64", "256"}) EXPECT_NEAR(flops(ranks), all, all * exact) << ranks;
}

TEST(KernelTable, OursReadsBackAsItWasWritten) {
  using namespace models;
  std::vector<Measurement> rows(6);
  rows[0].kernels = {gemm("gemm", Precision::fp8, {1, 17, 4096, 7168}, Bytes{2})};
  rows[1].kernels = {gemm("gemm", Precision::int8, Scaling::tensor, {8, 3.5, 64, 32}, Bytes{2})};
  rows[2].kernels = {attention("attention", Precision::bf16, Precision::fp8,
                               {.sequences = 3,
                                .heads = 128,
                                .kv_heads = 1,
                                .queries = 1,
                                .keys = 4097,
                                .pairs = 4097,
                                .qk_dim = 576,
                                .v_dim = 512,
                                .shared_kv = true})};
  rows[3].kernels = {attention("attention", Precision::bf16,
                               {.sequences = 1,
                                .heads = 8,
                                .kv_heads = 2,
                                .queries = 100,
                                .keys = 100,
                                .pairs = 5050,
                                .qk_dim = 128,
                                .v_dim = 128,
                                .backward = true})};
  rows[4].kernels = {vector_kernel("vector", Flops{12345}, Bytes{1.5e9})};
  rows[5].kernels = {gemm("gemm", Precision::bf16, {1, 1, 1, 1}, Bytes{2})};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].device = "cpu_some";
    rows[i].time = (1.0 / 3 + static_cast<double>(i)) * us;
    rows[i].source = "here, \"now\"";
  }
  rows[0].low = 0.25 * us;
  rows[0].high = 0.75 * us;
  rows[0].repeats = 12;
  rows[0].caches = Measurement::Caches::cold;
  rows[5].kernels[0].kind = Kernel::Kind::grouped_gemm;

  std::ostringstream out;
  write_kernel_table(out, rows, std::vector<std::string>{"machine: m"});
  const KernelTable table = parsed(out.str());
  EXPECT_EQ(table.format, "superpod");
  ASSERT_EQ(table.rows.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Measurement &wrote = rows[i], &read = table.rows[i];
    EXPECT_EQ(text(family_of(wrote.kernels[0])), text(family_of(read.kernels[0])));
    EXPECT_EQ(wrote.kernels[0].flops, read.kernels[0].flops);
    EXPECT_EQ(wrote.kernels[0].bytes, read.kernels[0].bytes);
    EXPECT_NEAR(wrote.time.in(us), read.time.in(us), 1e-8 * wrote.time.in(us));
    EXPECT_EQ(wrote.low.has_value(), read.low.has_value());
    EXPECT_EQ(wrote.repeats, read.repeats);
    EXPECT_EQ(wrote.caches, read.caches);
    EXPECT_EQ(wrote.device, read.device);
    EXPECT_EQ(wrote.source, read.source);
  }
  std::ostringstream again;
  write_kernel_table(again, table.rows, std::vector<std::string>{"machine: m"});
  EXPECT_EQ(out.str(), again.str());
}

TEST(KernelTable, OursHasOneKernelARow) {
  Measurement row;
  row.kernels.resize(2);
  std::ostringstream out;
  EXPECT_THROW(write_kernel_table(out, std::vector{row}, {}), std::invalid_argument);
}

TEST(KernelTable, WrongFieldsAreLocatedAllAtOnce) {
  const std::string said = mistakes_of(
      "system,dtype,m,n,k,latency_us\nh100_sxm,fp8,x,1,1,1\nh100_sxm,fp8,1,1.5,1,0\n,fp8,1,1,1,1\n");
  EXPECT_THAT(said, HasSubstr("t.csv:2:14: error: 'x' is not what column 'm' holds"));
  EXPECT_THAT(said, HasSubstr("t.csv:3:16: error: '1.5' is no count"));
  EXPECT_THAT(said, HasSubstr("t.csv:3:22: error: '0' is not above 0"));
  EXPECT_THAT(said, HasSubstr("t.csv:4:1: error: this row names no chip"));
}

TEST(KernelTable, UnknownColumnsAreComparedWithTheClosestFormat) {
  const std::string said = mistakes_of("system,dtype,m,n,latency_us\n");
  EXPECT_THAT(said, HasSubstr("t.csv:1:1: error: these columns are of no known table of kernels"));
  EXPECT_THAT(said, HasSubstr("the closest is 'gemm', which also has k"));
}

TEST(KernelTable, ExpertsAreSharedOutEvenly) {
  EXPECT_THAT(
      mistakes_of(
          "system,kernel,dtype,num_tokens,hidden,inter,topk,experts,moe_tp,moe_ep,distribution,latency_us\n"
          "h200_sxm,k,fp8,1,64,64,2,8,1,3,balanced,100\n"),
      HasSubstr("'3' ranks cannot share out 8 experts evenly"));
}

TEST(KernelTable, AWordOfOursThatIsMisspeltIsSuggested) {
  EXPECT_THAT(mistakes_of("kernel,precision,system,time_us,m,n,k\ngem,fp8,c,1,1,1,1\n"),
              HasSubstr("did you mean 'gemm'?"));
}

}  // namespace
}  // namespace superpod::scenarios
