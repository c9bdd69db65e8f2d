#include "analysis/page/kernel_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "analysis/page/residual_plot.hpp"
#include "analysis/page/roofline_plot.hpp"
#include "tests/analysis/markup.hpp"
#include "tests/analysis/sample_kernel_report.hpp"

namespace superpod::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// What stands between the first `from` and the next `to`.
std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  return begin == std::string::npos ? "" : text.substr(begin, text.find(to, begin) - begin);
}

TEST(KernelPage, OfOneReportIsTheSameBytes) {
  EXPECT_EQ(kernel_page(sample::kernel_report()), kernel_page(sample::kernel_report()));
}

TEST(KernelPage, IsBalancedMarkupThatNeedsNoNetwork) {
  for (const KernelReport& report : {sample::kernel_report(), KernelReport{}}) {
    const std::string page = kernel_page(report);
    EXPECT_EQ(first_unbalanced(page), "");
    EXPECT_THAT(page, Not(HasSubstr("http://")));
    EXPECT_THAT(page, Not(HasSubstr("https://")));
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  }
}

TEST(KernelPage, EscapesEveryStringEverywhere) {
  const std::string hostile = "</script><img src=x onerror='alert(1)'>&\"";
  KernelReport report = sample::kernel_report();
  report.title = report.summary = hostile;
  for (auto& [reason, rows] : report.unread) reason = hostile;
  for (KernelGroup& group : report.groups) {
    group.name = group.implementation = group.source = hostile;
    for (auto& [name, value] : group.parameters) name = value = hostile;
    for (KernelPoint& point : group.points) point.label = hostile;
  }
  const std::string page = kernel_page(report);
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("onerror='")));
  EXPECT_EQ(count(page, "</script>"), count(kernel_page(sample::kernel_report()), "</script>"));
  EXPECT_EQ(first_unbalanced(page), "");
}

TEST(KernelPage, CountsEveryRow) {
  const std::string page = kernel_page(sample::kernel_report());
  EXPECT_THAT(page, HasSubstr("<dt>Rows predicted</dt><dd><span class='value'>15</span>"));  // 12 + 3
  EXPECT_THAT(page, HasSubstr("<dt>Rows without a prediction</dt><dd><span class='value'>1,234</span>"));
  // Errors of 1 % to 12 %, and thrice 10 %: the eighth of fifteen is 8 %, the fourteenth 11 %.
  EXPECT_THAT(page, HasSubstr("<dt>Median error</dt><dd><span class='value'>8<"));
  EXPECT_THAT(page, HasSubstr("<dt>Error of 9 rows in 10</dt><dd><span class='value'>11<"));
}

TEST(KernelPage, ListsEachGroupWithItsErrorsAndLinksToIt) {
  const std::string page = kernel_page(sample::kernel_report());
  const std::string table = between(page, "<section id='groups'", "</section>");
  EXPECT_EQ(matches(table, "<a href='#([^']*)'").size(), 2U);
  for (const std::string& id : matches(page, "<a href='#([^']*)'"))
    EXPECT_EQ(count(page, "id='" + id + "'"), 1U) << id;
  // Rows, median, mean, nine in ten, and the worst of the rows.
  EXPECT_THAT(matches(table, "<td class='n' data-sort='[^']*'>([^<]*)<"),
              ElementsAre("12", "5.0", "5.5", "9.0", "12.0", "3", "10.0", "10.0", "10.0", "10.0"));
}

TEST(KernelPage, SaysTheVerdictOfAGroupBeforeItsPlots) {
  const std::string group =
      between(kernel_page(sample::kernel_report()), "<section id='group-1'", "</section>");
  EXPECT_THAT(group,
              HasSubstr("12 rows: the predicted time is off by 5.0\u00A0% in the median, 5.5\u00A0% in the "
                        "mean, and at most 9.0\u00A0% in nine rows of ten."));
  EXPECT_LT(group.find("class='verdict'"), group.find("<svg"));
  EXPECT_EQ(count(group, "<svg"), 2U);
}

TEST(KernelPage, ListsTheTenWorstRowsWorstFirst) {
  const std::string group =
      between(kernel_page(sample::kernel_report()), "<section id='group-1'", "</section>");
  const std::string table = group.substr(group.find("Predicted worst"));
  std::vector<std::string> expected;
  for (int i = 12; i > 2; --i) expected.push_back("m " + std::to_string(i) + ", n 2112, k 7168");
  EXPECT_EQ(matches(table, "<th scope='row'><bdi>([^<]*)<"), expected);
  EXPECT_THAT(table, HasSubstr(">0.88<"));  // 12 is even: 12 % too short
}

TEST(KernelPage, HoldsEveryParameter) {
  const std::string page = kernel_page(sample::kernel_report());
  EXPECT_THAT(page, HasSubstr("<th scope='row'><bdi>Tile efficiency</bdi></th><td><bdi>0.87</bdi></td>"));
}

TEST(KernelPage, CountsRowsThatCannotBeCompared) {
  KernelReport report = sample::kernel_report();
  report.groups[0].points[0].measured = Seconds{};
  report.groups[0].points[1].predicted = Seconds{std::numeric_limits<double>::infinity()};
  EXPECT_THAT(kernel_page(report), HasSubstr("2 rows have no positive, finite time"));
}

TEST(KernelPage, OfHostileNumbersHoldsNone) {
  constexpr double never = std::numeric_limits<double>::infinity();
  KernelReport report = sample::kernel_report();
  const std::vector<double> odd{0, -1, never, std::nan(""), 1e-300, 1e300};
  for (const double a : odd)
    for (const double b : odd)
      report.groups[0].points.push_back(
          {"odd", a, b, Seconds{std::abs(b) + 1e-9}, Seconds{std::abs(a) + 1e-9}});
  report.groups[0].peak_flops = never, report.groups[0].p90_error = std::nan("");
  for (const std::string& number : matches(kernel_page(report), " (?:x|y|cx|cy|d|height)='([^']*)'"))
    EXPECT_THAT(number, Not(testing::AnyOf(HasSubstr("n/a"), HasSubstr("inf"), HasSubstr("nan"))));
}

