#include "analysis/page/kernel_errors.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/analysis/sample_kernel_report.hpp"

namespace superpod::analysis {
namespace {

constexpr double exact = 1e-12;  // relative: a ratio of products is exact to rounding

KernelPoint row(double measured, double predicted) {
  return {"", 1, 1, Seconds{measured}, Seconds{predicted}};
}

TEST(KernelErrors, AreSharesOfTheMeasuredTime) {
  EXPECT_NEAR(error(row(2, 3)), 0.5, exact);
  EXPECT_NEAR(error(row(2, 1)), 0.5, exact);
  EXPECT_NEAR(ratio(row(2, 3)), 1.5, exact);
}

TEST(KernelErrors, CompareOnlyRowsWithTwoPositiveFiniteTimes) {
  constexpr double never = std::numeric_limits<double>::infinity();
  const double unknown = std::nan("");
  EXPECT_TRUE(is_comparable(row(1, 1)));
  for (const double wrong : {0.0, -1.0, never, unknown}) {
    EXPECT_FALSE(is_comparable(row(wrong, 1))) << wrong;
    EXPECT_FALSE(is_comparable(row(1, wrong))) << wrong;
  }
}

TEST(KernelErrors, PutTheWorstRowFirstAndKeepTheOrderOfEqualOnes) {
  KernelGroup group;
  group.points = {row(1, 1.5), row(1, 1), row(1, 0.5), row(1, 3), row(0, 9)};
  const std::vector<const KernelPoint*> rows = worst(group, 3);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], &group.points[3]);
  EXPECT_EQ(rows[1], &group.points[0]);
  EXPECT_EQ(rows[2], &group.points[2]);
  EXPECT_EQ(worst(group, 100).size(), 4U);  // the row without a measured time is none
}

TEST(KernelErrors, HaveAQuantileThatSoManyRowsDoNotExceed) {
  std::vector<double> values;
  for (int i = 100; i > 0; --i) values.push_back(i);
  for (const double share : {0.01, 0.5, 0.9, 1.0}) {
    const double most = quantile(values, share);
    EXPECT_DOUBLE_EQ(share_within(values, most), share);
  }
  EXPECT_EQ(quantile({7}, 0.0), 7);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

TEST(KernelErrors, HaveAMedianBetweenTheMiddleTwo) {
  EXPECT_DOUBLE_EQ(median({4, 1, 3, 2}), 2.5);
  EXPECT_DOUBLE_EQ(median({9, 1, 5}), 5);
  EXPECT_TRUE(std::isnan(median({})));
}

}  // namespace
}  // namespace superpod::analysis
