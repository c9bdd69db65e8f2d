// What was measured against what is predicted: every row of a table has its prediction, or a reason.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/hardware/kernel_time.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/text/entry.hpp"
#include "scenarios/validate/training_rows.hpp"
#include "scenarios/validate/validation.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* gemm_header =
    "# source: a bench\nsystem,framework,dtype,m,n,k,latency_us,tflops_derived\n";
constexpr const char* training_header =
    "release,phase,model,system,gpus,precision,gbs,mbs,seq,fsdp,tp,pp,cp,vp,ep,ga,tokens_s_gpu,model_tflops_"
    "gpu\n";

/// A catalogue of its own before superpod's: a chip that was measured, and one that borrows from it.
class Validate : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path{testing::TempDir()} /
        ("superpod_validate_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
    fs::remove_all(folder_);
    for (const char* shelf : {"chips", "timings"}) fs::create_directories(folder_ / shelf);
    const std::string rates =
        "vendor: Example\npeak: {bf16: 100 TFLOP/s}\nmemory_bandwidth: 1 TB/s\ncores: 100\n"
        "timings: [tested]\n";
    write_file("chips/tested.yaml", "name: Tested\n" + rates);
    write_file("chips/untested.yaml", "name: Untested\n" + rates);
    write_file("timings/tested.yaml",
               "name: Tested\ncores: 100\nfamilies:\n  - form: gemm\n    precision: bf16\n    cached: bf16\n "
               "   source: "
               "a bench\n"
               "    implementation: some library\n    rows: 10\n"
               "    held_out: {median: 0.05, mean: 0.1, p90: 0.25, weighted: 0.1}\n"
               "    transfer: {median: 0.1, mean: 0.2, p90: 0.5, weighted: 0.2}\n"
               "    parameters: {launch: 3 us, matrix_efficiency: 0.8, throttle: 0.5}\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write_file(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name} << text;
    return folder_ / name;
  }
  [[nodiscard]] Validation validated(const std::string& table) const {
    return validate(write_file("table.csv", table), library());
  }
  [[nodiscard]] Library library() const {
    return Library{{folder_, fs::path{SUPERPOD_ROOT} / "scenarios/library"}};
  }

 private:
  fs::path folder_;
};

TEST_F(Validate, AKernelIsPredictedByTheTimingOfItsChip) {
  const Validation v = validated(std::string{gemm_header} + "tested,lib 1,bfloat16,128,4096,4096,100,1\n");
  ASSERT_EQ(v.rows.size(), 1U);
  const models::Kernel kernel = v.kernels.at(0).row.kernels.at(0);
  const models::Chip chip = entry_named<models::Chip>("tested", library());
  EXPECT_DOUBLE_EQ(v.rows[0].predicted,
                   models::time_of(kernel, chip, 1, models::Load::brief).time.in(unit::us));
  EXPECT_DOUBLE_EQ(v.rows[0].measured, 100);
  EXPECT_EQ(v.rows[0].subject, "gemm bf16");
  EXPECT_EQ(v.rows[0].basis, "tested some library");
}

TEST_F(Validate, IntervalsAreOfHeldOutShapesWhereTheChipWasMeasuredAndOfOtherChipsWhereItBorrows) {
  const Validation v = validated(std::string{gemm_header} +
                                 "tested,lib 1,bfloat16,128,4096,4096,100,1\n"
                                 "untested,lib 1,bfloat16,128,4096,4096,100,1\n");
  ASSERT_EQ(v.rows.size(), 2U);
  const auto share = [&](std::size_t row) {
    return std::pair{v.rows[row].interval->first / v.rows[row].predicted,
                     v.rows[row].interval->second / v.rows[row].predicted};
  };
  EXPECT_NEAR(share(0).first, 0.75, 1e-12);
  EXPECT_NEAR(share(0).second, 1.25, 1e-12);
  EXPECT_NEAR(share(1).first, 0.5, 1e-12);
  EXPECT_NEAR(share(1).second, 1.5, 1e-12);
  EXPECT_DOUBLE_EQ(v.rows[0].predicted, v.rows[1].predicted);
}

