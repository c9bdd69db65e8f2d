#include "analysis/page/plot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "tests/analysis/markup.hpp"

namespace superpod::analysis {
namespace {

using testing::HasSubstr;

constexpr double exact = 1e-9;  // of a length: logarithms round

TEST(LogAxis, PutsEqualFactorsAtEqualLengths) {
  const LogAxis axis{1, 1000, 0, 300};
  EXPECT_NEAR(axis.at(1), 0, exact);
  EXPECT_NEAR(axis.at(10), 100, exact);
  EXPECT_NEAR(axis.at(1000), 300, exact);
}

TEST(LogAxis, HoldsAllValuesBetweenRoundEnds) {
  std::mt19937 random{1};
  std::uniform_real_distribution<double> power{-12, 18};
  for (int i = 0; i < 1000; ++i) {
    const std::vector<double> values{std::pow(10, power(random)), std::pow(10, power(random))};
    const LogAxis axis = axis_of(values, 0, 1);
    for (const double value : values) {
      EXPECT_GE(axis.at(value), -exact);
      EXPECT_LE(axis.at(value), 1 + exact);
    }
    EXPECT_GE(axis.high / axis.low, 4 * (1 - exact));
  }
}

TEST(LogAxis, OfOneValueHasALengthAndOfNoneToo) {
  const LogAxis one = axis_of({10}, 0, 1), none = axis_of({}, 0, 1);
  EXPECT_LT(one.low, one.high);
  EXPECT_LT(none.low, none.high);
}

TEST(LogAxis, HasAFewTicksInsideWhateverItsLength) {
  for (double high = 5e-9; high < 1e12; high *= 3) {
    const LogAxis axis = axis_of({1e-9, high}, 0, 1);
    const std::vector<double> found = ticks(axis);
    EXPECT_GE(found.size(), 2U) << high;
    EXPECT_LE(found.size(), 8U) << high;
    for (const double tick : found) EXPECT_TRUE(axis.at(tick) > -exact && axis.at(tick) < 1 + exact) << tick;
  }
}

/// The spots of a path of dots, in half units, as a reader of SVG follows its relative moves.
std::vector<Spot> drawn(const std::string& path) {
  std::vector<Spot> out;
  double x = 0, y = 0;
  for (const std::string& move : matches(path, "[Mm](-?[0-9]+ ?-?[0-9]+h[0-9]+)")) {
    std::size_t used = 0, used_too = 0;
    x += std::stoi(move, &used);
    y += std::stoi(move.substr(used), &used_too);
    const double dash = std::stoi(move.substr(move.find('h') + 1));
    out.push_back({x + dash / 2, y});
    x += dash;
  }
  return out;
}

TEST(Dots, LieWhereTheirSpotsAreWhateverTheyAreMadeOf) {
  const std::vector<Spot> spots{{10, 20}, {10, 40.5}, {11, 3}, {200, 100}};
  const std::vector<Spot> doubled{{20, 40}, {20, 81}, {22, 6}, {400, 200}};
  EXPECT_EQ(drawn(dots(spots, "measured", 2)), doubled);
  EXPECT_EQ(drawn(dots(spots, "predicted", 1, 6)), doubled);
}

TEST(Dots, ThatShareAHalfUnitAreDrawnOnce) {
  const std::vector<Spot> many(30000, Spot{17.1, 23.2});
  EXPECT_EQ(drawn(dots(many, "measured", 2)).size(), 1U);
  EXPECT_EQ(dots({}, "measured", 2), "");
}

TEST(Label, EscapesItsText) {
  EXPECT_THAT(label({1, 2}, "<b>&", "end"), HasSubstr(">&lt;b&gt;&amp;</text>"));
}

TEST(Line, NeedsTwoSpots) {
  EXPECT_EQ(line({{1, 2}}, "roof"), "");
  EXPECT_EQ(line({{1, 2}, {3.04, 4.06}}, "roof"), "<path class='roof' d='M1 2L3 4.1'></path>");
}

}  // namespace
}  // namespace superpod::analysis
