// How well timing models that are refitted here from published tables predict shapes which the fit has not
// seen.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "models/calibration/calibrate.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

using models::PredictionError;

/// Over all rows of one chip in a table.
PredictionError unseen_error(const std::string& table, const std::string& chip_name) {
  Mistakes mistakes;
  const KernelTable read =
      read_kernel_table(std::string{SUPERPOD_ROOT} + "/tests/measured/" + table + ".csv", mistakes);
  require_none(mistakes);
  std::vector<models::Measurement> rows;
  for (const models::Measurement& row : read.rows)
    if (row.device == chip_name) rows.push_back(row);
  const auto chip = entry_named<models::Chip>(chip_name, Library::standard());

  models::CalibrationSettings settings;
  settings.starts = 1;  // a test has no time for more, and they gain little
  std::vector<Seconds> predicted, measured;
  for (const models::CalibratedFamily& family : models::calibrate(rows, chip, settings))
    for (std::size_t i = 0; i < family.rows.size(); ++i) {
      predicted.push_back(family.unseen[i]);
      measured.push_back(rows[family.rows[i]].time);
    }
  EXPECT_EQ(predicted.size(), rows.size());
  return models::error_of(predicted, measured);
}

class HeldOut : public testing::TestWithParam<const char*> {};

TEST_P(HeldOut, BlockScaledProductsOfUnseenWeights) {
  const PredictionError error = unseen_error("aiconfigurator_gemm", GetParam());
  EXPECT_LE(error.median, 0.04);
  EXPECT_LE(error.mean, 0.06);
  EXPECT_LE(error.p90, 0.14);
}

TEST_P(HeldOut, AttentionOfUnseenHeadsAndBatches) {
  EXPECT_LE(unseen_error("aiconfigurator_attention", GetParam()).mean, 0.08);
}

/// The B200 misses 8 %: its decode kernels, by 10 to 12 %, are not understood.
TEST_P(HeldOut, LatentAttentionOfUnseenHeadsAndBatches) {
  const bool hopper = GetParam() != std::string_view{"b200_sxm"};
  EXPECT_LE(unseen_error("aiconfigurator_mla", GetParam()).mean, hopper ? 0.08 : 0.09);
}

TEST_P(HeldOut, ExpertsOfUnseenWidths) {
  EXPECT_LE(unseen_error("aiconfigurator_moe", GetParam()).mean, 0.08);
}

INSTANTIATE_TEST_SUITE_P(On, HeldOut, testing::Values("h100_sxm", "h200_sxm", "b200_sxm"),
                         [](const auto& chip) { return std::string{chip.param}; });

}  // namespace
}  // namespace superpod::scenarios