TEST_F(Validate, AChipThatDoesNotTellItsCoresHasThoseOfTheChipWhoseTimingsItBorrows) {
  write_file("chips/silent.yaml",
             "name: Silent\nvendor: Example\npeak: {bf16: 100 TFLOP/s}\nmemory_bandwidth: 1 TB/s\n"
             "timings: [tested]\n");
  const Validation v = validated(std::string{gemm_header} +
                                 "tested,lib,bfloat16,128,4096,4096,100,1\n"
                                 "silent,lib,bfloat16,128,4096,4096,100,1\n");
  ASSERT_EQ(v.rows.size(), 2U);
  EXPECT_DOUBLE_EQ(v.rows[0].predicted, v.rows[1].predicted);
}

TEST_F(Validate, AChipWithoutTimingsGetsTheRooflineAndNoInterval) {
  write_file("chips/bare.yaml",
             "name: Bare\nvendor: Example\npeak: {bf16: 100 TFLOP/s}\nmemory_bandwidth: 1 TB/s\n");
  const Validation v = validated(std::string{gemm_header} + "bare,lib 1,bfloat16,4096,4096,4096,2000,1\n");
  ASSERT_EQ(v.rows.size(), 1U);
  EXPECT_EQ(v.rows[0].basis, "roofline");
  EXPECT_FALSE(v.rows[0].interval);
  EXPECT_DOUBLE_EQ(v.rows[0].predicted, 2 * 4096.0 * 4096 * 4096 / 100e12 * 1e6);
}

TEST_F(Validate, RowsThatCannotBePredictedAreCountedWithTheReason) {
  const Validation v = validated(std::string{gemm_header} +
                                 "no_such_chip,lib,bfloat16,1,256,256,5,1\n"
                                 "tested,lib,fp8,1,256,256,5,1\n"
                                 "tested,lib,int8_wo,1,256,256,5,1\n"
                                 "no_such_chip,lib,bfloat16,2,256,256,5,1\n"
                                 "tested,lib,bfloat16,1,256,256,5,1\n");
  EXPECT_EQ(v.rows.size(), 1U);
  EXPECT_EQ(v.rows.size() + v.unread.size(), v.table.rows.size());
  const auto reasons = unread_by_reason(v);
  ASSERT_EQ(reasons.size(), 3U);
  EXPECT_EQ(reasons[0], (std::pair<std::string, int>{"the catalogue has no chip 'no_such_chip'", 2}));
  EXPECT_THAT(reasons[1].first + reasons[2].first, HasSubstr("peak.fp8"));
  EXPECT_THAT(reasons[1].first + reasons[2].first, HasSubstr("weight-only"));
}

TEST_F(Validate, ErrorsOfAGroupAreThoseOfItsRows) {
  const std::string row = "tested,lib 1,bfloat16,128,4096,4096,";
  const double predicted = validated(gemm_header + row + "1,1\n").rows.at(0).predicted;
  std::string table = gemm_header;  // measured so that errors are 0.5, 0.25 and 1
  for (const double share : {2.0, 0.8, 0.5}) table += row + std::to_string(predicted * share) + ",1\n";
  table += "tested,lib 2,bfloat16,128,4096,4096," + std::to_string(predicted) + ",1\n";
  const auto all = groups(validated(table));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].rows, 3U);
  EXPECT_NEAR(all[0].error.median, 0.5, 1e-4);
  EXPECT_NEAR(all[0].error.mean, 1.75 / 3, 1e-4);
  EXPECT_NEAR(all[0].error.p90, 0.9, 1e-4);
  EXPECT_EQ(all[1].implementation, "lib 2");
  EXPECT_NEAR(all[1].error.mean, 0, 1e-4);
}

TEST_F(Validate, ATableOfNothingKnownIsAMistake) {
  EXPECT_THROW(static_cast<void>(validated("egg,hen\n1,2\n")), ScenarioError);
  EXPECT_THROW(static_cast<void>(validated("# nothing\n")), ScenarioError);
}

TEST_F(Validate, TheTableComesBackWithPredictions) {
  const std::string table = std::string{gemm_header} +
                            "tested,\"lib, 1\",bfloat16,128,4096,4096,100,1\n"
                            "no_such_chip,lib,bfloat16,1,256,256,5,1\n";
  const Validation v = validated(table);
  std::ostringstream out;
  write(out, v);
  Mistakes mistakes;
  const Csv csv = parse_csv(std::make_shared<const Source>(Source{"out.csv", out.str()}), mistakes);
  ASSERT_TRUE(mistakes.empty()) << text(mistakes);
  EXPECT_EQ(csv.comments, v.table.comments);
  ASSERT_EQ(csv.rows.size(), 2U);
  const auto field = [&](std::size_t row, const char* column) {
    return csv.rows[row].fields.at(static_cast<std::size_t>(csv.column(column)));
  };
  EXPECT_EQ(field(0, "framework"), "lib, 1");
  EXPECT_EQ(field(0, "predicted_as"), "gemm bf16");
  EXPECT_NEAR(std::stod(field(0, "predicted_us")), v.rows[0].predicted, 1e-4 * v.rows[0].predicted);
  EXPECT_NEAR(std::stod(field(0, "predicted_high_us")), v.rows[0].interval->second, 1e-2);
  EXPECT_EQ(field(0, "unread"), "");
  EXPECT_EQ(field(1, "predicted_us"), "");
  EXPECT_THAT(field(1, "unread"), HasSubstr("no_such_chip"));
}

