// A table of kernels that follow the model becomes an entry of the catalogue that predicts them.
#include "scenarios/calibration/calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/hardware/kernel_time.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

CalibrationRequest of(const std::string& table, const std::string& chip = {}) {
  CalibrationRequest request;
  request.tables = {table};
  request.chip = chip;
  return request;
}

class Calibrate : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "timings");
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] Library library() const { return Library{{folder_, SUPERPOD_ROOT "/scenarios/library"}}; }

  /// Products on the H200 and, half as fast in everything, rows said to be of another chip.
  std::string table(const std::vector<std::string>& chips) const {
    models::TimingParameters truth;
    truth.launch = Seconds{4e-6}, truth.fill = Seconds{3e-6}, truth.latency = Seconds{2e-7};
    truth.matrix_efficiency = 0.7, truth.memory_efficiency = 0.8, truth.split_cost = Seconds{5e-6};
    std::vector<models::Measurement> rows;
    for (const std::string& name : chips) {
      const auto chip = entry_named<models::Chip>(name, Library::standard());
      for (const double m : {1., 16., 128., 1024., 4096., 16384.})
        for (const double n : {512., 2048., 7168., 16384.})
          for (const double k : {512., 2048., 7168., 16384.}) {
            models::Measurement row;
            row.device = name;
            row.kernels = {models::gemm("gemm", models::Precision::bf16, {1, m, n, k}, Bytes{2})};
            row.time =
                time_of(row.kernels.front(), truth,
                        models::rates_of(chip, row.kernels.front(), chip.cores->value), models::Load::brief)
                    .time;
            rows.push_back(row);
          }
    }
    const fs::path path = folder_ / "made.csv";
    std::ofstream out{path};
    const std::vector<std::string> comments{"made by a test"};
    write_kernel_table(out, rows, comments);
    return path.string();
  }

  fs::path folder_ =
      fs::temp_directory_path() /
      (std::string{"superpod_calibrate_"} + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Calibrate, FindsTheKernelsOfAModelAgain) {
  const Calibration found = calibrate(of(table({"h200_sxm"})), library());
  ASSERT_EQ(found.families.size(), 1U);
  const models::FamilyTiming& timing = found.families[0].fitted.timing;
  EXPECT_EQ(timing.rows, 96);
  EXPECT_LT(timing.held_out->p90, 0.03);
  EXPECT_NEAR(timing.parameters.matrix_efficiency, 0.7, 0.05);
  EXPECT_NEAR(timing.parameters.launch.in(unit::us), 4, 1);
}

TEST_F(Calibrate, WritesAnEntryThatReadsBack) {
  const Calibration found = calibrate(of(table({"h200_sxm"})), library());
  std::ofstream{folder_ / "timings/made.yaml"} << yaml(found);
  const auto read = entry_named<models::KernelTimings>("made", library());
  ASSERT_EQ(read.families.size(), 1U);
  EXPECT_EQ(read.cores, 132);
  EXPECT_EQ(read.families[0].family(), found.families[0].fitted.timing.family());
  EXPECT_NEAR(read.families[0].parameters.launch / found.families[0].fitted.timing.parameters.launch, 1,
              1e-3);
}

TEST_F(Calibrate, SaysHowItsParametersDoOnOtherChips) {
  const std::string path = table({"h200_sxm", "h100_sxm"});
  EXPECT_THROW(static_cast<void>(calibrate(of(path), library())), ScenarioError);
  const Calibration found = calibrate(of(path, "h200_sxm"), library());
  ASSERT_EQ(found.families[0].transfer.size(), 1U);
  EXPECT_EQ(found.families[0].transfer[0].first, "h100_sxm");
  EXPECT_LT(found.families[0].transfer[0].second.mean, 0.05);  // the same truth, with its own peaks
}

TEST_F(Calibrate, GivesTheSameTextTwice) {
  const std::string path = table({"h200_sxm"});
  EXPECT_EQ(yaml(calibrate(of(path), library())), yaml(calibrate(of(path), library())));
}

TEST_F(Calibrate, TellsOfChipsThatTheTablesDoNotKnow) {
  try {
    static_cast<void>(calibrate(of(table({"h200_sxm"}), "b200_sxm"), library()));
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no row is about the chip 'b200_sxm'"));
    EXPECT_THAT(error.what(), HasSubstr("h200_sxm"));
  }
}

}  // namespace
}  // namespace superpod::scenarios
