// Measured serving against simulated: what a row means, and what is said of those that mean too much.

#include "scenarios/validate/serving_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenarios/validate/validation.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* header =
    "concurrency,backend,backend_version,model_path,system,precision,mode,isl,osl,gemm_quant_mode,"
    "moe_quant_mode,tp_size,pp_size,attention_dp_size,moe_tp_size,moe_ep_size,silicon_ttft_ms,"
    "silicon_tpot_ms,speculation\n";

/// Figures are invented: no row is a measurement.
class ServingRows : public testing::Test {
 protected:
  [[nodiscard]] Validation validated(const std::string& rows) const {
    std::ofstream{path_} << "# source: nobody\n" << header << rows;
    return validate(path_, Library{{fs::path{SUPERPOD_ROOT} / "scenarios/library"}});
  }
  void TearDown() override { fs::remove(path_); }

  const fs::path path_ =
      fs::path{testing::TempDir()} /
      ("superpod_serving_rows_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} +
       ".csv");
};

std::string llama(int concurrency, const std::string& tensor = "1") {
  return std::to_string(concurrency) +
         ".0,vllm,0,nvidia/Llama-3.1-8B-Instruct-FP8,h100_sxm,fp8,agg,512,128,fp8," + "fp8," + tensor +
         ".0,1.0,1.0,1.0,1.0,40,5,none\n";
}

ServingRow meaning(const std::string& row) {
  Mistakes mistakes;
  const Csv table = parse_csv(std::make_shared<const Source>(Source{"t.csv", header + row}), mistakes);
  const Cells cells{table, table.rows.at(0), mistakes};
  return serving_row(cells, Library{{fs::path{SUPERPOD_ROOT} / "scenarios/library"}});
}

TEST_F(ServingRows, ARowHasThreeFiguresAndTheLastFollowsFromTheOthers) {
  const Validation v = validated(llama(4));
  ASSERT_EQ(v.rows.size(), 3U) << v.unread.at(0).why;
  EXPECT_EQ(v.predicted(), 1U);
  EXPECT_THAT((std::vector{v.rows[0].measure, v.rows[1].measure, v.rows[2].measure}),
              ElementsAre("ttft", "tpot", "e2e"));
  EXPECT_DOUBLE_EQ(v.rows[2].measured, 40 + 5 * 127);
  EXPECT_DOUBLE_EQ(v.rows[2].predicted, v.rows[0].predicted + v.rows[1].predicted * 127);
  for (const Prediction& row : v.rows) {
    EXPECT_LT(row.interval->first, row.predicted);
    EXPECT_GT(row.interval->second, row.predicted);
  }
}

TEST_F(ServingRows, ATokenTakesNoLessThanItsWeightsTakeToRead) {
  const Validation v = validated(llama(1));
  // 7.5e9 weights of a byte and an output head of 0.525e9 of two at 3.35 TB/s, in ms
  EXPECT_GT(v.rows.at(1).predicted, (6.98e9 + 2 * 0.525e9) / 3.35e12 * 1e3);
  EXPECT_LT(v.rows.at(1).predicted, 10);
}

TEST_F(ServingRows, TheMoreAtATimeTheLongerEachWaits) {
  const Validation v = validated(llama(1) + llama(16) + llama(128));
  for (const std::size_t measure : {0U, 1U, 2U})
    for (const std::size_t row : {0U, 3U})
      EXPECT_LT(v.rows.at(row + measure).predicted, v.rows.at(row + 3 + measure).predicted);
}

TEST_F(ServingRows, ARowIsAClientOfInferenceX) {
  const ServingRow row = meaning(llama(64, "4"));
  for (const char* line :
       {"model: llama3_8b\n", "precision: {gemm: fp8, kv_cache: fp8}", "{kind: uniform, low: 409, high: 512}",
        "{kind: closed_loop, concurrency: 64}", "stop: {requests: 640}",
        "parallel: {tensor: 4}, engine: vllm",
        "{base: dgx_h100_superpod, levels: {unit: {count: 1}, node: {count: 1}, gpu: {count: 4}}}"})
    EXPECT_THAT(row.scenario, HasSubstr(line));
}

TEST_F(ServingRows, TokensOfAllButVllmLeaveByTen) {
  const auto engine = [](const std::string& backend) {
    return meaning("8," + backend +
                   ",0,x/Llama-3.1-70B,h100_sxm,fp8,agg,512,64,fp8,fp8,8,1,1,1,1,40,5,none\n")
        .scenario;
  };
  EXPECT_THAT(engine("vllm"), HasSubstr("engine: vllm_0_19}"));
  EXPECT_THAT(engine("sglang"), HasSubstr("engine: {base: sglang_0_5, stream_interval: 10}}"));
  EXPECT_THAT(engine("trtllm"), HasSubstr("engine: {base: tensorrt_llm_1, stream_interval: 10}}"));
}

TEST_F(ServingRows, ExpertsAreSharedOrCut) {
  const auto parallel = [](const std::string& sizes) {
    return meaning("8,sglang,0,org/DeepSeek-V3,b200_sxm,fp4,agg,512,64,nvfp4,nvfp4," + sizes + ",40,5,none\n")
        .scenario;
  };
  EXPECT_THAT(parallel("8,1,1,8,1"), HasSubstr("parallel: {tensor: 8}"));
  EXPECT_THAT(parallel("8,1,1,1,8"), HasSubstr("parallel: {tensor: 8, expert: 8}"));
  EXPECT_THAT(parallel("2,1,4,1,8"), HasSubstr("parallel: {tensor: 2, attention_data: 4, expert: 8}"));
  EXPECT_THAT(parallel("8,1,0,0,8"), HasSubstr("parallel: {tensor: 8, expert: 8}"));
  EXPECT_THROW(static_cast<void>(parallel("8,1,1,2,4")), Unpredictable);
  EXPECT_THROW(static_cast<void>(parallel("2,1,1,1,4")), Unpredictable);
}