TEST_F(Validate, ATableWithPredictionsCanBeValidatedAgain) {
  std::ostringstream first, second;
  write(first, validated(std::string{gemm_header} + "tested,lib,bfloat16,128,4096,4096,100,1\n"));
  const Validation again = validated(first.str());
  write(second, again);
  EXPECT_EQ(first.str(), second.str());
}

TEST_F(Validate, JsonCountsEveryRow) {
  const Validation v = validated(std::string{gemm_header} +
                                 "tested,lib,bfloat16,128,4096,4096,100,1\n"
                                 "no_such_chip,lib,bfloat16,1,256,256,5,1\n");
  const auto object = nlohmann::json::parse(json(v));
  EXPECT_THAT(object.at("table").get<std::string>(), HasSubstr("table.csv"));
  EXPECT_EQ(object.at("rows"), 2);
  EXPECT_EQ(object.at("predicted"), 1);
  EXPECT_EQ(object.at("unread").at(0).at("rows"), 1);
  const auto& group = object.at("groups").at(0);
  EXPECT_EQ(group.at("system"), "tested");
  EXPECT_EQ(group.at("kernel"), "gemm bf16");
  EXPECT_EQ(group.at("rows"), 1);
  for (const char* key : {"median_error", "mean_error", "p90_error"})
    EXPECT_NEAR(group.at(key).get<double>(), std::abs(v.rows[0].ratio() - 1), 1e-8) << key;
}

TEST_F(Validate, ATrainingRowIsSimulated) {
  const Validation v =
      validated(std::string{training_header} +
                "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,128,1,8192,0,1,2,1,n/a,n/a,,9000,1\n");
  ASSERT_EQ(v.rows.size(), 1U) << v.unread.at(0).why;
  EXPECT_EQ(v.unit, "tokens_s_gpu");
  EXPECT_EQ(v.rows[0].system, "DGX-H100");
  EXPECT_EQ(v.rows[0].subject, "llama3_8b");
  EXPECT_DOUBLE_EQ(v.rows[0].measured, 9000);
  // 6 x 8.03e9 FLOP a token at the peak of 989 TFLOP/s are 20,500 tokens/s, which no step can beat.
  EXPECT_GT(v.rows[0].predicted, 2000);
  EXPECT_LT(v.rows[0].predicted, 20500);
}

TEST_F(Validate, CountsMayBeWrittenWithAPoint) {
  const Validation v =
      validated(training_header +
                std::string{"1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,128,1,8192,0,1,2,1,1,1,,9000,1\n"
                            "1,Pre-Training,LLAMA3_8B,DGX-H100,8.0,BF16,128,1.0,8192,0,1,2.0,1,1,1,,9000,1\n"
                            "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,128,1,8192,0,1,1.5,1,1,1,,9000,1\n"
                            "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,128,1,8192,0,1,1e99,1,1,1,,9000,1\n"});
  ASSERT_EQ(v.rows.size(), 2U);
  EXPECT_EQ(v.rows[0].predicted, v.rows[1].predicted);
  ASSERT_EQ(v.unread.size(), 2U);
  EXPECT_THAT(v.unread[0].why, HasSubstr("'1.5', no count"));
  EXPECT_THAT(v.unread[1].why, HasSubstr("'1e99', no count"));
}

TEST_F(Validate, TrainingRowsInFp8AreFasterThanInBf16) {
  const std::string tail = ",128,1,8192,0,1,2,1,n/a,n/a,,9000,1\n";
  const Validation v = validated(training_header + ("1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16" + tail) +
                                 "1,Pre-Training,LLAMA3_8B,DGX-H100,8,FP8" + tail);
  ASSERT_EQ(v.rows.size(), 2U);
  EXPECT_LT(v.rows[0].predicted, v.rows[1].predicted);
}

