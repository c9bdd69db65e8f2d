// DeepSeek-V3 as it was trained on 2,048 H800: step 19.93 s (arXiv 2505.09343, Table 4). Nothing is fitted to
// it.
#include <gtest/gtest.h>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/simulate.hpp"

namespace superpod::scenarios {
namespace {

TEST(DeepseekV3Step, OnItsClusterIsPredictedWithinTenPercent) {
  const auto file =
      read_scenario(std::string{SUPERPOD_ROOT} + "/scenarios/deepseek_v3_pretraining_on_2048_h800.yaml",
                    Library::standard());
  const analysis::Result result = simulate(file, models::Detail::folded).result;
  const auto figure = [&](const char* key) { return result.figure(key)->value; };
  EXPECT_NEAR(figure("step_time_s"), 19.93, 0.1 * 19.93);
  EXPECT_NEAR(figure("phases_s.forward"), 1.13, 0.1 * 1.13);
  EXPECT_NEAR(figure("phases_s.forward_with_backward"), 13.95, 0.1 * 13.95);
  EXPECT_NEAR(figure("phases_s.backward"), 1.99, 0.1 * 1.99);

  const auto interval = result.figure("step_time_s")->interval;
  ASSERT_TRUE(interval);
  EXPECT_LT(interval->first, figure("step_time_s"));
  EXPECT_GT(interval->second, figure("step_time_s"));
}

}  // namespace
}  // namespace superpod::scenarios