TEST_F(ServingRows, WhatIsNotServedIsNamed) {
  const std::string fits = ",h100_sxm,fp8,agg,512,64,fp8,fp8,8,1,1,1,1,40,5,none\n";
  const std::string llama = "4,vllm,0,meta-llama/Llama-3.1-70B";
  const Validation v = validated(
      llama + ",h100_sxm,fp8,disagg,512,64,fp8,fp8,8,1,1,1,1,40,5,none\n" + llama +
      ",h100_sxm,fp8,agg,512,64,fp8,fp8,8,1,1,1,1,40,5,mtp\n" + llama +
      ",h100_sxm,fp8,agg,512,64,fp8,fp8,8,1,1,1,1,40,5,unknown\n" +
      "4,trtllm,1.2.0rc6.post3,meta-llama/Llama-3.1-70B,h100_sxm,fp8,agg,512,64,fp8,fp8,8,1,1,1,1,40,5,\n" +
      llama + ",h100_sxm,fp8,agg,512,64,int4_wo,int4_wo,8,1,1,1,1,40,5,none\n" +
      "4,vllm,0,openai/gpt-oss-120b" + fits + "4,vllm,0,nobody/An-LLM" + fits + llama +
      ",tpu,fp8,agg,512,64,fp8,fp8,8,1,1,1,1,40,5,none\n" + "4,exllama,0,meta-llama/Llama-3.1-70B" + fits +
      ",vllm,0,meta-llama/Llama-3.1-70B" + fits + llama +
      ",h100_sxm,fp8,agg,512,64,fp8,fp8,1,1,1,1,1,40,5,none\n" + llama +
      ",h100_sxm,fp8,agg,512,64,fp8,fp8,8,1,1,1,1,soon,5,none\n");
  EXPECT_TRUE(v.rows.empty());
  std::vector<std::string> why;
  for (const auto& row : v.unread) why.push_back(row.why);
  EXPECT_THAT(why, ElementsAre(HasSubstr("apart"), HasSubstr("speculation"), HasSubstr("not known"),
                               HasSubstr("speculation"), HasSubstr("'int4_wo'"), HasSubstr("sliding window"),
                               HasSubstr("'nobody/An-LLM'"), HasSubstr("'tpu'"), HasSubstr("'exllama'"),
                               HasSubstr("concurrency"), HasSubstr("cache"), HasSubstr("'soon'")));
}

TEST_F(ServingRows, GroupsHaveAnErrorAndABiasForEachFigure) {
  const double tpot = validated(llama(4)).rows.at(1).predicted;
  const auto measured = [&](double share) {  // by which it is predicted too high
    return "4,vllm,0,x/Llama-3.1-8B-Instruct-FP8,h100_sxm,fp8,agg,512,128,fp8,fp8,1,1,1,1,1,40," +
           std::to_string(tpot / (1 + share)) + ",none\n";
  };
  const auto all = groups(validated(measured(0.5) + measured(-0.2) + measured(-0.1)));
  ASSERT_EQ(all.size(), 3U);  // e2e, tpot, ttft
  EXPECT_EQ(all[1].measure, "tpot");
  EXPECT_EQ(all[1].rows, 3U);
  EXPECT_NEAR(all[1].error.median, 0.2, 1e-4);
  EXPECT_NEAR(all[1].bias, -0.1, 1e-4);
}

TEST_F(ServingRows, TheTableComesBackWithAllFigures) {
  const Validation v = validated(llama(4) +
                                 "4,vllm,0,openai/gpt-oss-120b,h100_sxm,fp4,agg,512,64,nvfp4,nvfp4,"
                                 "8,1,1,8,1,40,5,none\n");
  std::ostringstream out;
  write(out, v);
  Mistakes mistakes;
  const Csv csv = parse_csv(std::make_shared<const Source>(Source{"out.csv", out.str()}), mistakes);
  ASSERT_TRUE(mistakes.empty()) << text(mistakes);
  const auto number = [&](const char* column) {
    return std::stod(csv.rows[0].fields.at(static_cast<std::size_t>(csv.column(column))));
  };
  for (const std::size_t i : {0U, 1U, 2U}) {
    const Prediction& row = v.rows[i];
    EXPECT_NEAR(number(("predicted_" + row.measure + "_ms").c_str()) / row.predicted, 1, 1e-5);
    EXPECT_NEAR(number(("predicted_high_" + row.measure + "_ms").c_str()) / row.interval->second, 1, 1e-5);
    EXPECT_NEAR(number(("error_" + row.measure).c_str()), row.ratio() - 1, 1e-5);
  }
  EXPECT_THAT(csv.rows[1].fields.back(), HasSubstr("sliding window"));
}

TEST_F(ServingRows, JsonAndTextCountRowsOfTheTableNotFigures) {
  const Validation v = validated(llama(1) + llama(2));
  const auto object = nlohmann::json::parse(json(v));
  EXPECT_EQ(object.at("predicted"), 2);
  ASSERT_EQ(object.at("groups").size(), 3U);
  EXPECT_EQ(object.at("groups").at(2).at("measure"), "ttft");
  EXPECT_TRUE(object.at("groups").at(2).contains("bias"));
  EXPECT_THAT(text(v), HasSubstr("2 of 2 rows predicted"));
  EXPECT_THAT(page(v), HasSubstr("h100_sxm, llama3_8b, ttft"));
}

}  // namespace
}  // namespace superpod::scenarios