TEST_F(Validate, TrainingThatIsNotSimulatedIsNamed) {
  const Validation v =
      validated(std::string{training_header} +
                "1,LoRA,LLAMA3_8B,DGX-H100,8,BF16,128,1,8192,0,1,2,1,n/a,n/a,,9000,1\n"
                "1,Pre-Training,LLAMA3_8B,DGX-H100,8,NVFP4,128,1,8192,0,1,2,1,n/a,n/a,,9000,1\n"
                "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,128,1,8192,8,1,1,1,n/a,n/a,,9000,1\n"
                "1,Pre-Training,An_LLM,DGX-H100,8,BF16,128,1,8192,0,1,1,1,n/a,n/a,,9000,1\n"
                "1,Pre-Training,LLAMA3_8B,DGX-X,8,BF16,128,1,8192,0,1,1,1,n/a,n/a,,9000,1\n"
                "1,Pre-Training,LLAMA3_8B,DGX-H100,4096,BF16,4096,1,8192,0,1,1,1,n/a,n/a,,9000,1\n"
                "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,127,1,8192,0,1,2,1,n/a,n/a,,9000,1\n"
                "1,Pre-Training,Qwen3,LLAMA3_8B,8,128,1,8192,0,1,2,1,1,1,16,,9000 (8000),1\n"
                "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,128,1,8192,0,1,2,1,n/a,n/a,,fast,1\n");
  EXPECT_TRUE(v.rows.empty());
  std::vector<std::string> why;
  for (const auto& row : v.unread) why.push_back(row.why);
  EXPECT_THAT(why, ElementsAre(HasSubstr("LoRA"), HasSubstr("NVFP4"), HasSubstr("FSDP"), HasSubstr("An_LLM"),
                               HasSubstr("DGX-X"), HasSubstr("4096 NPUs"), HasSubstr("127 sequences"),
                               HasSubstr("header"), HasSubstr("'fast'")));
}

TEST_F(Validate, RecomputationIsTheLeastThatFits) {
  const std::string table = std::string{training_header} +
                            "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,128,2,8192,0,1,1,1,n/a,n/a,,9000,1\n";
  Mistakes mistakes;
  const Csv csv = parse_csv(std::make_shared<const Source>(Source{"table.csv", table}), mistakes);
  const SimulatedRow row = training_row({csv, csv.rows.at(0), mistakes}, library());
  ASSERT_EQ(row.scenarios.size(), 3U);
  std::optional<ScenarioFile> first;
  std::string refused;
  for (const std::string& yaml : row.scenarios) {
    Mistakes why;
    first = read_scenario(std::make_shared<const Source>(Source{"row", yaml}), library(), {}, why);
    if (first) break;
    refused = text(why);
  }
  ASSERT_TRUE(first) << refused;
  EXPECT_THAT(refused, HasSubstr("does not fit"));
  const Validation v = validated(table);
  EXPECT_EQ(v.rows.at(0).predicted,
            simulate(*first, models::Detail::folded).result.figure("tokens_per_s_per_npu")->value);
}

TEST_F(Validate, PublishedTrainingIsPredictedWithinAFactorOfThreeOrNamed) {
  const Validation v =
      validate(fs::path{SUPERPOD_ROOT} / "tests/measured/megatron_bridge_training.csv", library());
  EXPECT_EQ(v.rows.size() + v.unread.size(), v.table.rows.size());
  EXPECT_GE(v.rows.size(), 40U);
  for (const Prediction& row : v.rows) {
    EXPECT_GT(row.ratio(), 1.0 / 3) << row.line << ": " << row.subject << ", " << row.what;
    EXPECT_LT(row.ratio(), 3) << row.line << ": " << row.subject << ", " << row.what;
  }
}

TEST_F(Validate, MultiTokenPredictionTakesTime) {
  const std::string tail = ",DGX-GB200,256,BF16,512,1,4096,0,1,4,1,4,64,,3139,782\n";
  const Validation v = validated(training_header + ("1,Pre-Training,DeepSeekV3 (w/o MTP)" + tail) +
                                 "1,Pre-Training,DeepSeekV3 (w/ MTP)" + tail);
  ASSERT_EQ(v.rows.size(), 2U);
  EXPECT_GT(v.rows[0].predicted, v.rows[1].predicted);
  EXPECT_NE(v.rows[0].subject, v.rows[1].subject);
}