TEST(KernelPage, OfThirtyThousandRowsIsSmall) {
  std::mt19937 random{1};
  std::normal_distribution<double> wrong{0, 0.1};
  std::uniform_real_distribution<double> power{0, 5};
  KernelReport report;
  for (int group = 0; group < 25; ++group) {
    report.groups.push_back(sample::products(0));
    for (int i = 0; i < 1200; ++i) {
      const Seconds measured = std::pow(10, power(random)) * unit::us;
      report.groups.back().points.push_back({"m 1, n 2, k 3", std::pow(10, power(random)) * 1e9,
                                             std::pow(10, power(random)) * 1e6, measured,
                                             std::exp(wrong(random)) * measured});
    }
  }
  EXPECT_LT(kernel_page(report).size(), 2'000'000U);
}

TEST(Roof, IsTheLowerOfMemoryAndPeakAndBothAtTheRidge) {
  const Roof roof{1000e12, 4e12};
  EXPECT_DOUBLE_EQ(roof.ridge(), 250);
  EXPECT_DOUBLE_EQ(roof.at(25), 100e12);
  EXPECT_DOUBLE_EQ(roof.at(250), 1000e12);
  EXPECT_DOUBLE_EQ(roof.at(2500), 1000e12);
}

TEST(Roof, OfUnknownsIsWhatIsKnown) {
  EXPECT_DOUBLE_EQ((Roof{0, 4e12}.at(1000)), 4e15);
  EXPECT_DOUBLE_EQ((Roof{1e15, 0}.at(0.001)), 1e15);
  EXPECT_TRUE(std::isinf(Roof{}.at(1)));
  EXPECT_EQ((Roof{1e15, 0}.ridge()), 0);
}

TEST(RooflinePlot, NamesBothPartsOfTheRoofAndWhereTheyMeet) {
  const std::string plot = roofline_plot(sample::products(12));
  EXPECT_THAT(plot, HasSubstr(">1,000\u00A0TFLOP/s peak</text>"));
  EXPECT_THAT(plot,
              HasSubstr("4\u00A0TB/s of memory and 1,000\u00A0TFLOP/s peak, which meet at 250 FLOP/B."));
  // 12 MB in 6 us + 2 us are 1.5 TB/s of 4.
  EXPECT_THAT(plot, HasSubstr("nearest to it reaches 38\u00A0%."));
}

TEST(RooflinePlot, OfAnUnknownChipHasNoRoof) {
  KernelGroup group = sample::products(3);
  group.peak_flops = group.memory_bandwidth = 0;
  EXPECT_THAT(roofline_plot(group), Not(HasSubstr("class='roof'")));
  EXPECT_THAT(roofline_plot(group), HasSubstr("The roof of this chip is not known."));
}

TEST(RooflinePlot, OfCopiesShowsBytesASecond) {
  const std::string plot = roofline_plot(sample::copies());
  EXPECT_THAT(plot, HasSubstr("achieved B/s"));
  EXPECT_THAT(plot, HasSubstr("nearest to it reaches 75\u00A0%."));  // 3 of 4 TB/s
}

TEST(RooflinePlot, CountsRowsThatItCannotDraw) {
  KernelGroup group = sample::products(3);
  group.points[0].bytes = 0;
  EXPECT_THAT(roofline_plot(group), HasSubstr("Not drawn: 1 row without FLOP or bytes."));
  for (KernelPoint& point : group.points) point.bytes = 0;
  EXPECT_THAT(roofline_plot(group), HasSubstr("there is no roofline"));
}

TEST(ResidualPlot, SaysWhatShareIsWithinTenPerCent) {
  // Errors of 1 % to 12 %: ten rows of twelve.
  EXPECT_THAT(residual_plot(sample::products(12)), HasSubstr("83\u00A0% of the rows lie within 10\u00A0%"));
  EXPECT_EQ(residual_plot(KernelGroup{}), "");
}

TEST(ResidualPlot, RingsTheWorstWhereThereAreOthers) {
  EXPECT_EQ(count(residual_plot(sample::products(12)), "<circle"), 10U);
  EXPECT_EQ(count(residual_plot(sample::products(10)), "<circle"), 0U);
}

TEST(ResidualPlot, KeepsOneOutlierInAHundredAtItsEdgeAndSaysSo) {
  KernelGroup group;
  for (int i = 0; i < 200; ++i)
    group.points.push_back({"", 1, 1, (i + 1) * unit::us, 1.01 * (i + 1) * unit::us});
  group.points[50].predicted = 40 * group.points[50].measured;
  const std::string plot = residual_plot(group);
  EXPECT_THAT(plot, HasSubstr("squares at its edge: 1 row."));
  EXPECT_EQ(count(plot, "class='beyond'"), 1U);
}

TEST(ResidualPlot, IsAsWideAsTheBandThatItIsTold) {
  const auto height = [](double p90) {
    KernelGroup group = sample::products(12);
    group.p90_error = p90;
    const std::vector<std::string> found =
        matches(residual_plot(group), "class='band'[^>]* height='([^']*)'");
    return found.empty() ? 0.0 : std::stod(found[0]);
  };
  EXPECT_LT(height(0.05), height(0.1));
  EXPECT_EQ(height(0), 0);
  EXPECT_GT(height(1.5), height(0.2));  // no time is shorter than nothing: open below
}

}  // namespace
}  // namespace superpod::analysis
