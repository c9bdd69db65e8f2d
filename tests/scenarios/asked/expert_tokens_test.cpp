// What a scenario says about hot experts, and counts of tokens from a table beside it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/asked/scenario.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

/// A scenario in a folder of its own, with `load` as the value of `expert_load`.
class ExpertTokens : public ::testing::Test {
 protected:
  ExpertTokens()
      : folder_{fs::path{::testing::TempDir()} /
                ("superpod_expert_tokens_" +
                 std::string{::testing::UnitTest::GetInstance()->current_test_info()->name()})} {
    fs::create_directories(folder_);
  }
  ~ExpertTokens() override { fs::remove_all(folder_); }

  void table(const std::string& text) const { std::ofstream{folder_ / "counts.csv"} << text; }

  [[nodiscard]] fs::path scenario(const std::string& load) const {
    const fs::path path = folder_ / "scenario.yaml";
    std::ofstream{path}
        << "name: x\nsystem: small_pod\nworkload:\n  kind: training\n"
           "  model: {base: small_llm, moe: {routed_experts: 8, top_k: 2, expert_intermediate: 512}}\n"
           "  batch: 64\n  parallel: {expert: 4}\n  expert_load: "
        << load << "\n";
    return path;
  }
  [[nodiscard]] models::TrainingWorkload read(const std::string& load) const {
    return std::get<models::TrainingWorkload>(read_scenario(scenario(load), library_).scenario.workload);
  }
  [[nodiscard]] std::string mistake(const std::string& load) const {
    Mistakes mistakes;
    read_scenario(scenario(load), library_, {}, mistakes);
    return mistakes.empty() ? "" : mistakes.sorted().front().message;
  }

 private:
  fs::path folder_;
  Library library_{{fs::path{SUPERPOD_ROOT} / "tests" / "scenarios" / "library"}};
};

TEST_F(ExpertTokens, AreReadFromATableInTheOrderOfTheExperts) {
  table("tokens\n1\n2\n1\n1\n1\n1\n0\n1\n");
  const auto load = std::get<models::MeasuredLoad>(read("{kind: measured, file: counts.csv}").expert_load);
  EXPECT_EQ(load.tokens, (std::vector<double>{1, 2, 1, 1, 1, 1, 0, 1}));
}

TEST_F(ExpertTokens, OfSeveralRowsOfAnExpertAddUp) {
  table("layer,expert,tokens\n3,7,4\n3,0,1\n3,1,1\n3,2,1\n3,3,1\n3,4,1\n3,5,1\n3,6,1\n4,0,2\n");
  const auto load = std::get<models::MeasuredLoad>(read("{kind: measured, file: counts.csv}").expert_load);
  EXPECT_EQ(load.tokens, (std::vector<double>{3, 1, 1, 1, 1, 1, 1, 4}));
}

TEST_F(ExpertTokens, MayAlsoBeSaidInTheScenario) {
  EXPECT_TRUE(std::holds_alternative<models::BalancedLoad>(read("balanced").expert_load));
  EXPECT_EQ(std::get<models::ZipfLoad>(read("{kind: zipf, exponent: 0.5, seed: 3}").expert_load).seed, 3);
  EXPECT_EQ(std::get<models::HotLoad>(read("{kind: hot, experts: [{expert: 5, load: 3}]}").expert_load)
                .experts[0]
                .load,
            3);
}

TEST_F(ExpertTokens, ThatAreWrongAreMistakesWithTheirPlace) {
  table("tokens\n1\nmany\n");
  EXPECT_EQ(mistake("{kind: measured, file: counts.csv}"), "'many' is not a count");
  table("count\n1\n");
  EXPECT_EQ(mistake("{kind: measured, file: counts.csv}"), "there is no column 'tokens'");
  table("tokens\n1\n");
  EXPECT_EQ(mistake("{kind: measured, file: counts.csv}"), "1 counts for 8 experts");
  EXPECT_NE(mistake("{kind: measured, file: nowhere.csv}").find("nowhere.csv"), std::string::npos);
  EXPECT_EQ(mistake("{kind: measured, file: counts.csv, tokens: [1]}"),
            "tokens are given as a list and as a file");
  EXPECT_EQ(mistake("{kind: hot, experts: [{expert: 8, load: 3}]}"), "there is no expert 8");
}

}  // namespace
}  // namespace superpod::scenarios