TEST_F(Validate, PhasesOfTheStepAddUpToIt) {
  const Validation v = validated(
      "# DeepSeek\nitem,MPFT,MRFT,value,unit\ntokens per day,272.8,272.52,,B\ntime per "
      "step,19.926,19.946,,s\n"
      "1F,1.13,1.13,,s\nbubble,2.06,2.03,,s\n1B (input backward),1.99,1.99,,s\n1W (weight "
      "backward),0.48,0.48,,s\n"
      "1F1B,13.95,14,,s\noptimizer,0.29,0.31,,s\n");
  ASSERT_EQ(v.rows.size(), 7U);
  EXPECT_EQ(v.unread.size(), 1U);
  double sum = 0;
  for (std::size_t phase = 1; phase < 7; ++phase) sum += v.rows[phase].predicted;
  EXPECT_NEAR(sum, v.rows[0].predicted, 1e-9 * sum);
  EXPECT_EQ(groups(v).size(), 7U);
}

TEST_F(Validate, LargerCollectivesTakeLonger) {
  const Validation v = validated(
      "system,lib,op,dtype,num_gpus,elements,bytes,latency_us,busbw_GBps_derived\n"
      "h100_sxm,NCCL,all_reduce,half,8,512,1024,12,1\n"
      "h100_sxm,NCCL,all_reduce,half,8,536870912,1073741824,4000,1\n"
      "h100_sxm,NCCL,all_reduce,half,7,512,1024,12,1\n"
      "h100_sxm,NCCL,gossip,half,8,512,1024,12,1\n"
      "l40s,NCCL,all_reduce,half,8,512,1024,12,1\n");
  ASSERT_EQ(v.rows.size(), 3U);
  // 2 x 7/8 GiB over 450 GB/s at best
  EXPECT_GT(v.rows[1].predicted, 1.75 * 1073741824 / 450e9 * 1e6);
  EXPECT_LT(v.rows[0].predicted, v.rows[1].predicted);
  EXPECT_EQ(v.unread.size(), 2U);
}

TEST_F(Validate, RowsOfNoGpuAreNamed) {
  const Validation collective = validated(
      "system,lib,op,dtype,num_gpus,elements,bytes,latency_us,busbw_GBps_derived\n"
      "h100_sxm,NCCL,all_reduce,half,0,512,1024,12,1\n");
  ASSERT_EQ(collective.unread.size(), 1U);
  EXPECT_EQ(collective.unread[0].why, "a system has at least one NPU, not 0");
  const Validation training =
      validated(std::string{training_header} +
                "26.02,Pre-Training,LLAMA3_8B,DGX-H100,0,FP8,128,1,8192,0,1,1,1,n/a,n/a,16,13812,711\n");
  ASSERT_EQ(training.unread.size(), 1U);
  EXPECT_TRUE(training.rows.empty());
}

TEST_F(Validate, ProgressGrowsToTheEnd) {
  std::vector<double> shares;
  const auto path =
      write_file("table.csv", std::string{training_header} +
                                  "1,Pre-Training,LLAMA3_8B,DGX-H100,8,BF16,16,1,8192,0,1,2,1,n/a,"
                                  "n/a,,9000,1\n"
                                  "1,SFT,LLAMA3_8B,DGX-H100,8,BF16,16,1,8192,0,1,2,1,n/a,n/a,,9,1\n");
  static_cast<void>(validate(path, library(), [&](double share) { shares.push_back(share); }));
  ASSERT_FALSE(shares.empty());
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_DOUBLE_EQ(shares.back(), 1);
}

TEST_F(Validate, EachPublishedTableIsPredictedOrNamedRowByRow) {
  const fs::path measured = fs::path{SUPERPOD_ROOT} / "tests/measured", full{SUPERPOD_FULL_TABLES};
  for (const char* name :
       {"deepgemm_h800_fp8", "aiconfigurator_gemm", "aiconfigurator_moe", "aiconfigurator_attention",
        "gpu_flops_bench_gemm", "flashmla", "aiconfigurator_nccl"}) {
    const std::string file = std::string{name} + ".csv";
    const Validation v = validate((fs::exists(full / file) ? full : measured) / file, library());
    EXPECT_EQ(v.rows.size() + v.unread.size(), v.table.rows.size()) << name;
    for (const Prediction& row : v.rows) {
      ASSERT_GT(row.predicted, 0) << name << ":" << row.line;
      ASSERT_TRUE(std::isfinite(row.ratio())) << name << ":" << row.line;
    }
  }
}

}  // namespace
}  // namespace superpod::scenarios
